"""Timers as rows: armed in the commit of the state, claimed by leases when due."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from engine.model.advance import TimerArming
from engine.model.errors import NotFound
from engine.store.columns import Instant
from engine.store.tables import timers


@dataclass(frozen=True, slots=True)
class Timer:
    """An armed timer: of a case, or of a timer start event (then `definition_key` is set)."""

    id: str
    instance_id: str | None
    definition_key: str | None
    element_id: str
    due_at: datetime


_COLUMNS = (timers.c.id, timers.c.instance_id, timers.c.definition_key, timers.c.element_id, timers.c.due_at)


def find_timer(connection: Connection, timer_id: str) -> Timer | None:
    row = connection.execute(select(*_COLUMNS).where(timers.c.id == timer_id)).one_or_none()
    return None if row is None else Timer(*row)


def get_timer(connection: Connection, timer_id: str) -> Timer:
    timer = find_timer(connection, timer_id)
    if timer is None:
        raise NotFound("timer", timer_id)
    return timer


def arm_timers(connection: Connection, instance_id: str, armings: Sequence[TimerArming]) -> None:
    if armings:
        connection.execute(
            insert(timers),
            [
                {"id": a.id, "instance_id": instance_id, "element_id": a.element_id, "due_at": a.due_at, "attempts": 0}
                for a in armings
            ],
        )


def arm_start_timer(connection: Connection, definition_key: str, element_id: str, due_at: datetime) -> None:
    """Arm a timer start event of the newest version."""
    connection.execute(
        insert(timers),
        {
            "id": uuid.uuid4().hex,
            "definition_key": definition_key,
            "element_id": element_id,
            "due_at": due_at,
            "attempts": 0,
        },
    )


def disarm_start_timers(connection: Connection, definition_key: str) -> None:
    connection.execute(delete(timers).where(timers.c.definition_key == definition_key))


def disarm_timers(connection: Connection, timer_ids: Sequence[str]) -> None:
    if timer_ids:
        connection.execute(delete(timers).where(timers.c.id.in_(timer_ids)))


def move_timer(connection: Connection, timer_id: str, due_at: datetime) -> None:
    connection.execute(update(timers).where(timers.c.id == timer_id).values(due_at=due_at, lease_until=None))


def move_lease(connection: Connection, timer_id: str, until: datetime | None) -> None:
    connection.execute(update(timers).where(timers.c.id == timer_id).values(lease_until=until))


def free_leases(connection: Connection, instance_id: str) -> None:
    """Give a case's timers back to the schedulers."""
    connection.execute(update(timers).where(timers.c.instance_id == instance_id).values(lease_until=None))


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """Return the earliest instant at which a timer can be claimed: its due instant, or the end of a lease on it."""
    later = func.max if connection.dialect.name == "sqlite" else func.greatest
    wake_at = later(timers.c.due_at, timers.c.lease_until, type_=Instant)
    free = connection.execute(select(func.min(timers.c.due_at)).where(timers.c.lease_until.is_(None))).scalar()
    leased = connection.execute(
        select(func.min(wake_at)).where(timers.c.lease_until.is_not(None), timers.c.due_at <= now)
    ).scalar()
    return min((instant for instant in (free, leased) if instant is not None), default=None)


def claim_due(connection: Connection, now: datetime, limit: int, lease: timedelta) -> list[str]:
    """Lease due timers to the caller, the earliest first; a scheduler that dies gives them back when the lease ends."""
    ids = list(
        connection.execute(
            select(timers.c.id)
            .where(timers.c.due_at <= now, or_(timers.c.lease_until.is_(None), timers.c.lease_until <= now))
            .order_by(timers.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).scalars()
    )
    if ids:
        connection.execute(
            update(timers)
            .where(timers.c.id.in_(ids))
            .values(lease_until=now + lease, attempts=timers.c.attempts + bindparam("one", 1))
        )
    return ids
