"""User tasks as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from engine.model.advance import TaskOpening
from engine.model.errors import NotFound, RevisionConflict
from engine.model.user_task import TaskState, UserTask
from engine.store.tables import task_candidates, tasks

TASK_COLUMNS = tuple(tasks.c[name] for name in UserTask.__slots__)
_GET = select(*TASK_COLUMNS).where(tasks.c.id == bindparam("id"))


def to_task(row: Any) -> UserTask:
    """Make the model value of a row of `TASK_COLUMNS`."""
    values = dict(zip(UserTask.__slots__, row, strict=True))
    values["candidate_groups"] = tuple(values["candidate_groups"])
    values["candidate_users"] = tuple(values["candidate_users"])
    values["state"] = TaskState(values["state"])
    return UserTask(**values)


def get_task(connection: Connection, task_id: str) -> UserTask:
    """Load a task, unlocked: locks go from the case to its rows, and saving checks the revision."""
    row = connection.execute(_GET, {"id": task_id}).one_or_none()
    if row is None:
        raise NotFound("task", task_id)
    return to_task(row)


def open_tasks(
    connection: Connection,
    instance_id: str,
    openings: Sequence[TaskOpening],
    now: datetime,
    details: Mapping[str, Mapping[str, str]],
) -> None:
    """Insert tasks and their candidates; `details` by task id and locale."""
    if not openings:
        return
    rows = [
        {
            "id": o.id,
            "instance_id": instance_id,
            "element_id": o.element_id,
            "name": o.name[:500],
            "names": dict(o.names),
            "details": dict(details.get(o.id, {})),
            "form_key": o.form_key,
            "assignee": o.assignee,
            "candidate_groups": list(o.candidate_groups),
            "candidate_users": list(o.candidate_users),
            "priority": o.priority,
            "due_at": o.due_at,
            "follow_up_at": o.follow_up_at,
            "locals": dict(o.locals),
            "state": TaskState.OPEN.value,
            "revision": 1,
            "created_at": now,
            "ended_at": None,
            "ended_by": None,
        }
        for o in openings
    ]
    connection.execute(insert(tasks), rows)
    candidates = [
        {"kind": kind, "name": name, "task_id": o.id}
        for o in openings
        for kind, names in (("group", o.candidate_groups), ("user", o.candidate_users))
        for name in dict.fromkeys(names)
    ]
    if candidates:
        connection.execute(insert(task_candidates), candidates)


_SAVE = (
    update(tasks)
    .where(tasks.c.id == bindparam("task_id"), tasks.c.revision == bindparam("seen"))
    .values(
        assignee=bindparam("new_assignee"),
        state=bindparam("new_state"),
        ended_at=bindparam("new_ended_at"),
        ended_by=bindparam("new_ended_by"),
        revision=bindparam("seen") + 1,
    )
)
_DROP_CANDIDATES = delete(task_candidates).where(task_candidates.c.task_id == bindparam("task_id"))


def save_task(connection: Connection, task: UserTask) -> None:
    """Write what a rule changed; `task.revision` is the one that was read."""
    result = connection.execute(
        _SAVE,
        {
            "task_id": task.id,
            "seen": task.revision,
            "new_assignee": task.assignee,
            "new_state": task.state.value,
            "new_ended_at": task.ended_at,
            "new_ended_by": task.ended_by,
        },
    )
    if result.rowcount != 1:
        raise RevisionConflict("task", task.id)
    if task.state is not TaskState.OPEN:
        connection.execute(_DROP_CANDIDATES, {"task_id": task.id})


def cancel_tasks(connection: Connection, task_ids: Sequence[str], now: datetime) -> None:
    """Close tasks that an event or the case's end took away."""
    if not task_ids:
        return
    connection.execute(
        update(tasks)
        .where(tasks.c.id.in_(task_ids), tasks.c.state == TaskState.OPEN.value)
        .values(state=TaskState.CANCELLED.value, ended_at=now, revision=tasks.c.revision + 1)
    )
    connection.execute(delete(task_candidates).where(task_candidates.c.task_id.in_(task_ids)))
