"""Which variables an expression reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

from engine.feel import tree


def mentions(node: tree.Node, name: str) -> bool:
    """Say whether the name is read anywhere in the tree."""
    return any(isinstance(n, tree.Name) and n.name == name for n in walk(node))


def walk(node: Any) -> Iterator[tree.Node]:
    """Yield every node of a tree, without recursion."""
    todo = [node]
    while todo:
        current = todo.pop()
        if isinstance(current, (tuple, list)):
            todo.extend(current)
        elif isinstance(current, (tree.Node, tree.Iteration)):
            if isinstance(current, tree.Node):
                yield current
            todo.extend(getattr(current, f.name) for f in fields(current))


def free_names(node: tree.Node, *, in_filters: bool = False) -> frozenset[str]:
    """Return the variables read from outside; names that are only called are functions, not variables.

    Names inside a filter's condition may be members of the items: they count only with `in_filters`.
    """
    collector = _Collector(in_filters)
    collector.visit(node, frozenset())
    return frozenset(collector.found)


def called_names(node: tree.Node) -> frozenset[str]:
    """Return the functions called by name that the text does not define itself."""
    collector = _Collector(in_filters=True)
    collector.visit(node, frozenset())
    return frozenset(collector.called)


class _Collector:
    """Walks a tree with the names that are bound at each place."""

    def __init__(self, in_filters: bool) -> None:
        self.found: set[str] = set()
        self.called: set[str] = set()
        self.in_filters = in_filters

    def visit(self, node: Any, bound: frozenset[str]) -> None:
        if isinstance(node, (tuple, list)):
            for item in node:
                self.visit(item, bound)
        elif isinstance(node, tree.Node):
            _VISITS.get(type(node), _Collector._members)(self, node, bound)

    def _members(self, node: tree.Node, bound: frozenset[str]) -> None:
        for field in fields(node):
            self.visit(getattr(node, field.name), bound)

    def _name(self, node: tree.Name, bound: frozenset[str]) -> None:
        if node.name not in bound:
            self.found.add(node.name)

    def _call(self, node: tree.Call | tree.NamedCall, bound: frozenset[str]) -> None:
        if not isinstance(node.function, tree.Name):
            self.visit(node.function, bound)
        elif node.function.name not in bound:
            self.called.add(node.function.name)
        for argument in node.arguments:
            self.visit(argument[1] if isinstance(argument, tuple) else argument, bound)

    def _arithmetic(self, node: tree.Arithmetic, bound: frozenset[str]) -> None:
        left: tree.Node = node
        while isinstance(left, tree.Arithmetic):  # a long sum leans to the left
            self.visit(left.right, bound)
            left = left.left
        self.visit(left, bound)

    def _filter(self, node: tree.Filter, bound: frozenset[str]) -> None:
        self.visit(node.base, bound)
        if self.in_filters:
            self.visit(node.condition, bound | {"item"})

    def _loop(self, node: tree.For | tree.Quantified, bound: frozenset[str]) -> None:
        for iteration in node.iterations:
            self.visit(iteration.source, bound)
            self.visit(iteration.end, bound)
            bound = bound | {iteration.name}
        self.visit(node.body, bound | {"partial"} if isinstance(node, tree.For) else bound)

    def _function(self, node: tree.FunctionOf, bound: frozenset[str]) -> None:
        self.visit(node.body, bound | {p.name for p in node.parameters})

    def _context(self, node: tree.Context, bound: frozenset[str]) -> None:
        for key, value in node.entries:
            self.visit(value, bound)
            bound = bound | {key}


_VISITS: dict[type[tree.Node], Callable[[_Collector, Any, frozenset[str]], None]] = {
    tree.Name: _Collector._name,
    tree.Call: _Collector._call,
    tree.NamedCall: _Collector._call,
    tree.Arithmetic: _Collector._arithmetic,
    tree.Filter: _Collector._filter,
    tree.For: _Collector._loop,
    tree.Quantified: _Collector._loop,
    tree.FunctionOf: _Collector._function,
    tree.Context: _Collector._context,
}
