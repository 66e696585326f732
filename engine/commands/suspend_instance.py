"""Suspend a running case."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.suspension import change_state
from engine.commands.work import Work
from engine.model import history
from engine.model.actor import Actor
from engine.model.instance import InstanceState


@dataclass(frozen=True, slots=True)
class SuspendInstance:
    """Suspend a running case: nothing of it moves until it is resumed."""

    instance_id: str
    actor: Actor

    def handle(self, work: Work) -> None:
        """Raise NotFound; Forbidden for anyone but managers; InstanceNotRunning."""
        change_state(
            work, self.instance_id, self.actor, "suspend a case", InstanceState.SUSPENDED, history.INSTANCE_SUSPENDED
        )
