"""Compensation: undoing what was completed, in the reverse order; and the cancel end event of a transaction, which rests on it.

Mends, against SpiffWorkflow 3.2.0: a compensation throw event does nothing, its boundary event is refused; a cancel end event undoes
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.bpmn.diagram import Node
from engine.bpmn.element import ElementSpec, Link
from engine.bpmn.expressions import Failure
from engine.bpmn.multi_instance import RepeatedSpec
from engine.bpmn.sub_process import SubProcessSpec
from engine.bpmn.token import Token
from engine.model import history

if TYPE_CHECKING:
    from engine.bpmn.process_spec import ScopeSpec
    from engine.bpmn.workflow import ScopeWorkflow

# What can be undone is a list [element, its local variables, what could be undone inside it] a scope, oldest first.


class CompensateSpec(ElementSpec):
    """Throws compensation, and goes on when every handler is through (BPMN 2.0, 10.5.1); handlers run below its token."""

    waits = True

    def begin(self, token: Token) -> bool | None:
        scope = self.scope_to_undo(token.workflow)
        wanted = self.node.event.activity
        todo = [entry for entry in scope.compensable if wanted in (None, entry[0])]
        scope.compensable = [entry for entry in scope.compensable if entry not in todo]
        if not todo:
            return True
        token.internal_data["todo"] = todo
        self.undo_next(token)
        return None

    def scope_to_undo(self, scope: ScopeWorkflow) -> ScopeWorkflow:
        """Choose the scope: inside an event sub-process it is the one around it."""
        while scope.owner is not None and scope.owner.task_spec.node.event_sub_process:
            scope = scope.owner.workflow
        return scope

    def undo_next(self, token: Token) -> None:
        element, local, *inside = token.internal_data["todo"].pop()
        scope = self.scope_to_undo(token.workflow)
        spec = scope.spec.elements[element]
        if isinstance(spec, RepeatedSpec):
            spec = spec.each
        handler = spec.handler or spec.undo
        home = token if scope is token.workflow else scope.task_tree
        child = home._add_child(handler)
        child.internal_data["undoes"] = token.id
        child.data.update(local)
        if inside:
            child.internal_data["inside"] = inside[0]
        child._ready()

    def child_completed(self, token: Token, child: Token) -> None:
        if token._children:
            return
        if token.internal_data["todo"]:
            self.undo_next(token)
        else:
            self.undone(token)

    def undone(self, token: Token) -> None:
        token.internal_data["done"] = 1
        token._ready()


class CancelEndSpec(CompensateSpec):
    """Ends a transaction in failure: stops the rest, undoes what was completed, leaves by the cancel boundary event."""

    def begin(self, token: Token) -> bool | None:
        token.workflow.cancel_all(but=token)
        if super().begin(token):
            self.undone(token)
        return None

    def scope_to_undo(self, scope: ScopeWorkflow) -> ScopeWorkflow:
        return scope

    def undone(self, token: Token) -> None:
        token.internal_data.pop("s", None)
        token.log(history.ELEMENT_COMPLETED)
        at: Token | None = token.workflow.owner
        while at is not None:
            boundary = at.task_spec.boundary_for("cancel", None)
            if boundary is not None:
                boundary.catch(at, {})
                return
            at = at.parent
        raise Failure("The transaction was cancelled, but has no cancel boundary event.")


class UndoInsideSpec(SubProcessSpec):
    """Opens a completed sub-process again to run the handlers inside it. Shown nowhere: it is no element of the diagram."""

    waits = False

    def __init__(self, scope: ScopeSpec, of: SubProcessSpec) -> None:
        super().__init__(scope, Node(of.node.id, of.node.kind, of.node.name, of.node.scope), "#undo")
        self.inner = of.inner

    def begin(self, token: Token) -> None:
        assert self.inner is not None
        scope = token.workflow.case.create_subprocess(token, self.inner)
        scope.compensable = token.internal_data.pop("inside")
        assert self.inner.undo_all is not None
        undo = self.inner.on_compensation or Link(None, self.inner.undo_all)
        scope.begin((undo,), with_events=False)

    def _on_complete_hook(self, my_task: Token) -> None:
        my_task.workflow.case.subprocesses.pop(my_task.id, None)


class UndoAllSpec(CompensateSpec):
    """Throws compensation inside a sub-process that was opened again; no element of the diagram."""

    waits = False

    def __init__(self, scope: ScopeSpec) -> None:
        super().__init__(scope, Node("#undo", "undo", "", scope.name))

    def scope_to_undo(self, scope: ScopeWorkflow) -> ScopeWorkflow:
        return scope

    def _on_complete_hook(self, my_task: Token) -> Any:
        """Write nothing."""
