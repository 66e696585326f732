"""Values of records as people read them in lists and comparisons."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale, gettext

from engine.forms import Component
from engine.forms.component import find
from engine.forms.fields import option_text
from web.forms import lookups
from web.forms.texts import shown


class Words:
    """Writes values; titles of referred records are looked up once each."""

    def __init__(self) -> None:
        self._titles: dict[tuple[str, str], str] = {}

    def of(self, component: Component, data: Any) -> str:
        """Write a field of a record, "" where it is empty."""
        value = find(data, component.key)
        if value is None or value in ("", []):
            return ""
        if component.type in ("select", "radio", "checklist"):
            values = value if isinstance(value, list) else [value]
            return gettext(", ").join(_label(component, one) for one in values)
        if component.type == "recordpicker":
            return self.title(str(component.attribute("recordType", "")), str(value))
        return str(value) if isinstance(value, str) and component.type != "datetime" else shown(value)

    def title(self, record_type: str, key: str) -> str:
        known = self._titles.get((record_type, key))
        if known is None:
            record = lookups.find(record_type, key)
            known = self._titles[record_type, key] = record.title if record else key
        return known


def _label(component: Component, value: Any) -> str:
    text = option_text(value)
    labels = (option.text(str(get_locale())) for option in component.options if option_text(option.value) == text)
    return next(labels, text)
