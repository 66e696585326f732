"""FEEL values to JSON values, as variables of a process keep them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.errors import FeelError
from engine.feel.run import Run
from engine.feel.temporal import format_temporal
from engine.feel.text import to_text
from engine.feel.values import Function, Range, to_feel

_LARGEST = Decimal(2) ** 63


def to_json(value: Any) -> Any:
    """Return the JSON value: whole numbers as int, others as float, temporal values as ISO text, ranges as FEEL text.

    Raises FeelError for functions, which have no JSON form.
    """
    value = to_feel(value)
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return value
    if kind is Decimal:
        if abs(value) < _LARGEST and value == value.to_integral_value():
            return int(value)
        return float(value)
    if kind is list:
        return [to_json(item) for item in value]
    if kind is dict:
        return {str(key): to_json(item) for key, item in value.items()}
    if kind is Range:
        return to_text(Run(), value)
    if kind is Function:
        raise FeelError("a function cannot be kept as a value", "no_json", name=value.name)
    if isinstance(value, datetime) and isinstance(value.tzinfo, ZoneInfo):
        # Programs outside read RFC 3339, which knows offsets and no zones by name.
        value = value.replace(tzinfo=timezone(value.utcoffset() or timedelta()))
    return format_temporal(value)
