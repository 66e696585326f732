"""Move a timer's due instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.commands.fire_timer import FireTimer
from engine.commands.work import Work
from engine.model import history
from engine.model.actor import MANAGER, Actor
from engine.model.errors import Forbidden
from engine.model.history import Entry
from engine.store.instances import append_history
from engine.store.timers import Timer, get_timer, move_timer


@dataclass(frozen=True, slots=True)
class MoveTimer:
    """Set another due instant (UTC); one in the past fires the timer at once, in the same transaction."""

    timer_id: str
    actor: Actor
    due_at: datetime
    reason: str = ""

    def handle(self, work: Work) -> Timer:
        """Raise NotFound; Forbidden for anyone but managers."""
        if not self.actor.has_role(MANAGER):
            raise Forbidden("move a timer")
        timer = get_timer(work.connection, self.timer_id)
        moved = Timer(timer.id, timer.instance_id, timer.definition_key, timer.element_id, self.due_at)
        if timer.instance_id is not None:
            data = {"from": timer.due_at.isoformat(), "due_at": self.due_at.isoformat(), "reason": self.reason}
            entry = Entry(history.TIMER_MOVED, timer.element_id, data)
            append_history(work.connection, timer.instance_id, work.now, self.actor.name, [entry])
        move_timer(work.connection, timer.id, self.due_at)
        work.wake(self.due_at)
        if self.due_at <= work.now:
            FireTimer(timer.id).handle(work)
        return moved
