"""The one place that persists what a step of a case brought about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection

from engine.model.advance import Advance
from engine.store.incidents import raise_incidents, resolve_incidents
from engine.store.jobs import create_jobs, create_throws, remove_jobs
from engine.store.subscriptions import close_subscriptions, open_subscriptions
from engine.store.tasks import cancel_tasks, open_tasks
from engine.store.timers import arm_timers, disarm_timers, move_timer


def persist(
    connection: Connection,
    instance_id: str,
    advance: Advance,
    handled: Collection[str],
    now: datetime,
    details: Mapping[str, Mapping[str, str]],
) -> None:
    """Write tasks, timers, jobs, subscriptions and incidents; the instance's own row and history are its caller's.

    Closing comes before opening, as it happened.
    """
    disarm_timers(connection, advance.timers_disarmed)
    close_subscriptions(connection, advance.subscriptions_closed)
    remove_jobs(connection, advance.jobs_cancelled)
    cancel_tasks(connection, advance.tasks_cancelled, now)
    resolve_incidents(connection, advance.incidents_resolved, now)
    open_tasks(connection, instance_id, advance.tasks_opened, now, details)
    arm_timers(connection, instance_id, advance.timers_armed)
    for moved in advance.timers_moved:
        move_timer(connection, moved.id, moved.due_at)
    create_jobs(connection, instance_id, advance.jobs, handled, now)
    create_throws(connection, instance_id, advance.throws, now)
    open_subscriptions(connection, instance_id, advance.subscriptions_opened)
    raise_incidents(connection, instance_id, advance.incidents, now)
