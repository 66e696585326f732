"""Broadcast a signal to everything that waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.commands.correlate_message import Correlated, deliver
from engine.commands.start_instance import StartInstance
from engine.commands.work import Work
from engine.model.actor import MANAGER, Actor
from engine.model.errors import Forbidden
from engine.store.subscriptions import triggers_for, waiting_for


@dataclass(frozen=True, slots=True)
class BroadcastSignal:
    """Deliver a signal to every waiting token and start every process that starts on it (BPMN 2.0, 10.5.4)."""

    name: str
    actor: Actor
    variables: Mapping[str, Any] = field(default_factory=dict)

    def handle(self, work: Work) -> Correlated:
        """Raise Forbidden for anyone but managers: a signal moves cases of every post."""
        if not self.actor.has_role(MANAGER):
            raise Forbidden("broadcast a signal")
        taken: dict[str, None] = {}
        # A delivery can take tokens of the same case away: look again before each one.
        delivered: set[str] = set()
        while waiting := next(
            (w for w in waiting_for(work.connection, "signal", self.name, actor=self.actor) if w.id not in delivered),
            None,
        ):
            delivered.add(waiting.id)
            deliver(work, waiting, self.actor, self.variables)
            taken[waiting.instance_id] = None
        for key, element in triggers_for(work.connection, "signal", self.name):
            started = StartInstance(key, self.actor, variables=self.variables, element_id=element).handle(work)
            taken[started.id] = None
        return Correlated(tuple(taken))
