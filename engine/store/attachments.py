"""Attachments as rows; their bytes lie content-addressed in `engine.store.files`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

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


def get_attachment(connection: Connection, attachment_id: str) -> Attachment:
    row = connection.execute(select(*ATTACHMENT_COLUMNS).where(attachments.c.id == attachment_id)).one_or_none()
    if row is None:
        raise NotFound("attachment", attachment_id)
    return Attachment(*row)
