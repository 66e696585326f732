"""Hand a message to the one case that waits for it, or start the processes that start on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.commands.start_instance import StartInstance
from engine.commands.work import Work
from engine.model.actor import Actor
from engine.model.errors import Forbidden, MessageNotAwaited
from engine.store.subscriptions import Waiting, triggers_for, waiting_for


@dataclass(frozen=True, slots=True)
class Correlated:
    """The cases that took the message or signal, started ones included."""

    instance_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CorrelateMessage:
    """Deliver a message by name and key to exactly one waiting token: that of the oldest case that the actor may see.

    Where none waits, every process with a message start event of this name starts (BPMN 2.0, 10.5.2).
    """

    name: str
    actor: Actor
    correlation_key: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)

    def handle(self, work: Work) -> Correlated:
        """Raise MessageNotAwaited when nobody takes it; Forbidden for an actor without any role."""
        if not self.actor.roles:
            raise Forbidden("send a message")
        waiting = waiting_for(work.connection, "message", self.name, self.correlation_key, actor=self.actor)
        if waiting:
            deliver(work, waiting[0], self.actor, self.variables)
            return Correlated((waiting[0].instance_id,))
        started = [
            StartInstance(key, self.actor, variables=self.variables, element_id=element).handle(work)
            for key, element in triggers_for(work.connection, "message", self.name)
        ]
        if not started:
            raise MessageNotAwaited(self.name)
        return Correlated(tuple(case.id for case in started))


def deliver(work: Work, waiting: Waiting, actor: Actor, variables: Mapping[str, Any]) -> None:
    """Give a message or signal to one token, its variables with it."""
    case = work.open_case(waiting.instance_id)
    advance = case.run.deliver(waiting.id, dict(variables), now=work.plant_time, functions=work.functions)
    work.save(case, advance, actor)
