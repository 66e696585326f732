"""Behaviour of every element: how a token comes in, waits and goes on. SpiffWorkflow's task specification, made just in time.

Mends, against SpiffWorkflow 3.2.0: `_predict` builds all possible futures; `_on_complete` updates predicted children instead
of following the flows; conditions on flows that leave tasks are ignored; several flows from a task are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.diagram import Event, Node
from engine.bpmn.expressions import Expression, Failure, json_value, truth
from engine.model import history

if TYPE_CHECKING:
    from engine.bpmn.multi_instance import RepeatedSpec
    from engine.bpmn.process_spec import ScopeSpec
    from engine.bpmn.token import Token


@dataclass(frozen=True, slots=True)
class Link:
    """A sequence flow between specifications; `id` None where the diagram shows no flow."""

    id: str | None
    target: ElementSpec
    condition: Expression | None = None


class ElementSpec(BpmnSpecMixin):
    """An element that a token only passes: abstract and manual tasks, none events, gateways with one way out."""

    waits = False
    """Whether history tells when a token arrived, not only when it left."""
    attached = False
    """Whether tokens here wait for an event beside the flow: boundary events and starts of event sub-processes."""

    def __init__(self, scope: ScopeSpec, node: Node, suffix: str = "") -> None:
        super().__init__(scope, node.id + suffix, bpmn_name=node.name)
        self.node = node
        self.links: tuple[Link, ...] = ()
        self.conditional: tuple[Link, ...] = ()
        self.default: Link | None = None
        self.counts_flows = False
        """Whether a token must remember the flow it came by: joins."""
        self.boundaries: tuple[ElementSpec, ...] = ()
        self.handler: ElementSpec | None = None
        self.repeated_by: RepeatedSpec | None = None

    def set_links(self, links: Sequence[Link]) -> None:
        """Connect the outgoing flows, when the definition is built and never later."""
        for link in links:
            self.connect(link.target)
        default = next((link for link in links if link.id == self.node.default), None) if self.node.default else None
        self.conditional = tuple(link for link in links if link.condition is not None and link is not default)
        self.default = default if self.conditional else None
        self.links = tuple(link for link in links if link not in self.conditional and link is not self.default)

    # --- the hooks of the library ---------------------------------------------------------------

    def _predict(
        self, my_task: Token, seen: Any = None, looked_ahead: int = 0, mask: int = TaskState.PREDICTED_MASK
    ) -> None:
        """Predict nothing."""

    def _update(self, my_task: Token) -> None:
        if self._update_hook(my_task):
            my_task._ready()

    def _update_hook(self, my_task: Token) -> bool:
        return True

    def _on_ready(self, my_task: Token) -> None:
        """Skip the library's test of the connections: it was made when the definition was built."""

    def _run(self, my_task: Token) -> bool | None:
        try:
            return self._run_hook(my_task)
        except Failure as failure:
            for child in my_task.children:
                child.cancel()
            my_task.fail("enter", str(failure))
            return None

    def _run_hook(self, my_task: Token) -> bool | None:
        """Come in: note the arrival, map inputs, open boundary events, begin. None waits."""
        if "done" in my_task.internal_data:
            return True
        if self.waits:
            self.note_start(my_task)
        if self.node.inputs:
            self.map_inputs(my_task)
        for boundary in self.boundaries:
            if boundary.node.event.kind in ARMED:
                my_task._add_child(boundary)._ready()
        return self.begin(my_task)

    def _on_complete(self, my_task: Token) -> None:
        self._on_complete_hook(my_task)
        parent = my_task.parent
        my_task.drop()
        if parent is not None:
            for link in my_task.chosen:
                follow(parent, link)
        my_task.workflow._task_completed_notify(my_task)

    def _on_complete_hook(self, my_task: Token) -> None:
        for child in my_task.children:
            child.cancel()
        my_task.log(history.ELEMENT_COMPLETED)
        if self.handler is not None:
            my_task.workflow.compensable.append([self.node.id, my_task.data])

    def _on_cancel(self, my_task: Token) -> None:
        if "s" in my_task.internal_data:
            my_task.log(history.ELEMENT_CANCELLED)

    # --- what kinds of elements differ in -------------------------------------------------------

    def begin(self, token: Token) -> bool | None:
        """Do the element's work; True leaves at once, None waits."""
        return True

    def child_completed(self, token: Token, child: Token) -> None:
        """Hear that a token below this one went."""

    def retry(self, token: Token, phase: str) -> None:
        """Go on after an incident."""
        if phase == "leave":
            token.complete()
        else:
            token._ready()

    def prepare_leave(self, token: Token) -> tuple[Link, ...]:
        """Map outputs and choose the flows to take. Raises Failure, and may then be called again."""
        if self.node.outputs and "out" not in token.internal_data:
            self.map_outputs(token)
        if self.repeated_by is not None:
            self.repeated_by.instance_leaves(token)
        return self.choose(token)

    def choose(self, token: Token) -> tuple[Link, ...]:
        """Take every flow without condition and those whose condition holds (BPMN 2.0, 13.3.1)."""
        if not self.conditional:
            return self.links
        scope = token.workflow
        context = scope.context(token)
        taken = tuple(link for link in self.conditional if truth(link.condition, context, scope.case.around))  # type: ignore[arg-type]
        if not taken and self.default is not None:
            taken = (self.default,)
        if not taken and not self.links:
            raise Failure("No flow can be taken: no condition holds and there is no default flow.")
        return self.links + taken

    # --- shared steps ---------------------------------------------------------------------------

    def note_start(self, token: Token) -> None:
        if "s" not in token.internal_data:
            token.internal_data["s"] = 1
            token.log(history.ELEMENT_STARTED)

    def map_inputs(self, token: Token) -> None:
        """Evaluate input mappings one after the other into variables of the element."""
        for mapping in self.node.inputs:
            context = token.workflow.context(token)
            put(token.data, mapping.target, json_value(mapping.source, context, token.workflow.case.around))

    def map_outputs(self, token: Token) -> None:
        """Evaluate output mappings inside the element, and set them outside."""
        scope = token.workflow
        found: dict[str, Any] = {}
        context = scope.context(token)
        for mapping in self.node.outputs:
            value = json_value(mapping.source, {**context, **found} if found else context, scope.case.around)
            name = mapping.target.partition(".")[0]
            if name != mapping.target and name not in found:
                known = scope.outside(token).get(name)
                found[name] = dict(known) if isinstance(known, dict) else {}
            put(found, mapping.target, value)
        token.internal_data["out"] = 1
        for name, value in found.items():
            scope.assign(token, name, value, outside=self.repeated_by is None)

    def merge(self, token: Token, variables: dict[str, Any]) -> None:
        """Take the result of the element's work: local where outputs are mapped, else to where each name lives."""
        if not variables:
            return
        if self.node.outputs:
            token.data.update(variables)
        else:
            for name, value in variables.items():
                token.workflow.assign(token, name, value)

    def boundary_for(self, kind: str, code: str | None) -> ElementSpec | None:
        """Find the boundary event that catches an error or escalation: one with this code before one for all."""
        return best_match(self.boundaries, kind, code)


ARMED = ("timer", "message", "signal", "conditional")


def follow(parent: Token, link: Link) -> Token:
    """Take a flow: a new token below `parent` at its target."""
    token = parent._add_child(link.target)
    if link.id is not None:
        parent.workflow.log(history.FLOW_TAKEN, link.id)
        if link.target.counts_flows:
            token.internal_data["via"] = link.id
    link.target._update(token)
    return token


def put(into: dict[str, Any], path: str, value: Any) -> None:
    """Set a dotted path, making the contexts on the way."""
    *above, last = path.split(".")
    for name in above:
        inner = into.get(name)
        into[name] = inner = dict(inner) if isinstance(inner, dict) else {}
        into = inner
    into[last] = value


def best_match(specs: Sequence[ElementSpec], kind: str, code: str | None) -> ElementSpec | None:
    """Return the specification that catches `code`; one without code catches all, but after the exact one."""
    for_all = None
    for spec in specs:
        event: Event = spec.node.event
        if event.kind == kind:
            if event.code is None:
                for_all = for_all or spec
            elif event.code.text == code:
                return spec
    return for_all
