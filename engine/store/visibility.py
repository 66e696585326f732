"""Which cases and tasks an actor may know of: one rule as SQL, for commands and queries alike.

Managers and admins see all; others the cases that they started, in which they have or had a task, or in which an open
task is offered to them or a group of theirs.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select, true

from engine.model.actor import Actor
from engine.model.errors import NotFound
from engine.store.tables import instances, task_candidates, tasks


def is_candidate(actor: Actor) -> ColumnElement[bool]:
    """Match tasks that are offered to the actor."""
    names = and_(task_candidates.c.kind == "user", task_candidates.c.name == actor.name)
    if actor.groups:
        names = or_(names, and_(task_candidates.c.kind == "group", task_candidates.c.name.in_(sorted(actor.groups))))
    return tasks.c.id.in_(select(task_candidates.c.task_id).where(names))


def visible_tasks(actor: Actor) -> ColumnElement[bool]:
    if actor.sees_all:
        return true()
    return or_(tasks.c.assignee == actor.name, tasks.c.ended_by == actor.name, is_candidate(actor))


def visible_instances(actor: Actor) -> ColumnElement[bool]:
    if actor.sees_all:
        return true()
    own = exists().where(tasks.c.instance_id == instances.c.id, visible_tasks(actor))
    return or_(instances.c.started_by == actor.name, own)


def require_visible(connection: Connection, instance_id: str, actor: Actor) -> None:
    """Raise NotFound unless the actor may know of the case."""
    query = select(instances.c.id).where(instances.c.id == instance_id, visible_instances(actor))
    if connection.execute(query).scalar() is None:
        raise NotFound("case", instance_id)
