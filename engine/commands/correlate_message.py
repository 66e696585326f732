"""Hand a message to the one case that waits for it, or start the processes that start on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.commands.start_instance import StartInstance
from engine.commands.work import Work
from engine.model.actor import Actor
from engine.model.errors import Forbidden, MessageNotAwaited
from engine.store.messages import buffer_message, lock_name, take_message
from engine.store.subscriptions import Waiting, awaited_messages, triggers_for, waiting_for


@dataclass(frozen=True, slots=True)
class Correlated:
    """The cases that took the message or signal, started ones included; until when a message waits that none took."""

    instance_ids: tuple[str, ...]
    waits_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CorrelateMessage:
    """Deliver a message by name and key to exactly one waiting token: that of the oldest case that the actor may see.

    Where none waits, every process with a message start event of this name starts (BPMN 2.0, 10.5.2). Where none does, a
    message with a time to live, in seconds, waits for the first case that comes to await it; that needs an actor who may
    see every case, since nobody knows yet which one it will be.
    """

    name: str
    actor: Actor
    correlation_key: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    ttl_s: float = 0

    def handle(self, work: Work) -> Correlated:
        """Raise MessageNotAwaited when nobody takes it; Forbidden for an actor without any role."""
        if not self.actor.roles:
            raise Forbidden("send a message")
        if self.ttl_s and not self.actor.sees_all:
            raise Forbidden("let a message wait for a case")
        waiting = waiting_for(work.connection, "message", self.name, self.correlation_key, actor=self.actor)
        if not waiting and self.ttl_s:
            lock_name(work.connection, self.name)
            waiting = waiting_for(work.connection, "message", self.name, self.correlation_key, actor=self.actor)
        if waiting:
            deliver(work, waiting[0], self.actor, self.variables)
            return Correlated((waiting[0].instance_id,))
        started = [
            StartInstance(key, self.actor, variables=self.variables, element_id=element).handle(work)
            for key, element in triggers_for(work.connection, "message", self.name)
        ]
        if started:
            return Correlated(tuple(case.id for case in started))
        if not self.ttl_s:
            raise MessageNotAwaited(self.name)
        until = work.now + timedelta(seconds=self.ttl_s)
        buffer_message(
            work.connection,
            self.name,
            self.correlation_key,
            self.variables,
            sent_by=self.actor.name,
            now=work.now,
            expires_at=until,
        )
        work.wake(until)
        return Correlated((), until)


def deliver(work: Work, waiting: Waiting, actor: Actor, variables: Mapping[str, Any]) -> None:
    """Give a message or signal to one token, its variables with it."""
    case = work.open_case(waiting.instance_id)
    advance = case.run.deliver(waiting.id, dict(variables), now=work.plant_time, functions=work.functions)
    work.save(case, advance, actor)


def deliver_buffered(work: Work, instance_id: str, actor: Actor) -> None:
    """Give a case the messages that wait, by what it awaits now: it was suspended, or came to await another name."""
    for awaited in awaited_messages(work.connection, instance_id):
        lock_name(work.connection, awaited.name)
        message = take_message(work.connection, awaited.name, awaited.correlation_key, work.now)
        if message is not None:
            deliver(work, Waiting(awaited.id, instance_id), actor, message.variables)
            return deliver_buffered(work, instance_id, actor)  # the step may have closed and opened others
    return None
