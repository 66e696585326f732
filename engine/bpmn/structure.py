"""Rules on how nodes and flows stand together; each has a name, says what is wrong and how to mend it."""

from __future__ import annotations

from engine.bpmn.diagram import Flow, Node, Scope
from engine.bpmn.reading import Reading

_ALLOWED = {
    "intermediateCatchEvent": ("message", "signal", "timer", "conditional", "link"),
    "intermediateThrowEvent": ("none", "message", "signal", "escalation", "link", "compensation"),
    "endEvent": ("none", "message", "signal", "error", "escalation", "terminate", "compensation", "cancel"),
    "boundaryEvent": ("message", "signal", "timer", "error", "escalation", "conditional", "compensation", "cancel"),
}
_PROCESS_STARTS = ("none", "message", "signal", "timer")
_EVENT_STARTS = ("message", "signal", "timer", "error", "escalation", "conditional", "compensation")
_CHOOSING = ("exclusiveGateway", "inclusiveGateway")


def check_scope(
    reading: Reading, scope: Scope, *, is_process: bool = False, of: Node | None = None, in_process: bool = False
) -> None:
    """Check a process or sub-process and all inside it."""
    outgoing: dict[str, list[Flow]] = {}
    incoming: dict[str, list[Flow]] = {}
    for flow in scope.flows:
        outgoing.setdefault(flow.source, []).append(flow)
        incoming.setdefault(flow.target, []).append(flow)
    if of is not None and of.event_sub_process:
        _check_event_start(reading, of, scope, in_process)
    else:
        _check_starts(reading, scope, is_process, of)
    for node in scope.nodes.values():
        _check_event(reading, node, of)
        _check_flows(reading, scope, node, outgoing.get(node.id, []), incoming.get(node.id, []))
        if node.kind == "boundaryEvent":
            _check_boundary(reading, scope, node)
        if node.inner is not None:
            check_scope(reading, node.inner, of=node, in_process=is_process)
    _check_links(reading, scope)


def _check_starts(reading: Reading, scope: Scope, is_process: bool, of: Node | None) -> None:
    events = [node for node in scope.nodes.values() if node.kind == "startEvent"]
    if of is not None and of.kind == "adHocSubProcess":
        return
    if not events:
        _check_no_start(reading, scope, is_process)
    elif is_process:
        _check_process_starts(reading, events)
    else:
        if all(node.event.kind != "none" for node in events):
            message = "The sub-process has no plain start event, so nothing in it would begin. Add one."
            reading.error(scope.id, "no-start-event", message)
        for node in events:
            if node.event.kind != "none":
                message = "The start event of a sub-process waits for nothing. Make it a plain one."
                reading.error(node.id, "sub-process-start", message)


def _check_event_start(reading: Reading, of: Node, scope: Scope, in_process: bool) -> None:
    events = [node for node in scope.nodes.values() if node.kind == "startEvent"]
    if len(events) != 1 or events[0].event.kind == "none":
        message = "An event sub-process needs exactly one start event that says what triggers it."
        reading.error(of.id, "event-sub-process-start", message)
        return
    (start,) = events
    if start.event.kind not in _EVENT_STARTS:
        message = f"A {start.event.kind} start event is not supported in an event sub-process yet."
        reading.error(start.id, "event-sub-process-start", message)
    elif start.event.kind == "compensation" and in_process:
        message = "A process cannot be compensated as a whole. Put the event sub-process into a sub-process."
        reading.error(start.id, "event-sub-process-start", message)
    elif start.event.kind == "error" and not start.interrupting:
        message = "An error always interrupts. Set the start event to interrupting."
        reading.error(start.id, "event-sub-process-start", message)


def _check_no_start(reading: Reading, scope: Scope, is_process: bool) -> None:
    if not scope.starts() or (is_process and reading.zeebe):
        if is_process or scope.nodes:
            reading.error(scope.id, "no-start-event", "Nothing says where the process begins. Add a start event.")
    elif is_process:
        message = "There is no start event; the process begins at every element that nothing leads to."
        reading.warn(scope.id, "no-start-event", message)


def _check_process_starts(reading: Reading, events: list[Node]) -> None:
    plain = [node for node in events if node.event.kind == "none"]
    if len(plain) > 1:
        message = "A process has at most one plain start event. Join the others to it, or give them a message."
        reading.error(plain[1].id, "several-start-events", message)
    for node in events:
        kind = node.event.kind
        if kind not in _PROCESS_STARTS:
            message = f"A process cannot start on a {kind} event here. Use a message, signal or timer."
            reading.error(node.id, f"{kind}-start", message)


def _check_event(reading: Reading, node: Node, of: Node | None) -> None:
    allowed = _ALLOWED.get(node.kind)
    kind = node.event.kind
    if allowed is not None and kind not in allowed:
        if kind == "none":
            reading.error(
                node.id,
                "event-definition-missing",
                "The event does not say what it waits for. Choose a message, timer, signal…",
            )
        else:
            reading.error(node.id, "event-misplaced", f"A {kind} event cannot stand here.")
    if kind == "cancel" and node.kind == "endEvent" and (of is None or of.kind != "transaction"):
        reading.error(
            node.id,
            "cancel-outside-transaction",
            "A cancel end event belongs directly into a transaction. Use an error end event.",
        )
    if node.event_sub_process and (node.loop is not None):
        reading.error(
            node.id, "event-sub-process-loop", "An event sub-process cannot be repeated. Remove its loop marker."
        )


def _check_boundary(reading: Reading, scope: Scope, node: Node) -> None:
    host = scope.nodes.get(node.attached_to or "")
    kind = node.event.kind
    if host is None or host.kind.endswith(("Event", "Gateway")) or host.event_sub_process:
        reading.error(
            node.id,
            "boundary-unattached",
            "The boundary event is attached to no activity. Place it on the edge of a task or sub-process.",
        )
    elif kind == "cancel" and host.kind != "transaction":
        reading.error(
            node.id,
            "cancel-outside-transaction",
            "A cancel boundary event belongs to a transaction. Use an error boundary event.",
        )
    elif kind == "compensation" and not host.handler:
        reading.error(
            node.id,
            "compensation-handler-missing",
            "No handler is associated with the compensation event. Draw an association to the task that undoes the work.",
        )
    if kind in ("error", "cancel") and not node.interrupting:
        reading.error(
            node.id,
            "boundary-must-interrupt",
            f"A boundary event for {kind} always interrupts. Set it to interrupting.",
        )


def _check_flows(reading: Reading, scope: Scope, node: Node, out: list[Flow], into: list[Flow]) -> None:
    if into and not (node.is_entered_by_flow and node.kind != "startEvent"):
        reading.error(node.id, "flow-not-allowed", "No sequence flow may lead here. Remove it.")
    is_compensation = node.for_compensation or (node.kind == "boundaryEvent" and node.event.kind == "compensation")
    if out and (node.kind == "endEvent" or node.event_sub_process or is_compensation):
        reading.error(node.id, "flow-not-allowed", "No sequence flow may leave here. Remove it.")
    if node.default and node.default not in {flow.id for flow in out}:
        reading.error(
            node.id,
            "default-unknown",
            f"The default flow “{node.default}” does not leave this element. Choose one that does.",
        )
    if node.kind in _CHOOSING and len(out) > 1:
        for flow in out:
            if flow.condition is None and flow.id != node.default and not _has_problem(reading, flow.id):
                reading.error(
                    flow.id,
                    "flow-without-condition",
                    f"The flow from “{node.name or node.id}” to “{_label(scope, flow.target)}” has no condition. Give it one, or make it the default flow.",
                )
    elif node.kind in ("parallelGateway", "eventBasedGateway", "startEvent"):
        for flow in out:
            if flow.condition is not None:
                reading.warn(
                    flow.id, "condition-ignored", "A condition has no meaning on this flow and is not looked at."
                )
    if node.kind == "eventBasedGateway":
        _check_alternatives(reading, scope, node, out)


def _check_alternatives(reading: Reading, scope: Scope, node: Node, out: list[Flow]) -> None:
    if not out:
        reading.error(
            node.id, "event-gateway-target", "The gateway waits for nothing. Connect it with the events to wait for."
        )
    for flow in out:
        target = scope.nodes[flow.target]
        if not (
            target.kind == "receiveTask" or (target.kind == "intermediateCatchEvent" and target.event.kind != "link")
        ):
            reading.error(
                node.id,
                "event-gateway-target",
                "Only events that wait may follow an event-based gateway: a message, timer, signal or condition.",
            )
        elif len([other for other in scope.flows if other.target == target.id]) > 1:
            reading.error(
                target.id,
                "event-gateway-target",
                "An event that follows an event-based gateway may have no other way in. Draw it twice.",
            )


def _check_links(reading: Reading, scope: Scope) -> None:
    links = [node for node in scope.nodes.values() if node.event.kind == "link" and node.event.name is not None]
    targets: dict[str, Node] = {}
    for node in links:
        name = node.event.name.text if node.event.name else ""
        if node.kind == "intermediateCatchEvent":
            if name in targets:
                reading.error(node.id, "link-twice", f"Two link events catch “{name}”. Only one may.")
            targets[name] = node
    for node in links:
        name = node.event.name.text if node.event.name else ""
        if node.kind == "intermediateThrowEvent" and name not in targets:
            reading.error(node.id, "link-missing", f"No link event catches “{name}” in the same process. Draw one.")


def _has_problem(reading: Reading, element: str) -> bool:
    return any(problem.element == element and problem.is_error for problem in reading.problems)


def _label(scope: Scope, node_id: str) -> str:
    node = scope.nodes.get(node_id)
    return (node.name or node.id) if node is not None else node_id
