"""User tasks: the inbox, its counts, one task and its form."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select

from engine.forms import Form
from engine.model.actor import Actor
from engine.model.errors import NotFound
from engine.model.user_task import TaskState
from engine.queries.reader import Page, Reader, after, as_microseconds, contains, decode_cursor, microseconds, page
from engine.services.registers import feel_functions
from engine.store.tables import instances, tasks
from engine.store.tasks import TASK_COLUMNS, to_task
from engine.store.visibility import is_candidate, visible_instances, visible_tasks

Scope = Literal["visible", "mine", "groups", "unclaimed", "done"]
NEVER = 2**62  # sorts tasks without a due instant last; microseconds since 1970


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task with what tells its case apart; see `UserTask` and `Instance`."""

    id: str
    name: str
    names: Mapping[str, str]
    element_id: str
    instance_id: str
    definition_key: str
    definition_version: int
    business_key: str | None
    subject: str
    customer: str
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    priority: int
    due_at: datetime | None
    follow_up_at: datetime | None
    form_key: str | None
    revision: int
    state: str
    created_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    details: Mapping[str, str]

    @property
    def detail(self) -> str:
        """What tells the task apart from others of its step, in no particular language."""
        return self.details.get("", "")


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """Open tasks by scope, and those the actor may see by process as (all, late)."""

    mine: int
    mine_late: int
    groups: int
    groups_late: int
    unclaimed: int
    unclaimed_late: int
    visible: int
    visible_late: int
    by_definition: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class FormView:
    """A form over the variables that it is filled in with; `form` None where there is none."""

    key: str | None
    form: Form | None
    data: Mapping[str, Any]
    functions: Mapping[str, Callable[..., Any]]

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """The form's file as JSON values."""
        return None if self.form is None else self.form.source


_ROW = (
    tasks.c.id,
    tasks.c.name,
    tasks.c.names,
    tasks.c.element_id,
    tasks.c.instance_id,
    instances.c.definition_key,
    instances.c.definition_version,
    instances.c.business_key,
    instances.c.subject,
    instances.c.customer,
    tasks.c.assignee,
    tasks.c.candidate_groups,
    tasks.c.candidate_users,
    tasks.c.priority,
    tasks.c.due_at,
    tasks.c.follow_up_at,
    tasks.c.form_key,
    tasks.c.revision,
    tasks.c.state,
    tasks.c.created_at,
    tasks.c.ended_at,
    tasks.c.ended_by,
    tasks.c.details,
)
_JOINED = tasks.join(instances, instances.c.id == tasks.c.instance_id)


def _to_row(row: Any) -> TaskRow:
    values = list(row)
    values[11], values[12] = tuple(values[11]), tuple(values[12])
    return TaskRow(*values)


def _in_scope(actor: Actor, scope: Scope) -> ColumnElement[bool]:
    if scope == "mine":
        return tasks.c.assignee == actor.name
    if scope == "groups":
        return or_(tasks.c.assignee == actor.name, is_candidate(actor))
    if scope == "unclaimed":
        return and_(tasks.c.assignee.is_(None), is_candidate(actor))
    if scope == "done":
        return tasks.c.ended_by == actor.name
    return visible_tasks(actor)


def list_tasks(
    reader: Reader,
    *,
    actor: Actor,
    scope: Scope = "visible",
    state: str | None = "open",
    instance_id: str | None = None,
    assignee: str | None = None,
    definition_key: str | None = None,
    text: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[TaskRow]:
    """Return tasks by due instant, those without one last; with scope "done" the newest first.

    `text` is looked for in step, key, subject and customer.
    """
    query = select(*_ROW).select_from(_JOINED).where(_in_scope(actor, scope))
    if scope == "done":
        order: tuple[ColumnElement[Any], ...] = (as_microseconds(tasks.c.ended_at), tasks.c.id)
        query = query.where(tasks.c.state == "completed").order_by(*(column.desc() for column in order))
    else:
        order = (func.coalesce(as_microseconds(tasks.c.due_at), NEVER), tasks.c.id)
        query = query.order_by(*order)
        if state is not None:
            query = query.where(tasks.c.state == state)
    if instance_id is not None:
        query = query.where(tasks.c.instance_id == instance_id)
    if assignee is not None:
        query = query.where(tasks.c.assignee == assignee)
    if definition_key is not None:
        query = query.where(instances.c.definition_key == definition_key)
    if text:
        pattern = contains(text)
        columns = (tasks.c.name, instances.c.business_key, instances.c.subject, instances.c.customer)
        query = query.where(or_(*(column.ilike(pattern, escape="\\") for column in columns)))
    if cursor is not None:
        query = query.where(after(order, decode_cursor(cursor, int, str), descending=scope == "done"))
    rows = [_to_row(row) for row in reader.connection.execute(query.limit(limit + 1))]
    return page(rows, limit, _cursor_done if scope == "done" else _cursor_due)


def _cursor_due(row: TaskRow) -> tuple[int, str]:
    return (NEVER if row.due_at is None else microseconds(row.due_at)), row.id


def _cursor_done(row: TaskRow) -> tuple[int, str]:
    return (0 if row.ended_at is None else microseconds(row.ended_at)), row.id


def count_tasks(reader: Reader, *, actor: Actor) -> InboxCounts:
    """Count open tasks by scope and process, in one pass: every scope lies within what the actor may see."""
    late = case((tasks.c.due_at < reader.now, 1), else_=0)
    scopes: tuple[Scope, ...] = ("mine", "groups", "unclaimed", "visible")
    sums = [
        func.sum(case((_in_scope(actor, scope), weight), else_=0)) for scope in scopes for weight in (literal(1), late)
    ]
    rows = reader.connection.execute(
        select(instances.c.definition_key, *sums)
        .select_from(_JOINED)
        .where(tasks.c.state == "open", visible_tasks(actor))
        .group_by(instances.c.definition_key)
        .order_by(instances.c.definition_key)
    ).all()
    totals: list[Any] = [sum(int(row[place]) for row in rows) for place in range(1, 1 + len(sums))]
    mine, mine_late, groups, groups_late, unclaimed, unclaimed_late, visible, visible_late = totals
    return InboxCounts(
        mine,
        mine_late,
        groups,
        groups_late,
        unclaimed,
        unclaimed_late,
        visible,
        visible_late,
        {row[0]: (int(row[-2]), int(row[-1])) for row in rows},
    )


def count_late(reader: Reader, *, actor: Actor, scope: Scope) -> int:
    """Count the late ones among the open tasks of a scope; quick, for every page shows it."""
    query = select(func.count()).where(tasks.c.state == "open", tasks.c.due_at < reader.now, _in_scope(actor, scope))
    return reader.connection.execute(query).scalar_one()


def get_task(reader: Reader, *, task_id: str, actor: Actor) -> TaskRow:
    """Return one task; one whose case the actor may see is visible too. Raises NotFound."""
    row = reader.connection.execute(
        select(*_ROW)
        .select_from(_JOINED)
        .where(tasks.c.id == task_id, or_(visible_tasks(actor), visible_instances(actor)))
    ).one_or_none()
    if row is None:
        raise NotFound("task", task_id)
    return _to_row(row)


def get_task_form(reader: Reader, *, task_id: str, actor: Actor) -> FormView:
    """Return a task's form over the variables that the task sees now, a closed one saw last; raises NotFound."""
    row = reader.connection.execute(
        select(*TASK_COLUMNS, instances.c.bundle_id, instances.c.variables, instances.c.snapshot)
        .select_from(_JOINED)
        .where(tasks.c.id == task_id, or_(visible_tasks(actor), visible_instances(actor)))
    ).one_or_none()
    if row is None:
        raise NotFound("task", task_id)
    *task_values, bundle_id, variables, snapshot = row
    task, bundle = to_task(task_values), reader.bundle(bundle_id)
    if task.state is TaskState.OPEN:  # others in its scope may have changed what it sees since it was opened
        data = bundle.definition.restore(snapshot, variables).visible_variables(task.id)
    else:
        data = dict(ChainMap(dict(task.locals), variables))
    return FormView(task.form_key, bundle.forms.get(task.form_key or ""), data, feel_functions(reader.connection))
