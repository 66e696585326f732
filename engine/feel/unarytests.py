"""Closures of ranges, `in`, and the unary tests of decision tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from engine.feel import tree
from engine.feel.closures import compare, compile_node, compiles
from engine.feel.freenames import mentions
from engine.feel.operators import equal, includes, order
from engine.feel.run import Closure, Scope
from engine.feel.values import Range, kind_of, to_feel

TestClosure = Callable[[Scope, Any], bool | None]


@compiles(tree.RangeOf)
def _range(node: tree.RangeOf, depth: int) -> Closure:
    low, high = compile_node(node.low, depth), compile_node(node.high, depth)
    low_included, high_included = node.low_included, node.high_included

    def build(scope: Scope) -> Range | None:
        return make_range(scope, low(scope), high(scope), low_included, high_included)

    return build


def make_range(
    scope: Scope, low: Any, high: Any, low_included: bool, high_included: bool, operator: str | None = None
) -> Range | None:
    """Return the range between two ends; null with a warning where they cannot be compared."""
    if (low is None and high is None) or (low is not None and high is not None and order(low, high) is None):
        scope.run.warn("not_comparable", f"no range goes from {kind_of(low)} to {kind_of(high)}")
        return None
    return Range(low, high, low_included, high_included, operator)


@compiles(tree.Test)
def _open_range(node: tree.Test, depth: int) -> Closure:
    """Compile `(< 5)` standing alone: a range without the other end."""
    operand, operator = compile_node(node.operand, depth), node.operator

    def build(scope: Scope) -> Range | None:
        value = operand(scope)
        if operator in ("<", "<="):
            return make_range(scope, None, value, False, operator == "<=", operator)
        if operator in (">", ">="):
            return make_range(scope, value, None, operator == ">=", False, operator)
        if operator == "=":
            return make_range(scope, value, value, True, True, operator)
        scope.run.warn("no_range", '"!=" makes no range')
        return None

    return build


@compiles(tree.In)
def _in(node: tree.In, depth: int) -> Closure:
    value, tests = compile_node(node.value, depth), compile_tests(node.tests, depth, membership=True)

    def is_in(scope: Scope) -> bool | None:
        return tests(scope, value(scope))

    return is_in


def compile_tests(tests: Iterable[tree.Node], depth: int, *, membership: bool) -> TestClosure:
    """Return a closure that says whether any of the tests holds for the value; `?` is the value inside them."""
    closures = [_compile_test(t, depth, membership) for t in tests]
    needs_scope = any(mentions(t, "?") for t in tests)

    def any_of(scope: Scope, value: Any) -> bool | None:
        inner = scope.inner({"?": value}) if needs_scope else scope
        result: bool | None = False
        for test in closures:
            held = test(inner, value)
            if held is True:
                return True
            if held is None:
                result = None
        return result

    return any_of


def _compile_test(node: tree.Node, depth: int, membership: bool) -> TestClosure:
    if isinstance(node, tree.Test):
        operand, operator = compile_node(node.operand, depth), node.operator
        return lambda scope, value: compare(scope, operator, value, operand(scope))
    closure = compile_node(node, depth)
    if mentions(node, "?"):

        def condition(scope: Scope, value: Any) -> bool | None:
            result = closure(scope)
            return result if type(result) is bool else matches(scope, value, result)

        return condition
    if isinstance(node, tree.Literal):
        constant = node.value
        if type(constant) is str:
            return lambda scope, value: value == constant if type(value) is str else matches(scope, value, constant)
    if membership:
        return lambda scope, value: matches(scope, value, closure(scope))

    def test(scope: Scope, value: Any) -> bool | None:
        result = closure(scope)
        if result is True and type(value) is not bool:
            return True
        return matches(scope, value, result)

    return test


def matches(scope: Scope, value: Any, against: Any) -> bool | None:
    """Say whether the value is in a range, in a list (or equal to it), or equal."""
    if type(against) is Range and type(value) is not Range:
        return includes(scope.run, against, value)
    if type(against) is list:
        if type(value) is list and equal(value, against, scope.run) is True:
            return True
        scope.run.step(len(against) + 1)
        for item in against:
            raw = to_feel(item)
            if equal(value, raw, scope.run) is True:
                return True
            if type(raw) in (Range, list) and matches(scope, value, raw) is True:
                return True
        return False
    return compare(scope, "=", value, against)
