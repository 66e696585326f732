"""What a BPMN file says, as values: read once, never changed, no SpiffWorkflow in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.bpmn.expressions import Expression
from engine.model.definition import Element, References, Trigger
from engine.model.problem import Problem

EventKind = Literal[
    "none",
    "message",
    "signal",
    "timer",
    "error",
    "escalation",
    "conditional",
    "link",
    "terminate",
    "compensation",
    "cancel",
]


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    source: str
    target: str
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """An event definition. `name` of message, signal or link; `code` None catches every error or escalation."""

    kind: EventKind
    name: Expression | None = None
    key: Expression | None = None
    code: Expression | None = None
    code_variable: str | None = None
    message_variable: str | None = None
    timer: Literal["date", "duration", "cycle", ""] = ""
    when: Expression | None = None
    condition: Expression | None = None
    activity: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """`source` evaluated into `target`, a dotted path."""

    source: Expression
    target: str


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance (parallel, sequential) or the standard loop of BPMN 2.0, 10.3.7."""

    kind: Literal["parallel", "sequential", "standard"]
    collection: Expression | None = None
    cardinality: Expression | None = None
    element: str | None = None
    output_collection: str | None = None
    output_element: Expression | None = None
    completion: Expression | None = None
    condition: Expression | None = None
    test_before: bool = False
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class HumanWork:
    form: Expression | None = None
    assignee: Expression | None = None
    groups: Expression | None = None
    users: Expression | None = None
    due: Expression | None = None
    follow_up: Expression | None = None
    priority: Expression | None = None


@dataclass(frozen=True, slots=True)
class Job:
    type: Expression
    retries: Expression | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    result_variable: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    key: Expression
    result_variable: str


@dataclass(frozen=True, slots=True)
class Script:
    expression: Expression
    result_variable: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """A call activity's target and what crosses: all variables of the caller in, all of the called process out."""

    process: Expression
    all_in: bool = True
    all_out: bool = True


@dataclass(frozen=True, slots=True)
class AdHoc:
    """`active`: ids to activate on entry, None for all without incoming flow; `completion` ends it early."""

    active: Expression | None = None
    completion: Expression | None = None
    cancel_rest: bool = True
    sequential: bool = False


@dataclass(slots=True)
class Node:
    """A flow node. `kind` is its BPMN tag; `inner` the contents of a sub-process."""

    id: str
    kind: str
    name: str
    scope: str
    names: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    event: Event = field(default_factory=lambda: Event("none"))
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    loop: Loop | None = None
    work: HumanWork | None = None
    job: Job | None = None
    decision: Decision | None = None
    script: Script | None = None
    call: Call | None = None
    ad_hoc: AdHoc | None = None
    inner: Scope | None = None
    default: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    event_sub_process: bool = False
    for_compensation: bool = False
    handler: str | None = None
    lane_groups: tuple[str, ...] = ()

    @property
    def is_entered_by_flow(self) -> bool:
        """Tell whether a sequence flow may lead here: not for boundaries, handlers, event sub-processes, link targets."""
        is_link_target = self.kind == "intermediateCatchEvent" and self.event.kind == "link"
        return not (self.attached_to or self.event_sub_process or self.for_compensation or is_link_target)


@dataclass(slots=True)
class Scope:
    """The nodes and flows of a process or sub-process, in document order."""

    id: str
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)

    def walk(self) -> list[Node]:
        """Return all nodes, those of sub-processes after their own, without recursion."""
        found: list[Node] = []
        todo: list[Scope] = [self]
        while todo:
            scope = todo.pop()
            for node in scope.nodes.values():
                found.append(node)
                if node.inner is not None:
                    todo.append(node.inner)
        return found

    def starts(self) -> list[Node]:
        """Return where a token begins without a trigger: none start events, else all nodes that nothing leads to."""
        events = [node for node in self.nodes.values() if node.kind == "startEvent"]
        if events:
            return [node for node in events if node.event.kind == "none"]
        targets = {flow.target for flow in self.flows}
        return [node for node in self.nodes.values() if node.id not in targets and node.is_entered_by_flow]


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """A process of a file that is run: what checks, pages and REST know of it, and its contents for `build`."""

    key: str
    name: str
    names: Mapping[str, str]
    references: References
    elements: Mapping[str, Element]
    triggers: tuple[Trigger, ...]
    contents: Scope
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Diagram:
    """One file as read. With errors among `problems`, its processes may be incomplete."""

    file: str
    data: bytes
    sha256: str
    problems: tuple[Problem, ...]
    processes: tuple[ProcessInfo, ...]
    soft_references: bool = False
    """Whether references stem from another dialect, so that unknown ones are warnings."""
