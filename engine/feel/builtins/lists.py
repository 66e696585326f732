"""Functions on lists (DMN 10.3.4.4), sort (10.3.4.7), and those that Camunda adds."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel.builtins.numbers import whole
from engine.feel.errors import Undefined
from engine.feel.operators import equal, order
from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.values import Function, to_feel

Items = list[Any]
_ALL = Decimal("Infinity")


def values_of(run: Run, items: list[Any]) -> list[Any]:
    """Return the items as FEEL values."""
    run.step(len(items))
    return [to_feel(item) for item in items]


def _same(run: Run, left: Any, right: Any) -> bool:
    run.step()
    return equal(left, right, run) is True


@builtin
def list_contains(run: Run, list: list[Any], element: object) -> bool:
    return any(_same(run, item, element) for item in list)


@builtin
def count(run: Run, list: list[Any]) -> Decimal:
    return Decimal(len(list))


def _index(items: list[Any], position: Decimal, *, extra: int = 0) -> int:
    """Return the Python index of a position from 1, or from -1 at the end."""
    index = whole(position, "the position")
    size = len(items) + extra
    if not (1 <= index <= size or -size <= index <= -1):
        raise Undefined(f"there is no position {position} in a list of {len(items)}")
    return index - 1 if index > 0 else size + index


@builtin
def sublist(run: Run, list: list[Any], start_position: Decimal, length: Decimal = _ALL) -> list[Any]:
    start = _index(list, start_position)
    if length == _ALL:
        return run.check_list(list[start:])
    size = whole(length, "the length")
    if size < 0 or start + size > len(list):
        raise Undefined("the list is not that long")
    return run.check_list(list[start : start + size])


@builtin
def append(run: Run, list: list[Any], *item: object) -> list[Any]:
    return run.check_list([*list, *item])


@builtin
def concatenate(run: Run, *list: list[Any]) -> list[Any]:
    return run.check_list([item for part in list for item in part])


@builtin(names=("list, position, newItem",))
def insert_before(run: Run, list: list[Any], position: Decimal, new_item: object) -> list[Any]:
    index = _index(list, position)
    return run.check_list([*list[:index], new_item, *list[index:]])


@builtin
def remove(run: Run, list: list[Any], position: Decimal) -> list[Any]:
    index = _index(list, position)
    return run.check_list(list[:index] + list[index + 1 :])


@builtin
def reverse(run: Run, list: list[Any]) -> list[Any]:
    return run.check_list(list[::-1])


@builtin
def index_of(run: Run, list: list[Any], match: object) -> list[Any]:
    return [Decimal(i) for i, item in enumerate(list, 1) if _same(run, item, match)]


def _hashable(value: Any) -> Any:
    """Return a key under which only equal scalars meet, or None where items must be compared one by one."""
    return (type(value), value) if type(value) in (str, Decimal, bool) else None


def _distinct(run: Run, items: list[Any]) -> list[Any]:
    found: list[Any] = []
    others: list[Any] = []
    seen = set()
    for item in values_of(run, items):
        key = _hashable(item)
        if key is None:
            if any(_same(run, item, other) for other in others):
                continue
            others.append(item)
        elif key in seen:
            continue
        else:
            seen.add(key)
        found.append(item)
    return found


@builtin
def distinct_values(run: Run, list: list[Any]) -> list[Any]:
    return _distinct(run, list)


@builtin
def duplicate_values(run: Run, list: list[Any]) -> list[Any]:
    values = values_of(run, list)
    return _distinct(run, [v for v in values if sum(_same(run, v, other) for other in values) > 1])


@builtin
def union(run: Run, *list: list[Any]) -> list[Any]:
    return _distinct(run, run.check_list([item for part in list for item in part]))


@builtin
def flatten(run: Run, list: list[Any]) -> list[Any]:
    flat: Items = []
    todo = list[::-1]
    while todo:
        run.step()
        item = to_feel(todo.pop())
        if type(item) is type(flat):
            todo.extend(item[::-1])
        else:
            flat.append(item)
    return run.check_list(flat)


def _holds(run: Run, function: Function, arguments: list[Any]) -> bool:
    run.enter_call()
    try:
        return function.call(run, arguments) is True
    finally:
        run.leave_call()


@builtin
def sort(run: Run, list: list[Any], precedes: Function | None = None) -> list[Any]:
    def natural(left: Any, right: Any) -> int:
        run.step()
        direction = order(left, right)
        if direction is None:
            raise Undefined("the items cannot be compared")
        return direction

    def by_function(left: Any, right: Any) -> int:
        assert precedes is not None
        return -1 if _holds(run, precedes, [left, right]) else 1 if _holds(run, precedes, [right, left]) else 0

    return sorted(values_of(run, list), key=cmp_to_key(natural if precedes is None else by_function))


@builtin(names=("list, position, newItem",))
def list_replace(run: Run, list: list[Any], position: Decimal, new_item: object) -> list[Any]:
    index = _index(list, position)
    return run.check_list([*list[:index], new_item, *list[index + 1 :]])


@builtin(name="list replace", names=("list, match, newItem",))
def list_replace_where(run: Run, list: list[Any], match: Function, new_item: object) -> list[Any]:
    if len(match.parameters) != 2:
        raise Undefined("the match function must take two arguments")
    result: Items = []
    for item in values_of(run, list):
        run.enter_call()
        try:
            answer = match.call(run, [item, new_item])
        finally:
            run.leave_call()
        if type(answer) is not bool:
            raise Undefined("the match function must answer true or false")
        result.append(new_item if answer else item)
    return result


@builtin
def partition(run: Run, list: list[Any], size: Decimal) -> list[Any]:
    step = whole(size, "the size")
    if step < 1:
        raise Undefined("the size must be at least 1")
    run.step(len(list))
    return [list[i : i + step] for i in range(0, len(list), step)]


@builtin
def is_empty(run: Run, list: list[Any]) -> bool:
    return not list
