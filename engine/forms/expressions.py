"""FEEL inside forms: conditions, defaults, option lists, texts with `{{…}}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.feel import FeelError, compile_expression, to_json

Functions = Mapping[str, Callable[..., Any]]

_TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


def is_expression(value: Any) -> bool:
    return isinstance(value, str) and value.lstrip().startswith("=")


def expressions_in(value: Any) -> list[str]:
    """Return the FEEL texts in an attribute: the whole after `=`, or each `{{…}}`."""
    if is_expression(value):
        return [value.lstrip()[1:]]
    return _TEMPLATE.findall(value) if isinstance(value, str) else []


def syntax_error(text: str) -> FeelError | None:
    """Return what is wrong with a FEEL text, or None."""
    if text.lstrip()[:1] in ("#", "/"):
        return FeelError("loops and conditions in texts are not known here; write one FEEL expression")
    try:
        compile_expression(text)
    except FeelError as error:
        return error
    return None


def evaluate(text: str, values: Mapping[str, Any], *, now: datetime | None, functions: Functions) -> Any:
    """Return the JSON value of an expression with or without its leading `=`; null where it cannot be evaluated."""
    if is_expression(text):
        text = text.lstrip()[1:]
    try:
        return to_json(compile_expression(text)(values, now=now, functions=functions))
    except FeelError:
        return None


def fill(
    text: str,
    values: Mapping[str, Any],
    *,
    now: datetime | None,
    functions: Functions,
    show: Callable[[Any], str] | None = None,
    markdown: bool = False,
) -> str:
    """Return a text with its expressions replaced by their values, once: a value is never read as an expression.

    `show` writes the values; with `markdown`, their own signs are escaped so that they stay text.
    """
    write = show or words
    if is_expression(text):
        return write(evaluate(text, values, now=now, functions=functions))

    def value(found: re.Match[str]) -> str:
        shown = write(evaluate(found.group(1), values, now=now, functions=functions))
        return _MARKDOWN.sub(r"\\\1", shown) if markdown else shown

    return _TEMPLATE.sub(value, text)


def words(value: Any) -> str:
    """Return a JSON value as a reader expects it in a sentence."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(words(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {words(item)}" for key, item in value.items())
    return str(value)


def number_to_json(value: Decimal) -> int | float:
    """Return a whole number as int, any other as float, as variables are stored."""
    number: int | float = to_json(value)
    return number
