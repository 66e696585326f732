"""Functions that make one value of a list: extremes, sums, statistics, quantifiers (DMN 10.3.4.4)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from engine.feel.builtins.lists import values_of
from engine.feel.errors import Undefined
from engine.feel.operators import order
from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.values import NUMBERS


def _numbers(run: Run, items: list[Any]) -> list[Decimal]:
    values = values_of(run, items)
    if any(type(v) is not Decimal for v in values):
        raise Undefined("only numbers can be counted together")
    return values


def _extreme(run: Run, items: list[Any], wanted: int) -> Any:
    values = values_of(run, items)
    if not values:
        raise Undefined("the list is empty")
    best = values[0]
    for value in values:
        direction = order(value, best)
        if direction is None:
            raise Undefined("the items cannot be compared")
        if direction == wanted:
            best = value
    return best


@builtin(name="min")
def minimum(run: Run, list: list[Any]) -> Any:
    return _extreme(run, list, -1)


@builtin(name="min")
def minimum_of(run: Run, *c: object) -> Any:
    return _extreme(run, list(c), -1)


@builtin(name="max")
def maximum(run: Run, list: list[Any]) -> Any:
    return _extreme(run, list, 1)


@builtin(name="max")
def maximum_of(run: Run, *c: object) -> Any:
    return _extreme(run, list(c), 1)


def _sum(run: Run, items: list[Any]) -> Decimal:
    numbers = _numbers(run, items)
    if not numbers:
        raise Undefined("the list is empty")
    total = numbers[0]
    for number in numbers[1:]:
        total = NUMBERS.add(total, number)
    return total


@builtin(name="sum")
def total(run: Run, list: list[Any]) -> Decimal:
    return _sum(run, list)


@builtin(name="sum")
def total_of(run: Run, *n: object) -> Decimal:
    return _sum(run, list(n))


@builtin
def mean(run: Run, list: list[Any]) -> Decimal:
    return NUMBERS.divide(_sum(run, list), Decimal(len(list)))


@builtin(name="mean")
def mean_of(run: Run, *n: object) -> Decimal:
    return NUMBERS.divide(_sum(run, list(n)), Decimal(len(n)))


def _product(run: Run, items: list[Any]) -> Decimal:
    numbers = _numbers(run, items)
    if not numbers:
        raise Undefined("the list is empty")
    result = Decimal(1)
    for number in numbers:
        result = NUMBERS.multiply(result, number)
    return result


@builtin
def product(run: Run, list: list[Any]) -> Decimal:
    return _product(run, list)


@builtin(name="product")
def product_of(run: Run, *n: object) -> Decimal:
    return _product(run, list(n))


def _median(run: Run, items: list[Any]) -> Decimal:
    numbers = sorted(_numbers(run, items))
    if not numbers:
        raise Undefined("the list is empty")
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return NUMBERS.divide(NUMBERS.add(numbers[middle - 1], numbers[middle]), Decimal(2))


@builtin
def median(run: Run, list: list[Any]) -> Decimal:
    return _median(run, list)


@builtin(name="median")
def median_of(run: Run, *n: object) -> Decimal:
    return _median(run, list(n))


def _stddev(run: Run, items: list[Any]) -> Decimal:
    numbers = _numbers(run, items)
    if len(numbers) < 2:
        raise Undefined("at least two numbers are needed")
    size = Decimal(len(numbers))
    average = NUMBERS.divide(_sum(run, items), size)
    squares = [NUMBERS.multiply(d, d) for d in (NUMBERS.subtract(n, average) for n in numbers)]
    return NUMBERS.sqrt(NUMBERS.divide(_sum(run, squares), size - 1))


@builtin
def stddev(run: Run, list: list[Any]) -> Decimal:
    return _stddev(run, list)


@builtin(name="stddev")
def stddev_of(run: Run, *n: object) -> Decimal:
    return _stddev(run, list(n))


def _mode(run: Run, items: list[Any]) -> list[Any]:
    counts = Counter(_numbers(run, items))
    if not counts:
        return []
    most = max(counts.values())
    return sorted(n for n, times in counts.items() if times == most)


@builtin
def mode(run: Run, list: list[Any]) -> list[Any]:
    return _mode(run, list)


@builtin(name="mode")
def mode_of(run: Run, *n: object) -> list[Any]:
    return _mode(run, list(n))


def _quantify(run: Run, items: list[Any], decisive: bool) -> bool | None:
    values = values_of(run, items)
    if any(v is decisive for v in values):
        return decisive
    if all(v is (not decisive) for v in values):
        return not decisive
    raise Undefined("the list has items that are neither true nor false")


@builtin(name="all")
def all_(run: Run, list: list[Any]) -> bool | None:
    return _quantify(run, list, False)


@builtin(name="all")
def all_of(run: Run, *b: object) -> bool | None:
    return _quantify(run, list(b), False)


@builtin(name="any")
def any_(run: Run, list: list[Any]) -> bool | None:
    return _quantify(run, list, True)


@builtin(name="any")
def any_of(run: Run, *b: object) -> bool | None:
    return _quantify(run, list(b), True)
