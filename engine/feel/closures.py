"""Syntax tree to closures: the registry of node compilers, and those of plain expressions.

A closure takes the scope and returns a FEEL value; compiling happens once, so that evaluation never looks at the tree.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from engine.feel import tree
from engine.feel.errors import FeelLimitExceeded
from engine.feel.limits import LIMITS
from engine.feel.mend import nearest_name
from engine.feel.operators import arithmetic, equal, negate, order
from engine.feel.registry import find_builtin, host_function
from engine.feel.run import Closure, Scope
from engine.feel.values import EXACT, kind_of, to_feel

N = TypeVar("N", bound=tree.Node)
_COMPILERS: dict[type[tree.Node], Callable[[Any, int], Closure]] = {}
_SIMPLE = frozenset([Decimal, str, bool])


def compiles(kind: type[N]) -> Callable[[Callable[[N, int], Closure]], Callable[[N, int], Closure]]:
    """Register the compiler of one kind of node."""

    def register(function: Callable[[N, int], Closure]) -> Callable[[N, int], Closure]:
        _COMPILERS[kind] = function
        return function

    return register


def compile_node(node: tree.Node, depth: int = 0) -> Closure:
    """Return the closure of a node. Raises FeelLimitExceeded where the tree is nested too deeply."""
    if depth > LIMITS.nesting:
        raise FeelLimitExceeded("nested expressions", LIMITS.nesting)
    return _COMPILERS[type(node)](node, depth + 1)


@compiles(tree.Literal)
def _literal(node: tree.Literal, depth: int) -> Closure:
    value = node.value
    return lambda scope: value


@compiles(tree.Name)
def _name(node: tree.Name, depth: int) -> Closure:
    name = node.name

    def read(scope: Scope) -> Any:
        at: Scope | None = scope
        while at is not None:
            if name in at.names:
                value = at.names[name]
                return value if type(value) in EXACT else to_feel(value)
            at = at.parent
        return unknown_name(scope, name)

    return read


def unknown_name(scope: Scope, name: str) -> Any:
    """Return the function of that name, else null with a warning that names the nearest variable."""
    if name in scope.run.functions:
        return host_function(name, scope.run.functions[name])
    builtin = find_builtin(name)
    if builtin is not None:
        return builtin.as_value()
    near = nearest_name(name, scope.visible())
    hint = f'; did you mean "{near}"?' if near else ""
    scope.run.warn("unknown_variable", f'there is no variable "{name}"{hint}')
    return None


def is_defined(scope: Scope, name: str) -> bool:
    """Say whether a variable of that name is in scope."""
    at: Scope | None = scope
    while at is not None:
        if name in at.names:
            return True
        at = at.parent
    return False


@compiles(tree.Negate)
def _negate(node: tree.Negate, depth: int) -> Closure:
    operand = compile_node(node.operand, depth)
    return lambda scope: negate(scope.run, operand(scope))


@compiles(tree.Arithmetic)
def _arithmetic(node: tree.Arithmetic, depth: int) -> Closure:
    """Compile a chain of operators of one level as a loop, so that long sums do not nest."""
    links: list[tuple[str, tree.Node]] = []
    first: tree.Node = node
    while isinstance(first, tree.Arithmetic):
        links.append((first.operator, first.right))
        first = first.left
    start = compile_node(first, depth)
    steps = [(operator, compile_node(operand, depth)) for operator, operand in reversed(links)]
    if len(steps) == 1:
        operator, operand = steps[0]
        return lambda scope: arithmetic(scope.run, operator, start(scope), operand(scope))

    def chain(scope: Scope) -> Any:
        value = start(scope)
        for operator, operand in steps:
            value = arithmetic(scope.run, operator, value, operand(scope))
        return value

    return chain


def compare(scope: Scope, operator: str, left: Any, right: Any) -> bool | None:
    """Apply one of = != < <= > >=; null with a warning where the two cannot be compared."""
    if operator in ("=", "!="):
        same = equal(left, right, scope.run)
        if same is None:
            scope.run.warn("not_comparable", f'"{operator}" compares {kind_of(left)} with {kind_of(right)}')
            return None
        return same if operator == "=" else not same
    direction = order(left, right)
    if direction is None:
        scope.run.warn("not_comparable", f'"{operator}" compares {kind_of(left)} with {kind_of(right)}')
        return None
    if operator == "<":
        return direction < 0
    if operator == "<=":
        return direction <= 0
    if operator == ">":
        return direction > 0
    return direction >= 0


@compiles(tree.Compare)
def _compare(node: tree.Compare, depth: int) -> Closure:
    left, right, operator = compile_node(node.left, depth), compile_node(node.right, depth), node.operator

    if operator == "=":

        def equals(scope: Scope) -> bool | None:
            a, b = left(scope), right(scope)
            if type(a) is type(b) and type(a) in _SIMPLE:
                return bool(a == b)
            return compare(scope, "=", a, b)

        return equals
    if operator in ("<", ">"):
        wanted = operator == "<"

        def ordered(scope: Scope) -> bool | None:
            a, b = left(scope), right(scope)
            if type(a) is Decimal and type(b) is Decimal:
                return a < b if wanted else a > b
            return compare(scope, operator, a, b)

        return ordered
    return lambda scope: compare(scope, operator, left(scope), right(scope))


@compiles(tree.Between)
def _between(node: tree.Between, depth: int) -> Closure:
    value, low, high = (compile_node(n, depth) for n in (node.value, node.low, node.high))

    def between(scope: Scope) -> bool | None:
        v = value(scope)
        return conjunction((compare(scope, ">=", v, low(scope)), compare(scope, "<=", v, high(scope))))

    return between


def conjunction(values: tuple[Any, ...]) -> bool | None:
    """Join values with the three-valued "and"."""
    if any(v is False for v in values):
        return False
    return True if all(v is True for v in values) else None


@compiles(tree.And)
def _and(node: tree.And, depth: int) -> Closure:
    terms = tuple(compile_node(t, depth) for t in node.terms)

    def every(scope: Scope) -> bool | None:
        result: bool | None = True
        for term in terms:
            value = term(scope)
            if value is False:
                return False
            if value is not True:
                result = None
        return result

    return every


@compiles(tree.Or)
def _or(node: tree.Or, depth: int) -> Closure:
    terms = tuple(compile_node(t, depth) for t in node.terms)

    def either(scope: Scope) -> bool | None:
        result: bool | None = False
        for term in terms:
            value = term(scope)
            if value is True:
                return True
            if value is not False:
                result = None
        return result

    return either


@compiles(tree.If)
def _if(node: tree.If, depth: int) -> Closure:
    condition, yes, no = (compile_node(n, depth) for n in (node.condition, node.yes, node.no))
    return lambda scope: yes(scope) if condition(scope) is True else no(scope)


@compiles(tree.ListOf)
def _list(node: tree.ListOf, depth: int) -> Closure:
    items = [compile_node(i, depth) for i in node.items]
    return lambda scope: [item(scope) for item in items]


@compiles(tree.Context)
def _context(node: tree.Context, depth: int) -> Closure:
    entries = [(key, compile_node(value, depth)) for key, value in node.entries]
    duplicate = len({key for key, _ in entries}) != len(entries)

    def build(scope: Scope) -> dict[str, Any] | None:
        if duplicate:
            scope.run.warn("duplicate_key", "a context has the same key twice")
            return None
        result: dict[str, Any] = {}
        inner = scope.inner(result)
        for key, value in entries:
            result[key] = value(inner)
        return result

    return build
