"""Machine work: timers, jobs, incidents, and the figures that watch over them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from engine.model.actor import Actor
from engine.queries.reader import Page, Reader, after, as_microseconds, decode_cursor, microseconds, page
from engine.store.incidents import INCIDENT_COLUMNS, Incident
from engine.store.jobs import JOB_COLUMNS, Job
from engine.store.tables import incidents, instances, jobs, tasks, timers
from engine.store.visibility import visible_instances


@dataclass(frozen=True, slots=True)
class TimerRow:
    """An armed timer; of a timer start event where `definition_key` is set."""

    id: str
    instance_id: str | None
    definition_key: str | None
    element_id: str
    due_at: datetime


def _paged(query: Select[Any], order: tuple[ColumnElement[Any], ...], limit: int, cursor: str | None) -> Select[Any]:
    if cursor is not None:
        query = query.where(after(order, decode_cursor(cursor, int, str)))
    return query.order_by(*order).limit(limit + 1)


def _of_visible(column: ColumnElement[str], actor: Actor) -> ColumnElement[bool]:
    return column.in_(select(instances.c.id).where(visible_instances(actor)))


def list_timers(
    reader: Reader, *, actor: Actor, instance_id: str | None = None, limit: int = 50, cursor: str | None = None
) -> Page[TimerRow]:
    """Return armed timers, the next due first."""
    query = select(*(timers.c[name] for name in TimerRow.__slots__))
    if not actor.sees_all:
        query = query.where(_of_visible(timers.c.instance_id, actor))
    if instance_id is not None:
        query = query.where(timers.c.instance_id == instance_id)
    order = (as_microseconds(timers.c.due_at), timers.c.id)
    rows = [TimerRow(*row) for row in reader.connection.execute(_paged(query, order, limit, cursor))]
    return page(rows, limit, lambda row: (microseconds(row.due_at), row.id))


def list_jobs(
    reader: Reader, *, actor: Actor, instance_id: str | None = None, limit: int = 50, cursor: str | None = None
) -> Page[Job]:
    """Return waiting jobs, the next due first."""
    query = select(*JOB_COLUMNS)
    if not actor.sees_all:
        query = query.where(_of_visible(jobs.c.instance_id, actor))
    if instance_id is not None:
        query = query.where(jobs.c.instance_id == instance_id)
    order = (as_microseconds(jobs.c.due_at), jobs.c.id)
    rows = [Job(*row) for row in reader.connection.execute(_paged(query, order, limit, cursor))]
    return page(rows, limit, lambda row: (microseconds(row.due_at), row.id))


def list_incidents(
    reader: Reader,
    *,
    actor: Actor,
    instance_id: str | None = None,
    resolved: bool = False,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Incident]:
    """Return incidents, the oldest first; unresolved ones by default."""
    query = select(*INCIDENT_COLUMNS)
    if not resolved:
        query = query.where(incidents.c.resolved_at.is_(None))
    if not actor.sees_all:
        query = query.where(_of_visible(incidents.c.instance_id, actor))
    if instance_id is not None:
        query = query.where(incidents.c.instance_id == instance_id)
    order = (as_microseconds(incidents.c.created_at), incidents.c.id)
    rows = [Incident(*row) for row in reader.connection.execute(_paged(query, order, limit, cursor))]
    return page(rows, limit, lambda row: (microseconds(row.created_at), row.id))


def count_work(reader: Reader, *, now: datetime) -> dict[str, int]:
    """Count what is open, due and broken at the instant `now`."""

    def count(table: Any, *conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(table).where(*conditions)
        return reader.connection.execute(query).scalar_one()

    return {
        "running_instances": count(instances, instances.c.state == "running"),
        "open_tasks": count(tasks, tasks.c.state == "open"),
        "late_tasks": count(tasks, tasks.c.state == "open", tasks.c.due_at < now),
        "armed_timers": count(timers),
        "due_timers": count(timers, timers.c.due_at <= now),
        "open_jobs": count(jobs),
        "due_jobs": count(jobs, jobs.c.due_at <= now),
        "open_incidents": count(incidents, incidents.c.resolved_at.is_(None)),
    }
