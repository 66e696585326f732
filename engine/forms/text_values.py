"""Values as text: what people type into pages and spreadsheets, and back."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.forms.component import Component, Option
from engine.forms.expressions import number_to_json
from engine.forms.fields import option_text

_YES = frozenset({"yes", "y", "true", "1", "on", "x", "✓", "√", "是", "有", "对"})
_NO = frozenset({"no", "n", "false", "0", "off", "否", "无", "错"})
_LONGEST_NUMBER = 400


def number_from_text(text: str) -> Any:
    """Return the JSON number, full-width digits and spaces allowed; the text itself where it is none."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").replace("−", "-")
    if len(plain) > _LONGEST_NUMBER or "_" in plain:
        return text
    try:
        number = Decimal(plain)
        return number_to_json(number) if number.is_finite() else text
    except (InvalidOperation, OverflowError):
        return text


def from_text(component: Component, text: str, options: Sequence[Option] = ()) -> Any:
    """Return the value that a cell or input means; text that does not fit stays text, for the rules to refuse."""
    text = text.strip()
    if text == "":
        return None if component.type == "checkbox" else component.empty()
    match component.type:
        case "number":
            return number_from_text(text)
        case "checkbox":
            word = text.lower()
            return True if word in _YES else False if word in _NO else text
        case "select" | "radio":
            return _option(text, options)
        case "checklist" | "filepicker":
            return [_option(one.strip(), options) for one in text.split("|") if one.strip()]
        case "inspection":
            return _json(text)
    return text


def to_text(component: Component, value: Any) -> str:
    """Return the text that `from_text` reads back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and component.type in ("checklist", "filepicker"):
        return "|".join(option_text(one) for one in value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _option(text: str, options: Sequence[Option]) -> Any:
    for option in options:
        if option_text(option.value) == text:
            return option.value
    for option in options:
        if text.lower() in {label.lower() for label in (option.label, *option.labels.values())}:
            return option.value
    return text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
