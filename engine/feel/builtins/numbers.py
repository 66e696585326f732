"""Numeric and boolean functions (DMN 10.3.4.2, 10.3.4.5)."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from engine.feel.errors import Undefined
from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.values import NUMBERS, YearsMonths

ZERO = Decimal(0)


def whole(number: Decimal, what: str) -> int:
    """Return the integer, refusing fractions."""
    if number != number.to_integral_value():
        raise Undefined(f"{what} must be a whole number")
    return int(number)


def _rounded(number: Decimal, scale: Decimal, mode: str) -> Decimal:
    digits = int(scale)
    if not -6111 <= digits <= 6176:
        raise Undefined("the scale must be from -6111 to 6176")
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent >= -digits:
        return number
    rounded = number.scaleb(digits, NUMBERS).to_integral_value(rounding=mode)
    return NUMBERS.scaleb(rounded, -digits)


@builtin
def decimal(run: Run, n: Decimal, scale: Decimal) -> Decimal:
    return _rounded(n, scale, ROUND_HALF_EVEN)


@builtin
def floor(run: Run, n: Decimal, scale: Decimal = ZERO) -> Decimal:
    return _rounded(n, scale, ROUND_FLOOR)


@builtin
def ceiling(run: Run, n: Decimal, scale: Decimal = ZERO) -> Decimal:
    return _rounded(n, scale, ROUND_CEILING)


@builtin
def round_up(run: Run, n: Decimal, scale: Decimal = ZERO) -> Decimal:
    return _rounded(n, scale, ROUND_UP)


@builtin
def round_down(run: Run, n: Decimal, scale: Decimal = ZERO) -> Decimal:
    return _rounded(n, scale, ROUND_DOWN)


@builtin
def round_half_up(run: Run, n: Decimal, scale: Decimal = ZERO) -> Decimal:
    return _rounded(n, scale, ROUND_HALF_UP)


@builtin
def round_half_down(run: Run, n: Decimal, scale: Decimal = ZERO) -> Decimal:
    return _rounded(n, scale, ROUND_HALF_DOWN)


@builtin(name="abs")
def absolute(run: Run, n: Decimal) -> Decimal:
    return n.copy_abs()


@builtin(name="abs")
def absolute_span(run: Run, n: timedelta | YearsMonths) -> timedelta | YearsMonths:
    return abs(n) if isinstance(n, timedelta) else YearsMonths(abs(n.months))


@builtin
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise Undefined("division by zero")
    quotient = NUMBERS.divide(dividend, divisor).to_integral_value(rounding=ROUND_FLOOR)
    return NUMBERS.subtract(dividend, NUMBERS.multiply(divisor, quotient))


@builtin
def sqrt(run: Run, number: Decimal) -> Decimal:
    if number < 0:
        raise Undefined("a negative number has no square root")
    return NUMBERS.sqrt(number)


@builtin
def log(run: Run, number: Decimal) -> Decimal:
    if number <= 0:
        raise Undefined("only positive numbers have a logarithm")
    return NUMBERS.ln(number)


@builtin
def exp(run: Run, number: Decimal) -> Decimal:
    return NUMBERS.exp(number)


@builtin
def odd(run: Run, number: Decimal) -> bool:
    return number == number.to_integral_value() and number % 2 != 0


@builtin
def even(run: Run, number: Decimal) -> bool:
    return number % 2 == 0


@builtin(name="not")
def negation(run: Run, negand: object) -> bool | None:
    return not negand if type(negand) is bool else None


@builtin
def random_number(run: Run) -> Decimal:
    return Decimal(random.random()).quantize(Decimal("1e-16"))  # noqa: S311 - no secret rests on it
