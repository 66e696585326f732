"""Closures over lists and contexts: paths, filters, loops and quantifiers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.feel import tree
from engine.feel.closures import compile_node, compiles
from engine.feel.errors import FeelLimitExceeded
from engine.feel.run import Closure, Run, Scope
from engine.feel.temporal import property_of
from engine.feel.values import Range, YearsMonths, kind_of, to_feel

_TEMPORAL = frozenset([date, time, datetime, timedelta, YearsMonths])
_RANGE_PROPERTIES = {
    "start": "low", "end": "high", "start included": "low_included", "end included": "high_included",
}  # fmt: skip


def read_path(run: Run, value: Any, name: str) -> Any:
    """Return a member of a context, a property, or the members of every item of a list."""
    kind = type(value)
    if kind is dict:
        if name in value:
            return to_feel(value[name])
        run.warn("unknown_member", f'the context has no member "{name}"')
        return None
    if kind is list:
        run.step(len(value))
        return [read_path(run, to_feel(item), name) for item in value]
    if kind is Range and name in _RANGE_PROPERTIES:
        return getattr(value, _RANGE_PROPERTIES[name])
    if kind in _TEMPORAL:
        try:
            return property_of(value, name)
        except KeyError:
            pass
    run.warn("unknown_member", f'{kind_of(value)} has no member "{name}"')
    return None


@compiles(tree.Path)
def _path(node: tree.Path, depth: int) -> Closure:
    base, name = compile_node(node.base, depth), node.name

    def path(scope: Scope) -> Any:
        value = base(scope)
        if type(value) is dict and name in value:
            return to_feel(value[name])
        return read_path(scope.run, value, name)

    return path


def item_scope(scope: Scope, item: Any) -> Scope:
    """Return the scope of a filter condition: the item, and its members before it."""
    inner = scope.inner({"item": item})
    return inner.inner(item) if type(item) is dict else inner


def item_at(run: Run, items: list[Any], index: Decimal) -> Any:
    """Return the item at a position counted from 1, or from the end where negative; null outside."""
    if index != index.to_integral_value():
        run.warn("bad_index", f"{index} is not a position in a list")
        return None
    position = int(index) if abs(index) <= len(items) else 0
    if 1 <= position <= len(items):
        return to_feel(items[position - 1])
    if -len(items) <= position <= -1:
        return to_feel(items[position])
    run.warn("bad_index", f"the list has {len(items)} items, none at position {index}")
    return None


@compiles(tree.Filter)
def _filter(node: tree.Filter, depth: int) -> Closure:
    return make_filter(compile_node(node.base, depth), compile_node(node.condition, depth))


def make_filter(base: Closure, condition: Closure) -> Closure:
    """Return the closure of a filter: by boolean condition, or by position where the condition is a number."""

    def select(scope: Scope) -> Any:
        value = base(scope)
        items = value if type(value) is list else [] if value is None else [value]
        run = scope.run
        if not items:
            kept = len(run.warnings)
            index = condition(scope.inner({"item": None}))
            del run.warnings[kept:]
            return item_at(run, items, index) if type(index) is Decimal else []
        found = []
        for number, raw in enumerate(items):
            run.step()
            item = to_feel(raw)
            result = condition(item_scope(scope, item))
            if result is True:
                found.append(item)
            elif number == 0 and type(result) is Decimal:
                return item_at(run, items, result)
            elif result is not False and result is not None:
                run.warn("bad_filter", f"a filter needs a boolean or a number, not {kind_of(result)}")
                return None
        return found

    return select


def iterate(run: Run, source: Any, end: Any = None, *, bounded: bool = False) -> Iterator[Any] | None:
    """Yield the values that a loop goes through: of a list, of `a..b`, or of a closed range; None where it cannot."""
    if bounded:
        return _count(run, source, end)
    if type(source) is list:
        return (to_feel(item) for item in source)
    if type(source) is Range:
        low, high = source.low, source.high
        if low is None or high is None:
            return None
        values = _count(run, low, high)
        if values is None or low > high:
            return None
        return (
            v
            for v in values
            if not ((v == low and not source.low_included) or (v == high and not source.high_included))
        )
    return None


def _count(run: Run, low: Any, high: Any) -> Iterator[Any] | None:
    if type(low) is Decimal and type(high) is Decimal:
        if low != low.to_integral_value() or high != high.to_integral_value():
            return None
        if abs(high - low) > run.limits.steps:
            raise FeelLimitExceeded("steps", run.limits.steps)
        first, last = int(low), int(high)
        return (Decimal(n) for n in (range(first, last + 1) if first <= last else range(first, last - 1, -1)))
    if type(low) is date and type(high) is date:
        first, last = low.toordinal(), high.toordinal()
        days = range(first, last + 1) if first <= last else range(first, last - 1, -1)
        return (date.fromordinal(n) for n in days)
    return None


Part = tuple[str, Closure, Closure | None]
"""One iteration: name, source, and end where the source is the start of `a..b`."""


def _parts(iterations: tuple[tree.Iteration, ...], depth: int) -> list[Part]:
    return [
        (i.name, compile_node(i.source, depth), None if i.end is None else compile_node(i.end, depth))
        for i in iterations
    ]


def _scopes(parts: list[Part], scope: Scope, extra: dict[str, Any], level: int = 0) -> Iterator[Scope | None]:
    """Yield a scope for each combination of values; None once where a source cannot be iterated."""
    name, source, end = parts[level]
    value = source(scope)
    values = iterate(scope.run, value, end(scope) if end else None, bounded=end is not None)
    if values is None:
        if value is None or end is not None or type(value) is Range:
            scope.run.warn("not_iterable", f"a loop needs a list or a range, not {kind_of(value)}")
            yield None
            return
        values = iter([value])
    innermost = level == len(parts) - 1
    for item in values:
        scope.run.step()
        if innermost:
            yield scope.inner({name: item, **extra})
        else:
            yield from _scopes(parts, scope.inner({name: item}), extra, level + 1)


@compiles(tree.For)
def _for(node: tree.For, depth: int) -> Closure:
    return make_loop(_parts(node.iterations, depth), compile_node(node.body, depth))


def make_loop(parts: list[Part], body: Closure) -> Closure:
    """Return the closure of `for … return`; the body sees the results so far as `partial`."""
    hidden = any(name == "partial" for name, _, _ in parts)

    def loop(scope: Scope) -> list[Any] | None:
        results: list[Any] = []
        limit = scope.run.limits.list_size
        for inner in _scopes(parts, scope, {} if hidden else {"partial": results}):
            if inner is None:
                return None
            value = body(inner)
            results.append(list(results) if value is results else value)
            if len(results) > limit:
                raise FeelLimitExceeded("items in a list", limit)
        return results

    return loop


@compiles(tree.Quantified)
def _quantified(node: tree.Quantified, depth: int) -> Closure:
    return make_quantifier(node.every, _parts(node.iterations, depth), compile_node(node.body, depth))


def make_quantifier(every: bool, parts: list[Part], body: Closure, *, strict: bool = False) -> Closure:
    """Return the closure of `some … satisfies` or `every … satisfies`; `strict` ends at a value that is no boolean."""
    decisive = not every

    def quantify(scope: Scope) -> bool | None:
        result: bool | None = every
        for inner in _scopes(parts, scope, {}):
            value = None if inner is None else body(inner)
            if value is decisive:
                return decisive
            if value is not every:
                result = None
                scope.run.warn("not_boolean", f"the condition of a quantifier is {kind_of(value)}")
                if strict and value is not None:
                    return None
        return result

    return quantify
