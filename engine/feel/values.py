"""FEEL values that Python has no type for, and the kinds of all values. Standard library only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

NUMBERS = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[DivisionByZero, InvalidOperation, Overflow]
)
"""Arithmetic of DMN 10.3.2.3.2: decimal128."""


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration."""

    months: int

    def __str__(self) -> str:
        return format_months(self.months)


def format_months(months: int) -> str:
    """Return ISO 8601 text such as P1Y2M; zero is P0M."""
    years, rest = divmod(abs(months), 12)
    text = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return ("-" if months < 0 else "") + "P" + (text or "0M")


@dataclass(frozen=True, slots=True)
class Range:
    """An interval. `operator` is set where it was written as a test such as `(< 5)`: it is open at the end of None.

    Without an operator an end of None is null, and nothing can be said to lie inside.
    """

    low: Any
    high: Any
    low_included: bool = True
    high_included: bool = True
    operator: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function value: `call(run, arguments)` takes positional arguments."""

    name: str
    parameters: tuple[str, ...]
    call: Callable[[Any, list[Any]], Any] = field(repr=False)
    named: Callable[[Any, dict[str, Any]], Any] | None = field(default=None, repr=False)
    parameter_types: tuple[Any, ...] = ()
    result_type: Any = None


KINDS: dict[type, str] = {
    Decimal: "number",
    int: "number",
    float: "number",
    str: "string",
    bool: "boolean",
    type(None): "null",
    date: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    Range: "range",
    list: "list",
    dict: "context",
    Function: "function",
}
EXACT = frozenset(k for k in KINDS if k not in (int, float))


def kind_of(value: Any) -> str:
    """Return the FEEL name of the value's type."""
    return KINDS.get(type(value), "unknown")


def to_feel(value: Any) -> Any:
    """Return a value of the outside world as FEEL reads it, containers as they are. Unknown things become null."""
    kind = type(value)
    if kind in EXACT:
        return value
    if kind is int:
        return Decimal(value)
    if kind is float:
        return number_of_float(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (tuple, set, frozenset)):
        return list(value)
    return _of_subclass(value)


def number_of_float(value: float) -> Decimal | None:
    """Return the shortest decimal that reads back as this float; infinities and NaN are null."""
    number = Decimal(repr(value))
    return number if number.is_finite() else None


def _of_subclass(value: Any) -> Any:
    """Read instances of subclasses (enumerations, fakes of the clock) as their plain type."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return Decimal(int(value))
    if isinstance(value, float):
        return number_of_float(float(value))
    if isinstance(value, Decimal):
        return Decimal(value)
    if isinstance(value, list):
        return list(value)
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.timetz())
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    return None


def deep_to_feel(value: Any, step: Callable[[int], None] | None = None, depth: int = 0) -> Any:
    """Return the value with every number inside it a Decimal; copies only what changes.

    `step` is told how many items are looked at: a value that shares its parts can be far larger than it is in memory.
    """
    value = to_feel(value)
    if depth > 200:
        return None
    if step is not None and type(value) in (list, dict):
        step(len(value) + 1)
    if type(value) is list:
        items = [deep_to_feel(item, step, depth + 1) for item in value]
        return value if all(a is b for a, b in zip(items, value, strict=True)) else items
    if type(value) is dict:
        entries = {str(k): deep_to_feel(v, step, depth + 1) for k, v in value.items()}
        return value if all(entries[k] is v for k, v in value.items() if k in entries) else entries
    return value
