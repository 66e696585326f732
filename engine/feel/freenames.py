"""Which variables an expression reads."""

from __future__ import annotations

from collections.abc import Iterator
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
    """Return the variables read from outside.

    Names inside a filter's condition may be members of the items: they count only with `in_filters`.
    """
    found: set[str] = set()
    _collect(node, frozenset(), found, in_filters)
    return frozenset(found)


def _collect(node: Any, bound: frozenset[str], found: set[str], in_filters: bool) -> None:
    if isinstance(node, tree.Name):
        if node.name not in bound:
            found.add(node.name)
    elif isinstance(node, tree.Arithmetic):
        while isinstance(node, tree.Arithmetic):  # a long sum leans to the left
            _collect(node.right, bound, found, in_filters)
            node = node.left
        _collect(node, bound, found, in_filters)
    elif isinstance(node, tree.Filter):
        _collect(node.base, bound, found, in_filters)
        if in_filters:
            _collect(node.condition, bound | {"item"}, found, in_filters)
    elif isinstance(node, (tree.For, tree.Quantified)):
        inner = bound
        for iteration in node.iterations:
            _collect(iteration.source, inner, found, in_filters)
            _collect(iteration.end, inner, found, in_filters)
            inner = inner | {iteration.name}
        _collect(node.body, inner | {"partial"} if isinstance(node, tree.For) else inner, found, in_filters)
    elif isinstance(node, tree.FunctionOf):
        _collect(node.body, bound | {p.name for p in node.parameters}, found, in_filters)
    elif isinstance(node, tree.Context):
        inner = bound
        for key, value in node.entries:
            _collect(value, inner, found, in_filters)
            inner = inner | {key}
    elif isinstance(node, (tuple, list)):
        for item in node:
            _collect(item, bound, found, in_filters)
    elif isinstance(node, tree.Node):
        for field in fields(node):
            _collect(getattr(node, field.name), bound, found, in_filters)
