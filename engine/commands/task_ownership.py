"""What claiming, releasing and assigning share: the task changes hands, its case's history says so."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.work import Work
from engine.model.actor import Actor
from engine.model.history import Entry
from engine.model.user_task import UserTask
from engine.store.instances import append_history
from engine.store.tasks import save_task


def hand_over(work: Work, before: UserTask, after: UserTask, kind: str, actor: Actor) -> UserTask:
    """Save a changed assignee with its history entry; no change writes nothing."""
    if after == before:
        return before
    entry = Entry(kind, before.element_id, {"task_id": before.id, "name": before.name, "assignee": after.assignee})
    append_history(work.connection, before.instance_id, work.now, actor.name, [entry])
    save_task(work.connection, after)
    return replace(after, revision=before.revision + 1)
