"""What pages show of cases and tasks, told by expressions in the model: `subject`, `customer`, `detail`.

A property that starts with `=` is FEEL; what cannot be told yet is empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import feel

DETAIL = "detail"
_LONGEST = 500


def text_of(template: str | None, variables: Mapping[str, Any], *, now: datetime, functions: Mapping[str, Any]) -> str:
    """Return the text of a property over variables."""
    if not template:
        return ""
    if not template.startswith("="):
        return template[:_LONGEST]
    try:
        value = feel.evaluate(template[1:], variables, now=now, functions=functions)
    except feel.FeelError:
        return ""
    return "" if value is None else str(value)[:_LONGEST]


def details_of(
    properties: Mapping[str, str], variables: Mapping[str, Any], *, now: datetime, functions: Mapping[str, Any]
) -> dict[str, str]:
    """Return what tells a task apart from others of its step, by locale ("" for the one without): `detail:zh_Hans`."""
    details = {}
    for name, template in properties.items():
        kind, _, locale = name.partition(":")
        if kind == DETAIL and (text := text_of(template, variables, now=now, functions=functions)):
            details[locale] = text
    return details
