"""Loops in a diagram that nothing slows down: no person, no timer, no message on the way round."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.advice import label, problem, scopes
from engine.bpmn.dataflow import written_names
from engine.bpmn.diagram import Diagram, Node, ProcessInfo, Scope
from engine.model.problem import Problem

_WAITING = ("userTask", "receiveTask", "eventBasedGateway", "callActivity")


def endless_loops(diagram: Diagram, info: ProcessInfo) -> Iterator[Problem]:
    """Yield an error for a loop without a way out, a warning for one that machines may go round as fast as they can."""
    for scope in scopes(info):
        for loop in _loops(scope):
            nodes = [scope.nodes[name] for name in loop]
            shown = " → ".join(f"“{label(node)}”" for node in nodes)
            if not _has_way_out(scope, set(loop)):
                text = "{way} goes round without end: nothing waits in it and no flow leads out. Draw a way out."
                yield problem(diagram, loop[0], "endless-loop", text, "error", way=shown)
            elif not _counts(scope, nodes):
                text = "{way} goes round without a person or a timer in it, so it may never end. Put a timer into it, or be sure of its way out."
                yield problem(diagram, loop[0], "loop-without-pause", text, "warning", way=shown)


def _counts(scope: Scope, loop: list[Node]) -> bool:
    """Tell whether an expression in the loop sets what a condition in it reads: it counts its rounds, or works off a list."""
    if any(node.job is not None for node in loop):
        return False
    ids = {node.id for node in loop}
    reads = {name for flow in scope.flows if flow.source in ids and flow.condition for name in flow.condition.names}
    return any(name in reads for node in loop for name in written_names(node))


def _waits(node: Node) -> bool:
    """Tell whether a token rests at the element until a person, an instant or a stranger lets it go."""
    if node.kind == "intermediateCatchEvent":
        return node.event.kind != "link"
    if node.inner is not None:
        return node.ad_hoc is not None or any(_waits(inner) for inner in node.inner.walk())
    return node.kind in _WAITING


def _loops(scope: Scope) -> list[list[str]]:
    """Return the elements of each loop that nothing waits in, in document order."""
    nodes = {name: node for name, node in scope.nodes.items() if not _waits(node)}
    after: dict[str, list[str]] = {name: [] for name in nodes}
    for flow in scope.flows:
        if flow.source in nodes and flow.target in nodes:
            after[flow.source].append(flow.target)
    catches = {
        node.event.name: name
        for name, node in nodes.items()
        if node.event.kind == "link" and node.kind == "intermediateCatchEvent"
    }
    for name, node in nodes.items():
        if node.kind == "intermediateThrowEvent" and node.event.kind == "link" and node.event.name in catches:
            after[name].append(catches[node.event.name])
        if node.attached_to in nodes and node.event.kind != "timer":
            after[node.attached_to or ""].append(name)
    return [found for found in _components(after) if len(found) > 1 or found[0] in after[found[0]]]


def _components(after: dict[str, list[str]]) -> list[list[str]]:
    """Return the strongly connected parts of a graph, without recursion (Kosaraju)."""
    before: dict[str, list[str]] = {name: [] for name in after}
    for name, following in after.items():
        for other in following:
            before[other].append(name)
    order: list[str] = []
    seen: set[str] = set()
    for first in after:
        todo = [(first, False)]
        while todo:
            name, done = todo.pop()
            if done:
                order.append(name)
            elif name not in seen:
                seen.add(name)
                todo.append((name, True))
                todo.extend((other, False) for other in after[name])
    place = {name: number for number, name in enumerate(after)}
    found: list[list[str]] = []
    assigned: set[str] = set()
    for last in reversed(order):
        part, stack = [], [last]
        while stack:
            name = stack.pop()
            if name not in assigned:
                assigned.add(name)
                part.append(name)
                stack.extend(before[name])
        if part:
            found.append(sorted(part, key=place.__getitem__))
    return found


def _has_way_out(scope: Scope, loop: set[str]) -> bool:
    """Tell whether a flow, an event on the boundary or an end of the whole scope can stop the loop."""
    if any(flow.source in loop and flow.target not in loop for flow in scope.flows):
        return True
    if any(node.attached_to in loop and node.id not in loop for node in scope.nodes.values()):
        return True
    return any(scope.nodes[name].job is not None for name in loop)  # an error, a cancelled case: machines may stop it
