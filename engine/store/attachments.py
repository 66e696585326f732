"""Attachments as rows; their bytes lie content-addressed in `engine.store.files`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from engine.model.errors import NotFound
from engine.store.tables import attachments


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a case; `size` in bytes, `name` is text to show and never a path."""

    id: str
    instance_id: str | None
    task_id: str | None
    field: str | None
    name: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime
    created_by: str


ATTACHMENT_COLUMNS = tuple(attachments.c[name] for name in Attachment.__slots__)


def add_attachment(connection: Connection, attachment: Attachment) -> None:
    connection.execute(insert(attachments), {name: getattr(attachment, name) for name in Attachment.__slots__})


def find_attachment(connection: Connection, attachment_id: str) -> Attachment | None:
    row = connection.execute(select(*ATTACHMENT_COLUMNS).where(attachments.c.id == attachment_id)).one_or_none()
    return None if row is None else Attachment(*row)


def get_attachment(connection: Connection, attachment_id: str) -> Attachment:
    attachment = find_attachment(connection, attachment_id)
    if attachment is None:
        raise NotFound("attachment", attachment_id)
    return attachment


def give_attachments(connection: Connection, ids: Sequence[str], instance_id: str) -> None:
    """Make files that belong to no case yet this case's."""
    if ids:
        connection.execute(
            update(attachments)
            .where(attachments.c.id.in_(ids), attachments.c.instance_id.is_(None))
            .values(instance_id=instance_id)
        )
