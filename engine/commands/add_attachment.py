"""Attach a file to a task or case."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.work import Work
from engine.model import user_task
from engine.model.actor import Actor
from engine.model.errors import Forbidden
from engine.model.identifier import new_id
from engine.store.attachments import Attachment, add_attachment
from engine.store.tasks import get_task
from engine.store.visibility import require_visible


@dataclass(frozen=True, slots=True)
class AddAttachment:
    """Record a kept file (`Files.put`) as a task's or case's; with neither it waits for a start form.

    `name` is text to show; `media_type` what the bytes were found to be.
    """

    actor: Actor
    name: str
    media_type: str
    size: int
    sha256: str
    instance_id: str | None = None
    task_id: str | None = None
    field: str | None = None

    def handle(self, work: Work) -> Attachment:
        """Raise NotFound; Forbidden unless the task is the actor's own."""
        instance_id = self.instance_id
        if self.task_id is not None:
            task = get_task(work.connection, self.task_id)
            user_task.require_visible(task, self.actor)
            user_task.require_open(task)
            if task.assignee not in (None, self.actor.name) and not self.actor.sees_all:
                raise Forbidden("attach files to a task of someone else")
            instance_id = task.instance_id
        elif instance_id is not None:
            require_visible(work.connection, instance_id, self.actor)
        attachment = Attachment(
            new_id(work.now),
            instance_id,
            self.task_id,
            self.field,
            self.name[:500],
            self.media_type,
            self.size,
            self.sha256,
            work.now,
            self.actor.name,
        )
        add_attachment(work.connection, attachment)
        return attachment
