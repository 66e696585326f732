"""Jobs as rows: machine work of cases, run by `engine.services` or handed to external workers."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from engine.model.advance import JobRequest, Throw
from engine.model.errors import NotFound
from engine.store.tables import instances, jobs


@dataclass(frozen=True, slots=True)
class Job:
    """A job: `headers` from the model, `variables` what it sees; `retries` tries left; `due_at` not before this."""

    id: str
    instance_id: str
    element_id: str
    type: str
    headers: dict[str, str]
    variables: dict[str, Any]
    retries: int
    due_at: datetime
    lease_until: datetime | None
    internal: bool
    created_at: datetime


JOB_COLUMNS = tuple(jobs.c[name] for name in Job.__slots__)


def to_job(row: Any) -> Job:
    return Job(*row)


def find_job(connection: Connection, job_id: str) -> Job | None:
    row = connection.execute(select(*JOB_COLUMNS).where(jobs.c.id == job_id)).one_or_none()
    return None if row is None else to_job(row)


def get_job(connection: Connection, job_id: str) -> Job:
    job = find_job(connection, job_id)
    if job is None:
        raise NotFound("job", job_id)
    return job


def create_jobs(
    connection: Connection, instance_id: str, requests: Sequence[JobRequest], handled: Collection[str], now: datetime
) -> None:
    """Insert jobs; those whose type is in `handled` are run by the engine itself."""
    if requests:
        connection.execute(
            insert(jobs),
            [
                {
                    "id": r.id,
                    "instance_id": instance_id,
                    "element_id": r.element_id,
                    "type": r.type,
                    "headers": dict(r.headers),
                    "variables": dict(r.variables),
                    "retries": r.retries,
                    "due_at": now,
                    "internal": r.type in handled,
                    "created_at": now,
                }
                for r in requests
            ],
        )


THROW = "throw:"
"""Begins the type of jobs that deliver a thrown message or signal to other cases, once the throwing step is committed."""


def create_throws(connection: Connection, instance_id: str, throws: Sequence[Throw], now: datetime) -> None:
    """Insert a job for each message or signal that left the case."""
    requests = [
        JobRequest(
            uuid.uuid4().hex,
            throw.element_id,
            THROW + throw.kind,
            {"name": throw.name}
            | ({} if throw.correlation_key is None else {"correlation_key": throw.correlation_key}),
            throw.variables,
        )
        for throw in throws
    ]
    create_jobs(connection, instance_id, requests, {request.type for request in requests}, now)


def remove_jobs(connection: Connection, job_ids: Sequence[str]) -> None:
    if job_ids:
        connection.execute(delete(jobs).where(jobs.c.id.in_(job_ids)))


def claim_jobs(
    connection: Connection,
    now: datetime,
    limit: int,
    lease: timedelta,
    *,
    types: Sequence[str] | None = None,
    instance_id: str | None = None,
) -> list[Job]:
    """Lease due jobs, the oldest first: the engine's own (`types` None) or those of external workers by type ("*" all)."""
    wanted = select(jobs.c.id).where(
        jobs.c.internal.is_(types is None),
        jobs.c.due_at <= now,
        jobs.c.retries > 0,
        or_(jobs.c.lease_until.is_(None), jobs.c.lease_until <= now),
    )
    if types is not None:  # the engine's own find out themselves, and sleep until the case is resumed
        wanted = wanted.where(jobs.c.instance_id.not_in(select(instances.c.id).where(instances.c.state == "suspended")))
    if types is not None and "*" not in types:
        wanted = wanted.where(jobs.c.type.in_(types))
    if instance_id is not None:
        wanted = wanted.where(jobs.c.instance_id == instance_id)
    wanted = wanted.order_by(jobs.c.due_at, jobs.c.id).limit(limit).with_for_update(skip_locked=True)
    ids = list(connection.execute(wanted).scalars())
    if not ids:
        return []
    connection.execute(update(jobs).where(jobs.c.id.in_(ids)).values(lease_until=now + lease))
    rows = connection.execute(select(*JOB_COLUMNS).where(jobs.c.id.in_(ids)).order_by(jobs.c.due_at, jobs.c.id))
    return [to_job(row) for row in rows]


def extend_lease(connection: Connection, job_id: str, until: datetime) -> None:
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(lease_until=until))


def free_leases(connection: Connection, instance_id: str) -> None:
    """Offer a case's jobs again at once."""
    connection.execute(update(jobs).where(jobs.c.instance_id == instance_id).values(lease_until=None))


def retry_later(connection: Connection, job_id: str, retries: int, due_at: datetime) -> None:
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(retries=retries, due_at=due_at, lease_until=None))


def next_due(connection: Connection) -> datetime | None:
    """Return when the engine's next own job can be claimed; None when there is none."""
    open_jobs = select(func.min(jobs.c.due_at)).where(jobs.c.internal.is_(True), jobs.c.retries > 0)
    free = connection.execute(open_jobs.where(jobs.c.lease_until.is_(None))).scalar()
    leased = connection.execute(
        select(func.min(jobs.c.lease_until)).where(
            jobs.c.internal.is_(True), jobs.c.retries > 0, jobs.c.lease_until.is_not(None)
        )
    ).scalar()
    return min((instant for instant in (free, leased) if instant is not None), default=None)
