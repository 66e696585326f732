"""Resume a suspended case."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.correlate_message import deliver_buffered
from engine.commands.suspension import change_state
from engine.commands.work import Work
from engine.model import history
from engine.model.actor import Actor
from engine.model.instance import InstanceState
from engine.store import jobs, timers


@dataclass(frozen=True, slots=True)
class ResumeInstance:
    """Resume a suspended case; timers that became due meanwhile fire now."""

    instance_id: str
    actor: Actor

    def handle(self, work: Work) -> None:
        """Raise NotFound; Forbidden for anyone but managers; InstanceNotRunning."""
        change_state(
            work, self.instance_id, self.actor, "resume a case", InstanceState.RUNNING, history.INSTANCE_RESUMED
        )
        timers.free_leases(work.connection, self.instance_id)
        jobs.free_leases(work.connection, self.instance_id)
        deliver_buffered(work, self.instance_id, self.actor)
        work.wake(work.now)
