"""Variables that are read and that nothing writes: mostly a name that was mistyped.

Nothing is said where anything may be written: by the values that programs start a case with, messages, services, tasks without a form.
There only a name that is nearly one that is written counts as mistyped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from engine.bpmn.advice import expressions, problem, scopes
from engine.bpmn.diagram import Diagram, Node, ProcessInfo
from engine.bpmn.expressions import BUSINESS_KEY, Expression, Literal
from engine.model.problem import Problem

ALIKE = 0.85
_GIVEN = frozenset(
    {
        BUSINESS_KEY,
        "loopCounter",
        "numberOfInstances",
        "numberOfCompletedInstances",
        "numberOfActiveInstances",
        "numberOfTerminatedInstances",
    }
)
Forms = Mapping[str, frozenset[str]]
"""The keys that each form fills."""


def written_names(node: Node) -> Iterator[str]:
    """Yield the variables that the element itself sets, a context by its name."""
    yield from (mapping.target.partition(".")[0] for mapping in (*node.inputs, *node.outputs))
    if node.loop is not None:
        yield from (name for name in (node.loop.element, node.loop.output_collection) if name)
    if node.script is not None and node.script.result_variable:
        yield node.script.result_variable
    if node.decision is not None:
        yield node.decision.result_variable
    if node.job is not None and node.job.result_variable:
        yield node.job.result_variable
    if node.event.code_variable:
        yield node.event.code_variable


def never_written(diagram: Diagram, info: ProcessInfo, forms: Forms) -> Iterator[Problem]:
    """Yield a warning for each name that an expression reads and nothing writes."""
    nodes = info.contents.walk()
    written = _GIVEN | {name for node in nodes for name in written_names(node)}
    start = info.properties.get("start_form")
    written |= forms.get(start or "", frozenset())
    open_ended = start not in forms
    for node in nodes:
        fields = _fields(node, forms)
        written |= fields or frozenset()
        open_ended = open_ended or (fields is None and not node.outputs)
    items = _GIVEN | {node.loop.element for node in nodes if node.loop is not None}  # “orders” is no slip for “order”
    seen: set[str] = set()
    for element, expression, own in _reads(info, nodes, forms):
        for name in sorted(expression.names - written):
            alike = get_close_matches(name, written - items, 1, ALIKE) if len(name) > 3 else []
            if name in seen or own or (open_ended and not alike):
                continue
            seen.add(name)
            if alike:
                text = "Nothing writes the variable “{name}”, which is read here. Is “{alike}” meant?"
                yield problem(diagram, element, "variable-never-written", text, "warning", name=name, alike=alike[0])
            else:
                text = "Nothing writes the variable “{name}”, which is read here. Set it before, or correct the name."
                yield problem(diagram, element, "variable-never-written", text, "warning", name=name)


def _fields(node: Node, forms: Forms) -> frozenset[str] | None:
    """Return what the work at an element may set besides its own mappings; None where that may be anything."""
    if node.work is not None:
        form = node.work.form
        return forms.get(form.text) if isinstance(form, Literal) else None
    brings = node.event.kind in ("message", "signal", "error", "escalation") and not node.kind.endswith("ThrowEvent")
    if node.job is not None or node.call is not None or (brings and node.kind != "endEvent"):
        return None
    return frozenset()


def _reads(info: ProcessInfo, nodes: list[Node], forms: Forms) -> Iterator[tuple[str, Expression, bool]]:
    """Yield each expression with its element, and whether it reads the unknown result of the element's own work."""
    for node in nodes:
        results = {mapping.source for mapping in node.outputs} if _fields(node, forms) is None else set()
        output = node.loop.output_element if node.loop is not None and _fields(node, forms) is None else None
        for expression in expressions(node):
            yield node.id, expression, expression in results or expression is output
    for scope in scopes(info):
        yield from ((flow.id, flow.condition, False) for flow in scope.flows if flow.condition is not None)
