"""From diagrams to specifications: created first, connected in a second flat pass, never changed after.

Mends, against SpiffWorkflow 3.2.0: its parser recurses along the flows (a chain of 500 elements fails), drops flows without an id, and
stops at the first problem.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.bpmn.ad_hoc import AdHocSpec
from engine.bpmn.compensation import CancelEndSpec, CompensateSpec, UndoAllSpec, UndoInsideSpec
from engine.bpmn.diagram import Node, Scope
from engine.bpmn.element import ElementSpec, Link
from engine.bpmn.events import AttachedSpec, BoundarySpec, CatchingSpec, EventGatewaySpec, EventStartSpec, StartSpec
from engine.bpmn.gateways import ExclusiveSpec, InclusiveSpec, JoiningSpec, ParallelSpec, reach_of
from engine.bpmn.multi_instance import INSTANCE, MultiInstanceSpec, RepeatedSpec, StandardLoopSpec
from engine.bpmn.process_spec import ScopeSpec
from engine.bpmn.sub_process import CallSpec, SubProcessSpec
from engine.bpmn.throwing import TerminateSpec, ThrowSpec
from engine.bpmn.user_task import UserTaskSpec
from engine.bpmn.work import DecisionSpec, JobSpec, ScriptSpec

Maker = Callable[..., ElementSpec]


def build_scope(contents: Scope, name: str, process: str, file: str, *, is_process: bool = False) -> ScopeSpec:
    """Make the specification of a process or sub-process with all inside it."""
    spec = ScopeSpec(name, process, file, is_process=is_process)
    for node in contents.nodes.values():
        if node.kind == "boundaryEvent" and node.event.kind == "compensation":
            continue
        spec.elements[node.id] = _make(spec, node, name, process, file)
    _connect(spec, contents)
    _attach(spec, contents)
    _start(spec, contents)
    if not is_process:
        spec.undo_all = UndoAllSpec(spec)
    return spec


def maker(node: Node) -> Maker:
    """Choose the behaviour of a node."""
    kind, event = node.kind, node.event.kind
    if kind == "endEvent" and event == "terminate":
        return TerminateSpec
    if kind in ("endEvent", "intermediateThrowEvent") and event == "compensation":
        return CompensateSpec
    if event == "cancel" and kind == "endEvent":
        return CancelEndSpec
    if kind in ("endEvent", "intermediateThrowEvent") and node.job is None:
        return ElementSpec if event in ("none", "link") else ThrowSpec
    if kind in ("serviceTask", "sendTask", "endEvent", "intermediateThrowEvent"):
        return ThrowSpec if node.job is None else JobSpec
    if kind == "scriptTask":
        return JobSpec if node.script is None else ScriptSpec
    if kind == "businessRuleTask":
        return DecisionSpec if node.decision is not None else JobSpec
    return _MAKERS[kind]


_MAKERS: dict[str, Maker] = {
    "task": ElementSpec,
    "manualTask": ElementSpec,
    "userTask": UserTaskSpec,
    "receiveTask": CatchingSpec,
    "callActivity": CallSpec,
    "subProcess": SubProcessSpec,
    "adHocSubProcess": AdHocSpec,
    "transaction": SubProcessSpec,
    "exclusiveGateway": ExclusiveSpec,
    "parallelGateway": ParallelSpec,
    "inclusiveGateway": InclusiveSpec,
    "eventBasedGateway": EventGatewaySpec,
    "startEvent": StartSpec,
    "intermediateCatchEvent": CatchingSpec,
    "boundaryEvent": BoundarySpec,
}


def _make(scope: ScopeSpec, node: Node, name: str, process: str, file: str) -> ElementSpec:
    make = maker(node)
    element = make(scope, node, INSTANCE if node.loop is not None else "")
    if isinstance(element, SubProcessSpec) and node.inner is not None:
        element.inner = build_scope(node.inner, f"{name}/{node.id}", process, file)
        element.inner.ad_hoc = node.ad_hoc is not None
        if not node.event_sub_process:
            element.undo = UndoInsideSpec(scope, element)
    if node.loop is not None:
        repeat = StandardLoopSpec if node.loop.kind == "standard" else MultiInstanceSpec
        return repeat(scope, node, element)
    return element


def _connect(spec: ScopeSpec, contents: Scope) -> None:
    outgoing: dict[str, list[Link]] = {}
    incoming: dict[str, list[tuple[str, str]]] = {}
    for flow in contents.flows:
        source = contents.nodes[flow.source]
        plain = source.kind in ("parallelGateway", "eventBasedGateway", "startEvent")
        outgoing.setdefault(flow.source, []).append(
            Link(flow.id, spec.elements[flow.target], None if plain else flow.condition)
        )
        incoming.setdefault(flow.target, []).append((flow.id, flow.source))
    catches = {
        node.event.name.text: node.id
        for node in contents.nodes.values()
        if node.kind == "intermediateCatchEvent" and node.event.kind == "link" and node.event.name is not None
    }
    for node in contents.nodes.values():
        links = outgoing.get(node.id, [])
        if node.kind == "intermediateThrowEvent" and node.event.kind == "link" and node.event.name is not None:
            target = catches[node.event.name.text]
            links = [Link(None, spec.elements[target])]
            incoming.setdefault(target, []).append((f"#link:{node.id}", node.id))
        if node.attached_to:
            incoming.setdefault(node.id, []).append((f"#boundary:{node.id}", node.attached_to))
        if links:
            spec.elements[node.id].set_links(links)
    for element in spec.elements.values():
        if isinstance(element, JoiningSpec):
            element.incoming = tuple(flow for flow, _ in incoming.get(element.node.id, ()))
            element.counts_flows = len(element.incoming) > 1
        if isinstance(element, InclusiveSpec) and element.counts_flows:
            element.reach = reach_of(element, incoming)


def _attach(spec: ScopeSpec, contents: Scope) -> None:
    """Give each activity its boundary events and its compensation handler."""
    for node in contents.nodes.values():
        if node.handler is not None:
            undone = spec.elements[node.id]
            if isinstance(undone, RepeatedSpec):
                undone.each.handler = spec.elements[node.handler]
            undone.handler = spec.elements[node.handler]
        element = spec.elements.get(node.id)
        if node.attached_to and isinstance(element, AttachedSpec):
            host = spec.elements[node.attached_to]
            host.boundaries = (*host.boundaries, element)


def _start(spec: ScopeSpec, contents: Scope) -> None:
    spec.starts = tuple(Link(None, spec.elements[node.id]) for node in contents.starts())
    events = []
    for node in contents.nodes.values():
        if node.event_sub_process and node.inner is not None:
            sub_process = spec.elements[node.id]
            first = next(inner for inner in node.inner.nodes.values() if inner.kind == "startEvent")
            if first.event.kind == "compensation":
                spec.on_compensation = Link(None, sub_process)
            else:
                start = EventStartSpec(spec, first, "#waiting")
                start.set_links([Link(None, sub_process)])
                events.append(start)
            assert isinstance(sub_process, SubProcessSpec)
            assert sub_process.inner is not None
            sub_process.inner.starts = (Link(None, sub_process.inner.elements[first.id]),)
    spec.event_starts = tuple(events)
