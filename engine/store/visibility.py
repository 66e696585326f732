"""Which cases and tasks an actor may know of: one rule as SQL, for commands and queries alike.

Managers and admins see all; others the cases that they started, in which they have or had a task, or in which an open
task is offered to them or a group of theirs.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, FromClause, and_, or_, select, true

from engine.model.actor import Actor
from engine.model.errors import NotFound
from engine.store.tables import instances, task_candidates, tasks

_own_tasks = tasks.alias("own_tasks")  # beside a query's own use of the table


def is_candidate(actor: Actor, of: FromClause = tasks) -> ColumnElement[bool]:
    """Match tasks that are offered to the actor."""
    names = and_(task_candidates.c.kind == "user", task_candidates.c.name == actor.name)
    if actor.groups:
        names = or_(names, and_(task_candidates.c.kind == "group", task_candidates.c.name.in_(sorted(actor.groups))))
    return of.c.id.in_(select(task_candidates.c.task_id).where(names))


def visible_tasks(actor: Actor, of: FromClause = tasks) -> ColumnElement[bool]:
    if actor.sees_all:
        return true()
    return or_(of.c.assignee == actor.name, of.c.ended_by == actor.name, is_candidate(actor, of))


def visible_instances(actor: Actor) -> ColumnElement[bool]:
    if actor.sees_all:
        return true()
    own = select(_own_tasks.c.instance_id).where(visible_tasks(actor, _own_tasks))
    return or_(instances.c.started_by == actor.name, instances.c.id.in_(own))


def require_visible(connection: Connection, instance_id: str, actor: Actor) -> None:
    """Raise NotFound unless the actor may know of the case."""
    query = select(instances.c.id).where(instances.c.id == instance_id, visible_instances(actor))
    if connection.execute(query).scalar() is None:
        raise NotFound("case", instance_id)
