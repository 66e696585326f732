"""What waits for messages and signals: tokens of running cases, and start events of newest versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from engine.model.actor import Actor
from engine.model.advance import Subscription
from engine.model.definition import Trigger
from engine.store.tables import instances, start_triggers, subscriptions
from engine.store.visibility import visible_instances


@dataclass(frozen=True, slots=True)
class Waiting:
    """A token that waits: deliver to `id` inside the case."""

    id: str
    instance_id: str


def open_subscriptions(connection: Connection, instance_id: str, opened: Sequence[Subscription]) -> None:
    if opened:
        connection.execute(
            insert(subscriptions),
            [
                {
                    "id": s.id,
                    "instance_id": instance_id,
                    "element_id": s.element_id,
                    "kind": s.kind,
                    "name": s.name,
                    "correlation_key": s.correlation_key,
                }
                for s in opened
            ],
        )


def move_subscription(connection: Connection, subscription: Subscription) -> None:
    """Have an open subscription wait for another name or key."""
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.id == subscription.id)
        .values(name=subscription.name, correlation_key=subscription.correlation_key)
    )


def close_subscriptions(connection: Connection, ids: Sequence[str]) -> None:
    if ids:
        connection.execute(delete(subscriptions).where(subscriptions.c.id.in_(ids)))


def waiting_for(
    connection: Connection, kind: str, name: str, correlation_key: str | None = None, *, actor: Actor
) -> list[Waiting]:
    """Return who waits in the cases that the actor may see, the oldest case first; messages match by key, signals reach all."""
    query = (
        select(subscriptions.c.id, subscriptions.c.instance_id)
        .join(instances, instances.c.id == subscriptions.c.instance_id)
        .where(subscriptions.c.kind == kind, subscriptions.c.name == name, instances.c.state == "running")
        .where(visible_instances(actor))
        .order_by(instances.c.started_at, instances.c.id, subscriptions.c.id)
    )
    if kind == "message":
        query = query.where(subscriptions.c.correlation_key.is_not_distinct_from(correlation_key))
    return [Waiting(*row) for row in connection.execute(query)]


def awaited_messages(connection: Connection, instance_id: str) -> list[Subscription]:
    """Return the messages that a case awaits."""
    columns = tuple(subscriptions.c[name] for name in Subscription.__slots__)
    query = select(*columns).where(subscriptions.c.instance_id == instance_id, subscriptions.c.kind == "message")
    return [Subscription(*row) for row in connection.execute(query.order_by(subscriptions.c.id))]


def replace_triggers(connection: Connection, definition_key: str, triggers: Sequence[Trigger], now: datetime) -> None:
    """Make the start events of a definition's newest version the ones that start it; cycles count from `now`."""
    connection.execute(delete(start_triggers).where(start_triggers.c.definition_key == definition_key))
    if triggers:
        connection.execute(
            insert(start_triggers),
            [
                {
                    "definition_key": definition_key,
                    "element_id": t.element_id,
                    "kind": t.kind,
                    "name": t.name,
                    "schedule": t.schedule,
                    "anchor_at": now,
                    "fired": 0,
                }
                for t in triggers
            ],
        )


def triggers_for(connection: Connection, kind: str, name: str) -> list[tuple[str, str]]:
    """Return (definition key, start element id) of every process that starts on this message or signal."""
    rows = connection.execute(
        select(start_triggers.c.definition_key, start_triggers.c.element_id)
        .where(start_triggers.c.kind == kind, start_triggers.c.name == name)
        .order_by(start_triggers.c.definition_key)
    )
    return [(key, element) for key, element in rows]


@dataclass(frozen=True, slots=True)
class StartSchedule:
    """A timer start event: its ISO-8601 text, the instant from which it counts, and how often it has fired."""

    text: str
    anchor_at: datetime
    fired: int


def find_schedule(connection: Connection, definition_key: str, element_id: str) -> StartSchedule | None:
    row = connection.execute(
        select(start_triggers.c.schedule, start_triggers.c.anchor_at, start_triggers.c.fired).where(
            start_triggers.c.definition_key == definition_key, start_triggers.c.element_id == element_id
        )
    ).one_or_none()
    return None if row is None else StartSchedule(*row)


def count_firing(connection: Connection, definition_key: str, element_id: str) -> None:
    connection.execute(
        update(start_triggers)
        .where(start_triggers.c.definition_key == definition_key, start_triggers.c.element_id == element_id)
        .values(fired=start_triggers.c.fired + 1)
    )
