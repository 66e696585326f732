"""The token: SpiffWorkflow's `Task`, kept to what is alive.

Mends, against SpiffWorkflow 3.2.0: data is copied from task to task (`_inherit_data`); children are predicted; finished tasks
stay in the tree for ever, so that each step costs more than the one before; `cancel` drops children without `_on_cancel`;
`run` completes a task that was interrupted while it ran; ancestors are searched by recursion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.expressions import Failure
from engine.model import history
from engine.model.advance import IncidentRaised
from engine.model.identifier import new_id

if TYPE_CHECKING:
    from engine.bpmn.element import ElementSpec, Link
    from engine.bpmn.workflow import ScopeWorkflow

FINISHED = TaskState.FINISHED_MASK


class Token(Task):
    """A place in the diagram where a case stands. `data` holds local variables, `internal_data` what a snapshot keeps.

    The tree holds unfinished tokens only: those of a scope stand below its root, boundary events and instances of a
    multi-instance below their activity.
    """

    workflow: ScopeWorkflow
    task_spec: ElementSpec
    _state: int

    def __init__(
        self,
        workflow: ScopeWorkflow,
        task_spec: ElementSpec,
        parent: Token | None = None,
        state: int = TaskState.FUTURE,
        id: str | None = None,
    ) -> None:
        super().__init__(workflow, task_spec, parent, state, id or new_id(workflow.case.around.now))
        self._children: dict[str, Token] = {}
        self.chosen: tuple[Link, ...] = ()
        workflow.case.tokens[self.id] = self

    @property
    def children(self) -> list[Token]:
        return list(self._children.values())

    def _child_added_notify(self, child: Token) -> None:
        self._children[child.id] = child

    def _add_child(self, task_spec: ElementSpec, state: int = TaskState.FUTURE) -> Token:
        return Token(self.workflow, task_spec, self, state)

    def _inherit_data(self) -> None:
        """Copy nothing: variables live at the scope."""

    def _set_state(self, value: int) -> None:
        if value != self._state:
            self._state = value
            if value == TaskState.READY:
                self.workflow.case.ready.append(self)

    @property
    def is_finished(self) -> bool:
        return bool(self._state & FINISHED)

    @property
    def is_beside(self) -> bool:
        """Tell whether the token only waits beside the flow, for a boundary event or an event sub-process."""
        return self.task_spec.attached and "fired" not in self.internal_data

    def _ready(self) -> None:
        if not self.is_finished:
            self._set_state(TaskState.READY)
            self.task_spec._on_ready(self)

    def run(self) -> bool | None:
        """Act on the element that was reached; an interruption meanwhile wins."""
        self._set_state(TaskState.STARTED)
        result: bool | None = self.task_spec._run(self)
        if result and not self.is_finished:
            self.complete()
        return result

    def complete(self) -> None:
        """Leave the element; what fails on the way out becomes an incident before anything has moved."""
        try:
            self.chosen = self.task_spec.prepare_leave(self)
        except Failure as failure:
            self.fail("leave", str(failure))
            return
        self._set_state(TaskState.COMPLETED)
        self.task_spec._on_complete(self)

    def vanish(self) -> None:
        """Finish without leaving by any flow: consumed by a join, or by the error that it threw."""
        self._set_state(TaskState.COMPLETED)
        for child in self.children:
            child.cancel()
        self.drop()

    def cancel(self) -> None:
        """Cancel the token and all below it."""
        for child in self.children:
            child.cancel()
        if not self.is_finished:
            self._set_state(TaskState.CANCELLED)
            self.resolve_incident()
            self.task_spec._on_cancel(self)
            self.drop()

    def drop(self) -> None:
        """Take the finished token out of the tree."""
        parent = self.parent
        if parent is not None:
            parent._children.pop(self.id, None)
        self.workflow.tasks.pop(self.id, None)
        self.workflow.case.tokens.pop(self.id, None)

    def move_below(self, parent: Token) -> None:
        """Hang the token elsewhere in the tree of its scope."""
        before = self.parent
        if before is not None:
            before._children.pop(self.id, None)
        self._parent = parent.id
        parent._children[self.id] = self

    def fail(self, phase: str, message: str) -> None:
        """Stop here until someone retries; `phase` says where to go on."""
        case = self.workflow.case
        identifier = new_id(case.around.now)
        self.internal_data["incident"] = [identifier, phase]
        self._set_state(TaskState.STARTED)
        case.advance.incidents.append(IncidentRaised(identifier, self.task_spec.node.id, message))
        self.log(history.INCIDENT_RAISED, {"incident_id": identifier, "message": message})

    def resolve_incident(self) -> str | None:
        """Take the incident away; return the phase to go on with."""
        found = self.internal_data.pop("incident", None)
        if found is None:
            return None
        self.workflow.case.advance.incidents_resolved.append(found[0])
        self.log(history.INCIDENT_RESOLVED, {"incident_id": found[0]})
        return str(found[1])

    def log(self, kind: str, data: dict[str, Any] | None = None) -> None:
        """Write a history entry for this element."""
        self.workflow.log(kind, self.task_spec.node.id, data)
