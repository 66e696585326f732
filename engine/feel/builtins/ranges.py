"""How points and ranges lie to each other (DMN 10.3.4.6, Allen's relations)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.feel import tree
from engine.feel.errors import FeelError, Undefined
from engine.feel.operators import equal, order
from engine.feel.parser import parse_expression
from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.temporal import parse_date, parse_date_and_time, parse_duration, parse_time
from engine.feel.values import Range

_RANGE = re.compile(r"([\[(\]])(.*?)\.\.(.*)([\])\[])", re.S)
_ANY_TWO = ("point1, point2", "point, range", "range, point", "range1, range2")
_INTO_RANGE = ("point, range", "range1, range2")
_OUT_OF_RANGE = ("range, point", "range1, range2")


def _order(left: Any, right: Any) -> int:
    direction = order(left, right)
    if direction is None:
        raise Undefined("the two cannot be compared")
    return direction


def _closed(value: Any) -> Range:
    return value if type(value) is Range else Range(value, value)


def _low(left: Range, right: Range) -> int:
    """Order two ranges by where they start."""
    if left.low is None or right.low is None:
        return (right.low is None) - (left.low is None)
    return _order(left.low, right.low) or (right.low_included - left.low_included)


def _high(left: Range, right: Range) -> int:
    """Order two ranges by where they end."""
    if left.high is None or right.high is None:
        return (left.high is None) - (right.high is None)
    return _order(left.high, right.high) or (left.high_included - right.high_included)


def _gap(left: Range, right: Range) -> int:
    """Return -1 where left ends before right starts, 0 where they touch in one included point, else 1."""
    if left.high is None or right.low is None:
        return 1
    direction = _order(left.high, right.low)
    if direction == 0:
        return 0 if left.high_included and right.low_included else -1
    return direction


@builtin(name="range")
def range_from_text(run: Run, from_: str) -> Range:
    found = _RANGE.fullmatch(from_.strip())
    if not found:
        raise Undefined(f'"{from_[:60]}" is no range')
    low, high = (_end(text.strip()) for text in found.group(2, 3))
    if low is None and high is None:
        raise Undefined("a range needs an end")
    low_included, high_included = found[1] == "[", found[4] == "]"
    if low is None or high is None:
        if (low is None and low_included) or (high is None and high_included):
            raise Undefined("an open end cannot be included")
        operator = (">=" if low_included else ">") if high is None else ("<=" if high_included else "<")
        return Range(low, high, low_included, high_included, operator)
    if _order(low, high) > 0:
        raise Undefined("the range ends before it starts")
    return Range(low, high, low_included, high_included)


def _end(text: str) -> Any:
    """Return the end of a range written as a literal; None for an open end."""
    if not text:
        return None
    try:
        node = parse_expression(text)
    except FeelError as error:
        raise Undefined(error.message) from None
    if isinstance(node, tree.Negate) and isinstance(node.operand, tree.Literal):
        return -node.operand.value if type(node.operand.value) is Decimal else None
    if isinstance(node, tree.Literal) and node.value is not None:
        return node.value
    if isinstance(node, tree.Call) and isinstance(node.function, tree.Name) and len(node.arguments) == 1:
        argument = node.arguments[0]
        reader = _LITERALS.get(node.function.name)
        if reader is not None and isinstance(argument, tree.Literal) and type(argument.value) is str:
            return reader(argument.value)
    raise Undefined(f"{text[:60]} is no literal")


_LITERALS = {"date": parse_date, "time": parse_time, "date and time": parse_date_and_time, "duration": parse_duration}


@builtin(names=_ANY_TWO)
def before(run: Run, left: object, right: object) -> bool:
    return _gap(_closed(left), _closed(right)) < 0


@builtin(names=_ANY_TWO)
def after(run: Run, left: object, right: object) -> bool:
    return _gap(_closed(right), _closed(left)) < 0


@builtin
def meets(run: Run, range1: Range, range2: Range) -> bool:
    return _gap(range1, range2) == 0


@builtin
def met_by(run: Run, range1: Range, range2: Range) -> bool:
    return _gap(range2, range1) == 0


@builtin
def overlaps(run: Run, range1: Range, range2: Range) -> bool:
    return _gap(range1, range2) >= 0 and _gap(range2, range1) >= 0


@builtin
def overlaps_before(run: Run, range1: Range, range2: Range) -> bool:
    return _low(range1, range2) < 0 and _high(range1, range2) <= 0 and _gap(range1, range2) >= 0


@builtin
def overlaps_after(run: Run, range1: Range, range2: Range) -> bool:
    return overlaps_before(run, range2, range1)


@builtin(names=_INTO_RANGE)
def finishes(run: Run, left: object, right: Range) -> bool:
    if type(left) is not Range:
        return right.high_included and equal(left, right.high) is True
    return _high(left, right) == 0 and _low(left, right) >= 0


@builtin(names=_OUT_OF_RANGE)
def finished_by(run: Run, range: Range, value: object) -> bool:
    return finishes(run, value, range)


@builtin(names=_OUT_OF_RANGE)
def includes(run: Run, range: Range, value: object) -> bool:
    inner = _closed(value)
    return _low(range, inner) <= 0 and _high(range, inner) >= 0


@builtin(names=_INTO_RANGE)
def during(run: Run, value: object, range: Range) -> bool:
    return includes(run, range, value)


@builtin(names=_INTO_RANGE)
def starts(run: Run, left: object, right: Range) -> bool:
    if type(left) is not Range:
        return right.low_included and equal(left, right.low) is True
    return _low(left, right) == 0 and _high(left, right) <= 0


@builtin(names=_OUT_OF_RANGE)
def started_by(run: Run, range: Range, value: object) -> bool:
    return starts(run, value, range)


@builtin(names=("point1, point2", "range1, range2"))
def coincides(run: Run, left: object, right: object) -> bool:
    if (type(left) is Range) != (type(right) is Range):
        raise Undefined("only two points or two ranges can coincide")
    first, second = _closed(left), _closed(right)
    return _low(first, second) == 0 and _high(first, second) == 0
