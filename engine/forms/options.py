"""The options of a choice, however they are written."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from engine.forms.component import Option


def option_of(found: Any, properties: Any = None) -> Option | None:
    """Return the option that a text, number or {"label", "value"} describes, or None."""
    if isinstance(found, dict):
        value, label = found.get("value"), found.get("label")
        own = found.get("labels")
    else:
        value, label, own = found, None, None
    if value is None or isinstance(value, (dict, list)):
        return None
    start = f"option:{value}:"
    labels = {str(name): str(text) for name, text in own.items()} if isinstance(own, dict) else {}
    if isinstance(properties, dict):
        labels |= {name[len(start) :]: str(text) for name, text in properties.items() if name.startswith(start)}
    return Option(value, str(label if label is not None else value), MappingProxyType(labels))
