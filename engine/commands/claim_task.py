"""Claim a task from its candidates."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.task_ownership import hand_over
from engine.commands.work import Work
from engine.model import history, user_task
from engine.model.actor import Actor
from engine.model.user_task import UserTask
from engine.store.tasks import get_task


@dataclass(frozen=True, slots=True)
class ClaimTask:
    """Claim a task from its candidates."""

    task_id: str
    actor: Actor
    revision: int | None = None

    def handle(self, work: Work) -> UserTask:
        """Raise NotFound, Forbidden, Conflict; see `engine.model.user_task.claim`."""
        task = get_task(work.connection, self.task_id)
        after = user_task.claim(task, self.actor)
        user_task.require_revision(task, self.revision)
        return hand_over(work, task, after, history.TASK_CLAIMED, self.actor)
