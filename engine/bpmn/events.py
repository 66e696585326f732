"""Catching events: in the flow, on the boundary of an activity, behind an event-based gateway, at an event sub-process.

Mends, against SpiffWorkflow 3.2.0: interrupting event sub-processes do not interrupt, those for errors start at once; a receive
task without message passes; link events are dead ends; two timers behind one event-based gateway share a due value.
"""

from __future__ import annotations

from typing import Any

from engine.bpmn.arming import arm, disarm, follow_variables, next_round, unsubscribe
from engine.bpmn.element import ARMED, ElementSpec
from engine.bpmn.expressions import Failure, Warning
from engine.bpmn.token import Token
from engine.model import history


class CatchingSpec(ElementSpec):
    """Waits in the flow: an intermediate catch event or a receive task."""

    waits = True

    def begin(self, token: Token) -> bool | None:
        if self.node.event.kind not in ARMED:
            return True
        arm(token, self.node.event)
        return None

    def note_start(self, token: Token) -> None:
        """Behind an event-based gateway, only the event that happens becomes a step of the case."""
        if token.parent is None or not isinstance(token.parent.task_spec, EventGatewaySpec):
            super().note_start(token)

    def fire(self, token: Token, variables: dict[str, Any]) -> None:
        """Go on: the awaited thing has happened."""
        gateway = token.parent
        if gateway is not None and isinstance(gateway.task_spec, EventGatewaySpec):
            gateway.task_spec.won(gateway, token)
            self.note_start(token)
        note_firing(token, variables)
        self.merge(token, variables)
        token.complete()

    def look(self, token: Token) -> None:
        """Fire when the condition became true, once for each time it does."""
        if turned_true(token):
            self.fire(token, {})

    def _on_complete_hook(self, my_task: Token) -> None:
        unsubscribe(my_task)
        super()._on_complete_hook(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        disarm(my_task)
        super()._on_cancel(my_task)


class EventGatewaySpec(ElementSpec):
    """Waits for the first of several events; each waits on a token of its own below the gateway's (BPMN 2.0, 13.4.4)."""

    waits = True

    def begin(self, token: Token) -> None:
        for link in self.links:
            waiting = token._add_child(link.target)
            waiting.internal_data["via"] = link.id
            waiting._ready()

    def won(self, token: Token, winner: Token) -> None:
        """Take the flow to the event that came first, and drop the others."""
        parent = token.parent
        assert parent is not None
        winner.move_below(parent)
        for other in token.children:
            other.cancel()
        token.log(history.ELEMENT_COMPLETED)
        token.workflow.log(history.FLOW_TAKEN, winner.internal_data.pop("via", None))
        token.vanish()


class AttachedSpec(ElementSpec):
    """Waits beside the flow and fires an activity of its own."""

    attached = True

    @property
    def is_armed(self) -> bool:
        return self.node.event.kind in ARMED

    def _run_hook(self, my_task: Token) -> bool | None:
        if "fired" in my_task.internal_data:
            return True
        arm(my_task, self.node.event)
        return None

    def look(self, token: Token) -> None:
        if turned_true(token):
            self.fire(token, {})

    def fire(self, token: Token, variables: dict[str, Any]) -> None:
        """Leave beside the flow: the awaited thing has happened."""
        at = token.parent
        assert at is not None
        note_firing(token, variables)
        if not self.node.interrupting and self.node.event.kind != "timer":
            self._go(at, at._add_child(self), variables)  # the waiting token stays, and with it its subscription
            return
        again = None if self.node.interrupting else next_round(token, self.node.event)
        unsubscribe(token)
        if again is not None:
            following = at._add_child(self)
            following.internal_data.update(again)
            following._ready()
        self._go(at, token, variables)

    def catch(self, at: Token, variables: dict[str, Any]) -> None:
        """Catch a thrown error or escalation, for which no token waited."""
        self._go(at, at._add_child(self), variables)

    def _go(self, at: Token, token: Token, variables: dict[str, Any]) -> None:
        token.internal_data = {"fired": 1}
        self.clear_the_way(at, token)
        self.merge(token, variables)
        token.complete()

    def clear_the_way(self, at: Token, token: Token) -> None:
        raise NotImplementedError

    def _on_cancel(self, my_task: Token) -> None:
        disarm(my_task)
        super()._on_cancel(my_task)


class BoundarySpec(AttachedSpec):
    """On the boundary of an activity, whose token is the parent of the waiting one."""

    def clear_the_way(self, at: Token, token: Token) -> None:
        above = at.parent
        assert above is not None
        token.move_below(above)
        if self.node.interrupting:
            at.cancel()


class EventStartSpec(AttachedSpec):
    """The start of an event sub-process, waiting from the moment its scope began; its one link is the event sub-process."""

    def clear_the_way(self, at: Token, token: Token) -> None:
        if self.node.interrupting:
            at.workflow.cancel_all(but=token)

    def _on_complete_hook(self, my_task: Token) -> None:
        """Write nothing: the start event is passed inside the event sub-process."""


class LinkThrowSpec(ElementSpec):
    """Goes on at the link event of the same name; the link is made when the definition is built."""


class StartSpec(ElementSpec):
    """A start event: what triggered it has happened already."""


def turned_true(token: Token) -> bool:
    """Evaluate the condition; true only when it was not before (edge-triggered). A timer that follows moves."""
    if "from" in token.internal_data:
        follow_variables(token)
        return False
    condition = token.task_spec.node.event.condition
    assert condition is not None
    scope = token.workflow
    try:
        holds = condition.value(scope.context(token), scope.case.around) is True
    except Failure as failure:
        scope.case.around.warnings.append(Warning("failed", str(failure)))
        holds = False
    before, token.internal_data["was"] = token.internal_data.get("was", 0), int(holds)
    return holds and not before


def note_firing(token: Token, variables: dict[str, Any]) -> None:
    """Write what happened to history."""
    event = token.task_spec.node.event
    state = token.internal_data
    if event.kind == "timer":
        token.log(history.TIMER_FIRED, {"due_at": state.pop("due", None)})
    elif event.kind in ("message", "signal"):
        token.log(
            history.MESSAGE_RECEIVED,
            {"kind": event.kind, "name": state.get("sub", ["", ""])[1], "variables": variables},
        )
