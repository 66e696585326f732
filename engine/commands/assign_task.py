"""Give a task to a person."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.task_ownership import hand_over
from engine.commands.work import Work
from engine.model import history, user_task
from engine.model.actor import Actor
from engine.model.errors import InvalidInput
from engine.model.user_task import UserTask
from engine.store.people import find_user
from engine.store.tasks import get_task


@dataclass(frozen=True, slots=True)
class AssignTask:
    """Make a user the task's assignee, whoever had it."""

    task_id: str
    actor: Actor
    assignee: str
    revision: int | None = None

    def handle(self, work: Work) -> UserTask:
        """Raise NotFound, Forbidden, Conflict; InvalidInput for an unknown or inactive user."""
        task = get_task(work.connection, self.task_id)
        after = user_task.assign(task, self.actor, self.assignee)
        user_task.require_revision(task, self.revision)
        user = find_user(work.connection, self.assignee)
        if user is None or not user.active:
            raise InvalidInput({"assignee": [f"There is no active user “{self.assignee}”."]})
        return hand_over(work, task, after, history.TASK_ASSIGNED, self.actor)
