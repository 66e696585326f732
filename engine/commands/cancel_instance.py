"""Cancel a case."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.work import Work
from engine.model import history
from engine.model.actor import MANAGER, Actor
from engine.model.errors import Forbidden
from engine.model.history import Entry
from engine.store.visibility import require_visible


@dataclass(frozen=True, slots=True)
class CancelInstance:
    """End a running or suspended case where it is; its tasks, timers and jobs go."""

    instance_id: str
    actor: Actor
    reason: str = ""

    def handle(self, work: Work) -> None:
        """Raise NotFound, Forbidden, InstanceNotRunning."""
        require_visible(work.connection, self.instance_id, self.actor)
        if not self.actor.has_role(MANAGER):
            raise Forbidden("cancel a case")
        case = work.open_case(self.instance_id, suspended=True)
        advance = case.run.cancel(now=work.plant_time)
        own = Entry(history.INSTANCE_CANCELLED, None, {"reason": self.reason} if self.reason else {})
        work.save(case, advance, self.actor, [own])
