"""The contents of a process or sub-process: nodes, flows, lanes, associations."""

from __future__ import annotations

from collections.abc import Callable

from engine import xml
from engine.bpmn import dialects, zeebe
from engine.bpmn.diagram import Call, Flow, Job, Node, Scope
from engine.bpmn.expressions import Literal
from engine.bpmn.read_events import read_event, read_message
from engine.bpmn.reading import BPMN, ZEEBE, Reading, XmlElement, bpmn, extensions, vendor
from engine.bpmn.reading import zeebe as zeebe_element
from engine.bpmn.untranslated import note_untranslated

SUB_PROCESSES = ("subProcess", "transaction", "adHocSubProcess")
PASSING = ("task", "manualTask", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
ACTIVITIES = (
    "task", "manualTask", "userTask", "serviceTask", "sendTask", "scriptTask", "businessRuleTask", "receiveTask", "callActivity",
    *SUB_PROCESSES,
)  # fmt: skip
REFUSED = {
    "complexGateway": (
        "complex-gateway",
        "Complex gateways are not run: their meaning is left open by BPMN. Use an inclusive or parallel gateway.",
    ),
    "choreographyTask": ("choreography", "Choreographies are not run. Draw the process of one participant."),
    "subChoreography": ("choreography", "Choreographies are not run. Draw the process of one participant."),
    "callChoreography": ("choreography", "Choreographies are not run. Draw the process of one participant."),
}


def read_scope(reading: Reading, element: XmlElement, scope_id: str) -> Scope:
    """Read the nodes and flows directly inside a process or sub-process, and those of its sub-processes."""
    scope = Scope(scope_id)
    lanes = _lanes(reading, element)
    for child in element:
        if xml.namespace(child) != BPMN:
            continue
        kind = xml.local_name(child)
        if kind in REFUSED:
            reading.error(child, *REFUSED[kind])
        elif kind in EVENTS or kind in ACTIVITIES or kind in PASSING:
            node = _node(reading, child, kind, scope_id)
            node.lane_groups = lanes.get(node.id, ())
            if node.id in reading.ids:
                reading.error(child, "duplicate-id", f"The id “{node.id}” is used twice. Give each element its own.")
            reading.ids.add(node.id)
            scope.nodes[node.id] = node
    _flows(reading, element, scope)
    _handlers(element, scope)
    return scope


def _lanes(reading: Reading, element: XmlElement) -> dict[str, tuple[str, ...]]:
    """Map node ids to the groups of their lane: its property `candidateGroups`, else its name; the innermost lane wins."""
    found: dict[str, tuple[str, ...]] = {}
    for lane in element.findall(f"{{{BPMN}}}laneSet//{{{BPMN}}}lane"):
        own = zeebe.properties(lane).get("candidateGroups") or lane.get("name") or ""
        groups = tuple(part.strip() for part in own.split(",") if part.strip())
        if groups:
            for reference in xml.children(lane, "flowNodeRef"):
                found[(reference.text or "").strip()] = groups
    return found


def _node(reading: Reading, element: XmlElement, kind: str, scope_id: str) -> Node:
    if not element.get("id"):
        element.set("id", f"{kind}-{len(reading.ids) + 1}")
    own = zeebe.properties(element)
    node = Node(
        id=element.get("id", ""),
        kind=kind,
        name=(element.get("name") or "").strip(),
        scope=scope_id,
        names=zeebe.names(own),
        properties={name: value for name, value in own.items() if not name.startswith("name:")},
        default=element.get("default"),
        attached_to=element.get("attachedToRef") if kind == "boundaryEvent" else None,
        for_compensation=element.get("isForCompensation") == "true",
    )
    note_untranslated(reading, element)
    native = zeebe.mappings(reading, element)
    node.inputs, node.outputs = native if any(native) else dialects.mappings(reading, element)
    if kind in EVENTS:
        _event(reading, element, node)
    if kind in ACTIVITIES:
        _check_quantities(reading, element)
        node.loop = zeebe.loop(reading, element) if _is_native_loop(element) else dialects.loop(reading, element)
    reader = _READERS.get(kind)
    if reader is not None:
        reader(reading, element, node)
    return node


def _check_quantities(reading: Reading, element: XmlElement) -> None:
    if any(element.get(name, "1") != "1" for name in ("startQuantity", "completionQuantity")):
        message = "The activity waits for or makes several tokens. Use parallel gateways, or a multi-instance."
        reading.error(element, "token-quantity", message)


def _is_native_loop(element: XmlElement) -> bool:
    holder = bpmn(element, "multiInstanceLoopCharacteristics")
    return holder is not None and zeebe_element(holder, "loopCharacteristics") is not None


def _event(reading: Reading, element: XmlElement, node: Node) -> None:
    node.event = read_event(reading, element)
    node.interrupting = element.get("cancelActivity", element.get("isInterrupting", "true")) != "false"
    if node.kind in ("endEvent", "intermediateThrowEvent") and node.event.kind in ("message", "signal"):
        definition = next((child for child in element if xml.local_name(child) == "messageEventDefinition"), element)
        node.job = zeebe.job(reading, element) or dialects.job(reading, definition) or dialects.job(reading, element)
        if node.event.name is None and node.job is None:
            _without_type(reading, element, node)


def _user(reading: Reading, element: XmlElement, node: Node) -> None:
    has_zeebe = bool(extensions(element, (ZEEBE,)))
    native = zeebe.human_work(reading, element)
    other = dialects.human_work(reading, element)
    node.work = native if has_zeebe or reading.zeebe else other


def _service(reading: Reading, element: XmlElement, node: Node) -> None:
    node.job = zeebe.job(reading, element) or dialects.job(reading, element)
    if node.job is None and node.kind == "sendTask" and element.get("messageRef"):
        node.event = read_message(reading, element, element)
        return
    if node.job is None:
        _without_type(reading, element, node)


def _without_type(reading: Reading, element: XmlElement, node: Node) -> None:
    node.job = Job(Literal(node.id))
    if zeebe_element(element, "taskDefinition") is None:  # one without a type is an error already
        reading.warn(
            element,
            "job-type-missing",
            f"No service is named; the work waits for an outside worker of the type “{node.id}”.",
        )


def _script(reading: Reading, element: XmlElement, node: Node) -> None:
    node.script = zeebe.script(reading, element)
    if node.script is None and zeebe_element(element, "script") is None:
        node.job = zeebe.job(reading, element)
        if node.job is None:
            node.script = dialects.script(reading, element)
            node.job = None if node.script is not None else dialects.script_job(reading, element)


def _rule(reading: Reading, element: XmlElement, node: Node) -> None:
    node.decision = zeebe.decision(reading, element) or dialects.decision(reading, element)
    if node.decision is None:
        node.job = zeebe.job(reading, element) or dialects.job(reading, element)
    if node.decision is None and node.job is None:
        if reading.zeebe and zeebe_element(element, "calledDecision") is None:
            reading.error(
                element,
                "decision-missing",
                "The business rule task names no decision. Give it the id of a decision table.",
            )
        else:
            _without_type(reading, element, node)


def _receive(reading: Reading, element: XmlElement, node: Node) -> None:
    node.event = read_message(reading, element, element)
    if element.get("instantiate") == "true":
        reading.error(
            element,
            "receive-instantiates",
            "The receive task would start the process. Use a message start event instead.",
        )


def _call(reading: Reading, element: XmlElement, node: Node) -> None:
    node.call = zeebe.call(reading, element) or dialects.call(reading, element)
    if node.call is None:
        reading.error(
            element,
            "called-process-missing",
            "The call activity names no process. Give it the id of the process to call.",
        )
        node.call = Call(Literal(""))


def _sub_process(reading: Reading, element: XmlElement, node: Node) -> None:
    node.event_sub_process = element.get("triggeredByEvent") == "true"
    if node.kind == "adHocSubProcess":
        node.ad_hoc = zeebe.ad_hoc(reading, element)
    node.inner = read_scope(reading, element, node.id)


def _event_gateway(reading: Reading, element: XmlElement, node: Node) -> None:
    if element.get("instantiate") == "true":
        reading.error(element, "gateway-instantiates", "The gateway would start the process. Use start events instead.")
    if element.get("eventGatewayType") == "Parallel":
        message = "The gateway waits for all of its events. Use a parallel gateway with an event on each branch."
        reading.error(element, "gateway-waits-for-all", message)


_READERS: dict[str, Callable[[Reading, XmlElement, Node], None]] = {
    "userTask": _user,
    "serviceTask": _service,
    "sendTask": _service,
    "scriptTask": _script,
    "businessRuleTask": _rule,
    "receiveTask": _receive,
    "callActivity": _call,
    "eventBasedGateway": _event_gateway,
    **dict.fromkeys(SUB_PROCESSES, _sub_process),
}


def _flows(reading: Reading, element: XmlElement, scope: Scope) -> None:
    for child in xml.children(element, "sequenceFlow"):
        if xml.namespace(child) != BPMN:
            continue
        if not child.get("id"):
            child.set("id", f"flow-{len(reading.ids) + 1}")
        name = child.get("id", "")
        reading.ids.add(name)
        ends = [(end, child.get(end, "")) for end in ("sourceRef", "targetRef")]
        missing = [(end, reference) for end, reference in ends if reference not in scope.nodes]
        if missing:
            end, reference = missing[0]
            side = "begins" if end == "sourceRef" else "ends"
            if scope.nodes or not reading.problems:
                reading.error(
                    child,
                    "flow-leads-nowhere",
                    f"The sequence flow {side} at “{reference}”, which is not in the same process. Connect it again.",
                )
            continue
        holder = bpmn(child, "conditionExpression")
        condition = None
        if holder is not None:
            text = holder.text
            if not (text or "").strip() and vendor(holder, "resource"):
                reading.error(
                    child,
                    "condition-language",
                    "The condition stands in a file of its own. Write it into the diagram in FEEL.",
                )
            else:
                condition = reading.condition(child, text, "condition", holder.get("language"))
        scope.flows.append(Flow(name, ends[0][1], ends[1][1], condition))


def _handlers(element: XmlElement, scope: Scope) -> None:
    """Connect compensation boundary events with their handlers by the associations drawn."""
    for association in xml.children(element, "association"):
        boundary = scope.nodes.get(association.get("sourceRef", ""))
        handler = scope.nodes.get(association.get("targetRef", ""))
        if (
            boundary is not None
            and handler is not None
            and boundary.event.kind == "compensation"
            and boundary.attached_to in scope.nodes
        ):
            scope.nodes[boundary.attached_to].handler = handler.id
            handler.for_compensation = True
