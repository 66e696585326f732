"""User tasks: who may see, claim, release, assign and complete one. Pure rules; saving is `engine.store`'s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.model.actor import ADMIN, MANAGER, Actor
from engine.model.errors import Conflict, Forbidden, NotFound, RevisionConflict, TaskAlreadyClaimed, TaskNotOpen


class TaskState(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class UserTask:
    """A user task as stored.

    `locals` are variables seen by this task alone (multi-instance item, mapped inputs); `names` the localised names and
    `details` what tells it apart from others of its step, by locale ("" without one); `priority` 0 to 100, 50 by
    default (Camunda 8).
    """

    id: str
    instance_id: str
    element_id: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    form_key: str | None = None
    assignee: str | None = None
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    priority: int = 50
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    locals: Mapping[str, Any] = field(default_factory=dict)
    state: TaskState = TaskState.OPEN
    revision: int = 1
    created_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None

    def is_candidate(self, actor: Actor) -> bool:
        """Tell whether the actor is named, directly or by a group, among those who may take the task.

        A task without assignee and candidates is nobody's: only a manager or admin may give it to someone.
        """
        return actor.name in self.candidate_users or not actor.groups.isdisjoint(self.candidate_groups)

    def is_visible_to(self, actor: Actor) -> bool:
        return actor.sees_all or self.assignee == actor.name or self.is_candidate(actor)


def require_open(task: UserTask) -> None:
    if task.state is not TaskState.OPEN:
        raise TaskNotOpen(task.state.value, task.ended_by)


def require_revision(task: UserTask, revision: int | None) -> None:
    """Refuse when the caller saw an older revision than the stored one."""
    if revision is not None and revision != task.revision:
        raise RevisionConflict("task", task.id)


def require_visible(task: UserTask, actor: Actor) -> None:
    """Hide the existence of tasks that the actor may not know of."""
    if not task.is_visible_to(actor):
        raise NotFound("task", task.id)


def claim(task: UserTask, actor: Actor) -> UserTask:
    """Give an unclaimed task to the actor; claiming one's own task again changes nothing."""
    require_visible(task, actor)
    require_open(task)
    if task.assignee == actor.name:
        return task
    if task.assignee is not None:
        raise TaskAlreadyClaimed(task.assignee)
    if not task.is_candidate(actor) and not actor.has_role(MANAGER):
        raise Forbidden("claim this task")
    return replace(task, assignee=actor.name)


def release(task: UserTask, actor: Actor) -> UserTask:
    """Put a claimed task back to its candidates."""
    require_visible(task, actor)
    require_open(task)
    if task.assignee is None:
        return task
    if task.assignee != actor.name and not actor.has_role(MANAGER):
        raise Forbidden("release a task that is not yours")
    if not task.candidate_groups and not task.candidate_users:
        raise Conflict("The task has no candidates to go back to; assign it to someone instead.")
    return replace(task, assignee=None)


def assign(task: UserTask, actor: Actor, assignee: str) -> UserTask:
    """Give the task to a person: managers any task, others the task that is theirs."""
    require_visible(task, actor)
    require_open(task)
    if task.assignee != actor.name and not actor.has_role(MANAGER):
        raise Forbidden("assign a task that is not yours")
    return replace(task, assignee=assignee)


def complete(task: UserTask, actor: Actor, now: datetime) -> UserTask:
    """Close the task: its assignee may, and an admin may complete an unclaimed one (the contract)."""
    require_visible(task, actor)
    require_open(task)
    if task.assignee is None:
        if ADMIN not in actor.roles:
            raise Forbidden("complete a task before claiming it", "Claim the task before you complete it.")
    elif task.assignee != actor.name and ADMIN not in actor.roles:
        raise Forbidden("complete a task of someone else", f"The task belongs to {task.assignee}.")
    return replace(task, state=TaskState.COMPLETED, ended_at=now, ended_by=actor.name)
