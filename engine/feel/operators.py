"""What the operators mean for each kind of value (DMN tables 42 to 55). Null where a pair has no meaning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, DecimalException
from typing import Any

from engine.feel.run import Run
from engine.feel.temporal import MICROSECOND, add_months, seconds_of, shift, time_offset, truncated
from engine.feel.values import EXACT, NUMBERS, Function, Range, YearsMonths, kind_of, to_feel

_TEMPORAL = (date, time, datetime)


def equal(left: Any, right: Any, run: Run | None = None) -> bool | None:
    """Compare two values of one kind; null where the kinds differ and neither is null. The items count as the run's steps."""
    left = left if type(left) in EXACT else to_feel(left)
    right = right if type(right) in EXACT else to_feel(right)
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    if run is not None and kind in (list, dict):
        run.step(len(left) + 1)
    if kind is list:
        return len(left) == len(right) and all(equal(a, b, run) is True for a, b in zip(left, right, strict=True))
    if kind is dict:
        return left.keys() == right.keys() and all(equal(v, right[k], run) is True for k, v in left.items())
    if kind is Range:
        return (
            left.operator == right.operator
            and left.low_included == right.low_included
            and left.high_included == right.high_included
            and equal(left.low, right.low) is True
            and equal(left.high, right.high) is True
        )
    if kind is Function:
        return left is right
    if kind is time:
        same_kind = (time_offset(left) is None) == (time_offset(right) is None)
        return same_kind and int(seconds_of(left)) == int(seconds_of(right))
    if kind is datetime:
        return bool(left.replace(microsecond=0) == right.replace(microsecond=0))
    return bool(left == right)


def order(left: Any, right: Any) -> int | None:
    """Return -1, 0 or 1, or None where the two cannot be ordered."""
    left = left if type(left) in EXACT else to_feel(left)
    right = right if type(right) in EXACT else to_feel(right)
    kind = type(left)
    if kind is not type(right) or kind not in _ORDERED:
        return None
    if kind is time:
        if (left.tzinfo is None) != (right.tzinfo is None):
            return None
        left, right = seconds_of(left), seconds_of(right)
    try:
        return -1 if left < right else 1 if left > right else 0
    except TypeError:
        return None


_ORDERED = frozenset([Decimal, str, date, time, datetime, timedelta, YearsMonths])


def includes(run: Run, container: Range, value: Any) -> bool | None:
    """Say whether the range holds the value; null where they cannot be compared."""
    if container.operator is None and (container.low is None or container.high is None):
        run.warn("not_comparable", "an end of the range is null")
        return None
    low_ok: bool | None = True
    high_ok: bool | None = True
    if container.low is not None:
        low = order(container.low, value)
        low_ok = None if low is None else low < 0 or (low == 0 and container.low_included)
    if container.high is not None:
        high = order(value, container.high)
        high_ok = None if high is None else high < 0 or (high == 0 and container.high_included)
    if low_ok is None or high_ok is None:
        run.warn("not_comparable", f"{kind_of(value)} cannot be compared with the ends of the range")
        return None
    return low_ok and high_ok


def arithmetic(run: Run, operator: str, left: Any, right: Any) -> Any:
    """Apply + - * / ** to two values; null with a warning where it has no result."""
    function = _TABLE.get((operator, type(left), type(right)))
    if function is None:
        if left is None or right is None:
            run.warn("null_operand", f'"{operator}" with null is null')
        else:
            run.warn("wrong_kinds", f'"{operator}" has no meaning for {kind_of(left)} and {kind_of(right)}')
        return None
    try:
        result = function(left, right)
    except (DecimalException, ArithmeticError, ValueError, TypeError) as error:
        run.warn("no_result", f'"{operator}" has no result: {_reason(error)}')
        return None
    if type(result) is str:
        return run.check_string(result)
    return result


def _reason(error: Exception) -> str:
    if isinstance(error, ZeroDivisionError):
        return "division by zero"
    if isinstance(error, DecimalException):
        return "the number is out of range"
    return str(error) or "out of range"


def negate(run: Run, value: Any) -> Any:
    """Return -value for numbers and durations."""
    kind = type(value)
    if kind is Decimal:
        return value.copy_negate() if value else Decimal(0)
    if kind is timedelta:
        return -value
    if kind is YearsMonths:
        return YearsMonths(-value.months)
    run.warn("wrong_kinds", f'"-" has no meaning for {kind_of(value)}')
    return None


def power(left: Decimal, right: Decimal) -> Decimal:
    """Raise to a power within decimal128."""
    if not left and right < 0:
        raise ZeroDivisionError
    if not right:
        return Decimal(1)
    return NUMBERS.power(left, right)


def _subtract_instants(left: datetime, right: datetime) -> timedelta:
    if (left.tzinfo is None) != (right.tzinfo is None):
        raise ValueError("only one side has a time zone")
    return left.astimezone(UTC) - right.astimezone(UTC) if left.tzinfo else left - right


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _subtract_times(left: time, right: time) -> timedelta:
    if (left.tzinfo is None) != (right.tzinfo is None):
        raise ValueError("only one side has a time zone")
    return timedelta(microseconds=int((seconds_of(left) - seconds_of(right)) * 1_000_000))


def _scale(span: timedelta, factor: Decimal) -> timedelta:
    return timedelta(microseconds=truncated(NUMBERS.multiply(Decimal(span // MICROSECOND), factor)))


def _shrink(span: timedelta, divisor: Decimal) -> timedelta:
    return timedelta(microseconds=truncated(NUMBERS.divide(Decimal(span // MICROSECOND), _nonzero(divisor))))


def _nonzero(number: Decimal) -> Decimal:
    if not number:
        raise ZeroDivisionError
    return number


def _divide(left: Decimal, right: Decimal) -> Decimal:
    return NUMBERS.divide(left, _nonzero(right))


def _months(value: Decimal) -> YearsMonths:
    return YearsMonths(truncated(value))


def _build_table() -> dict[tuple[str, type, type], Callable[[Any, Any], Any]]:
    number, span, months = Decimal, timedelta, YearsMonths
    table: dict[tuple[str, type, type], Callable[[Any, Any], Any]] = {
        ("+", number, number): NUMBERS.add,
        ("-", number, number): NUMBERS.subtract,
        ("*", number, number): NUMBERS.multiply,
        ("/", number, number): _divide,
        ("**", number, number): power,
        ("+", str, str): lambda a, b: a + b,
        ("+", span, span): lambda a, b: a + b,
        ("-", span, span): lambda a, b: a - b,
        ("*", span, number): _scale,
        ("*", number, span): lambda a, b: _scale(b, a),
        ("/", span, number): _shrink,
        ("/", span, span): lambda a, b: _divide(Decimal(a // MICROSECOND), Decimal(b // MICROSECOND)),
        ("+", months, months): lambda a, b: YearsMonths(a.months + b.months),
        ("-", months, months): lambda a, b: YearsMonths(a.months - b.months),
        ("*", months, number): lambda a, b: _months(NUMBERS.multiply(Decimal(a.months), b)),
        ("*", number, months): lambda a, b: _months(NUMBERS.multiply(Decimal(b.months), a)),
        ("/", months, number): lambda a, b: _months(_divide(Decimal(a.months), b)),
        ("/", months, months): lambda a, b: _divide(Decimal(a.months), Decimal(b.months)),
        ("-", datetime, datetime): _subtract_instants,
        ("-", date, date): lambda a, b: a - b,
        ("-", datetime, date): lambda a, b: _subtract_instants(a, _midnight(b)),
        ("-", date, datetime): lambda a, b: _subtract_instants(_midnight(a), b),
        ("-", time, time): _subtract_times,
    }
    for kind in _TEMPORAL:
        table["+", kind, span] = shift
        table["+", span, kind] = lambda a, b: shift(b, a)
        table["-", kind, span] = lambda a, b: shift(a, -b)
    for kind in (date, datetime):
        table["+", kind, months] = lambda a, b: add_months(a, b.months)
        table["+", months, kind] = lambda a, b: add_months(b, a.months)
        table["-", kind, months] = lambda a, b: add_months(a, -b.months)
    return table


_TABLE = _build_table()
