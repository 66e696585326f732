"""The values of a column, cut where its cells change their answer: each piece stands for all values in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel import CompiledTests, FeelError, Run, Scope, YearsMonths, to_text, tree
from engine.feel.closures import compile_node
from engine.feel.freenames import walk
from engine.feel.operators import order

ANY = "any value"
_ORDERED = (Decimal, date, datetime, time, timedelta, YearsMonths)
_READERS = {"date", "time", "date and time", "duration"}
_PLAIN = (tree.Literal, tree.Test, tree.RangeOf, tree.Negate, tree.UnaryTests, tree.Compare, tree.Between, tree.In, tree.And,
          tree.Or)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a domain; `value` is one value in it, `is_point` where it is the only one."""

    value: Any
    is_point: bool

    def text(self) -> str:
        """Return the value as FEEL writes it."""
        return ANY if self.value is ANY else to_text(Run(), self.value, nested=True)


def constants(node: tree.Node) -> list[Any] | None:
    """Return the values at which a test may change its answer; None where it depends on more than the tested value."""
    found: list[Any] = []
    todo: list[tree.Node] = [node]
    while todo:
        current = todo.pop()
        value = _constant(current)
        if value is not None:
            found.append(value)
        elif (isinstance(current, tree.Name) and current.name == "?") or isinstance(current, tree.Literal):
            continue
        elif isinstance(current, _PLAIN):
            todo.extend(_children(current))
        else:
            return None
    orders_texts = any(isinstance(n, (tree.Test, tree.Compare)) and n.operator not in ("=", "!=") for n in walk(node))
    if any(type(v) is str for v in found) and (orders_texts or any(isinstance(n, tree.RangeOf) for n in walk(node))):
        return None
    return found


def _children(node: tree.Node) -> Iterable[tree.Node]:
    if isinstance(node, (tree.Compare, tree.Arithmetic)):
        return (node.left, node.right)
    if isinstance(node, tree.Between):
        return (node.value, node.low, node.high)
    if isinstance(node, tree.In):
        return (node.value, *node.tests)
    if isinstance(node, (tree.And, tree.Or)):
        return node.terms
    if isinstance(node, tree.RangeOf):
        return (node.low, node.high)
    if isinstance(node, (tree.Test, tree.Negate)):
        return (node.operand,)
    return node.tests if isinstance(node, tree.UnaryTests) else ()


def _constant(node: tree.Node) -> Any:
    """Return the value of a literal, a negative number or a date written as a call; None for all else."""
    if isinstance(node, tree.Literal):
        return node.value
    is_sign = isinstance(node, tree.Negate) and isinstance(node.operand, tree.Literal)
    is_reader = (
        isinstance(node, tree.Call)
        and isinstance(node.function, tree.Name)
        and node.function.name in _READERS
        and all(isinstance(a, tree.Literal) for a in node.arguments)
    )
    return compile_node(node)(Scope({}, None, Run())) if is_sign or is_reader else None


def pieces(points: Iterable[Any], *, whole_numbers: bool, allowed: Callable[[Any], bool] | None) -> list[Piece]:
    """Return the pieces of a domain cut at the points, without those that are not allowed."""
    distinct = _distinct(points)
    kinds = {type(p) for p in distinct}
    if not distinct:
        return [Piece(ANY, False)]
    found: list[Piece] = []
    for kind in sorted(kinds, key=lambda k: k.__name__):
        own = [p for p in distinct if type(p) is kind]
        if kind is bool:
            found += [Piece(True, True), Piece(False, True)]
        elif kind in _ORDERED:
            found += _cut(own, whole_numbers)
        else:
            found += [Piece(p, True) for p in own]
            if kind is str:
                found.append(Piece(_other(own), False))
    return [p for p in found if allowed is None or allowed(p.value)] or found


def _distinct(points: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    seen = set()
    for point in points:
        key = (type(point), repr(point) if not isinstance(point, Decimal) else point)
        if key not in seen:
            seen.add(key)
            found.append(point)
    return found


def _other(texts: list[str]) -> str:
    return next(t for t in ("…", *(f"… {n}" for n in range(len(texts) + 1))) if t not in texts)


def _cut(points: list[Any], whole_numbers: bool) -> list[Piece]:
    """Return the pieces below, at, between and above ordered points."""
    ordered = sorted(points, key=cmp_to_key(lambda a, b: order(a, b) or 0))
    unit = _unit(ordered[0])
    found: list[Piece] = []

    def between(value: Any, low: Any, high: Any) -> None:
        if (
            value is None
            or (low is not None and order(low, value) != -1)
            or (high is not None and order(value, high) != -1)
        ):
            return
        found.append(Piece(value, False))

    between(_moved(ordered[0], unit, -1), None, ordered[0])
    for index, point in enumerate(ordered):
        if index:
            between(_middle(ordered[index - 1], point, whole_numbers), ordered[index - 1], point)
        if not (whole_numbers and isinstance(point, Decimal) and point % 1):
            found.append(Piece(point, True))
    between(_moved(ordered[-1], unit, 1), ordered[-1], None)
    return found


def _unit(value: Any) -> Any:
    if isinstance(value, Decimal):
        return Decimal(1)
    if isinstance(value, YearsMonths):
        return 1
    return timedelta(days=1) if isinstance(value, (date, timedelta)) else timedelta(minutes=1)


def _moved(value: Any, unit: Any, sign: int) -> Any:
    """Return the value moved by a unit; None at the end of the domain."""
    try:
        if isinstance(value, YearsMonths):
            return YearsMonths(value.months + sign)
        if isinstance(value, time):
            moved = datetime.combine(date(2000, 1, 2), value) + sign * unit
            return moved.timetz() if moved.date() == date(2000, 1, 2) else None
        moved_value = value + sign * unit
        return moved_value.to_integral_value() if isinstance(value, Decimal) and value % 1 == 0 else moved_value
    except (OverflowError, ValueError):
        return None


def _middle(low: Any, high: Any, whole_numbers: bool) -> Any:
    """Return a value between two; None where there is none."""
    if isinstance(low, Decimal):
        near = (low + 1).to_integral_value(rounding="ROUND_FLOOR")
        if near < high:
            return near
        return None if whole_numbers else (low + high) / 2
    if isinstance(low, YearsMonths):
        return YearsMonths(low.months + 1)
    if isinstance(low, time):
        day = date(2000, 1, 1)
        first, last = datetime.combine(day, low), datetime.combine(day, high)
        return (first + (last - first) / 2).timetz()
    if isinstance(low, (datetime, timedelta)):
        return low + (high - low) / 2
    return low + timedelta(days=1)


_AT_ONCE = 100
"""Values tested in one run, which has bounds: making a run costs more than a test."""


def answers(test: CompiledTests, domain: list[Piece]) -> int:
    """Return the pieces that a cell takes, as bits."""
    bits, run = 0, Run()
    for number, piece in enumerate(domain):
        if number % _AT_ONCE == 0:
            run = Run()
        value = None if piece.value is ANY else piece.value
        try:
            taken = test.run(Scope({"?": value}, None, run), value)
        except FeelError:
            taken, run = False, Run()
        bits |= taken << number
    return bits
