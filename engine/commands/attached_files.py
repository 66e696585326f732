"""The files that an answer to a form may refer to."""

from __future__ import annotations

from typing import Any

from engine.commands.work import Work
from engine.model.actor import Actor
from engine.store.attachments import find_attachment, give_attachments


class AttachedFiles:
    """Files of a case; before it starts, those that the actor uploaded for its start form.

    `find` is the host function `attachment` of forms: an id of another case's file is as unknown as one of none.
    """

    def __init__(self, work: Work, actor: Actor, instance_id: str | None) -> None:
        self._work, self._actor, self._instance_id = work, actor, instance_id
        self._found: set[str] = set()

    def find(self, attachment_id: str) -> dict[str, Any] | None:
        """Return what a form may know of a file that belongs here, None otherwise."""
        attachment = find_attachment(self._work.connection, attachment_id)
        if attachment is None or attachment.instance_id != self._instance_id:
            return None
        if self._instance_id is None and attachment.created_by != self._actor.name:
            return None
        self._found.add(attachment.id)
        return {"name": attachment.name, "media_type": attachment.media_type, "size": attachment.size}

    def give_to(self, instance_id: str) -> None:
        """Make the files that the start form referred to the started case's."""
        give_attachments(self._work.connection, sorted(self._found), instance_id)
