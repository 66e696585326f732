"""What forms look up while they are drawn: records for expressions and pickers, files by id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.model.errors import EngineError, NotFound
from engine.queries.instances import get_attachment
from engine.queries.records import get_record, list_records
from engine.services.records import host_functions
from engine.store.attachments import Attachment
from engine.store.records import Record
from web import current
from web.forms.shown import Picked

FEW = 30
"""Registers with no more records than this are offered as a plain list."""
_PAGE = 200


def functions() -> dict[str, Callable[..., Any]]:
    """Return FEEL's host functions, reading through the engine's queries."""
    return host_functions(_data, _every)


def find(record_type: str, key: str) -> Record | None:
    try:
        found: Record = current.query(get_record, type=record_type, key=key)
    except NotFound:
        return None
    return found


def offered(record_type: str) -> tuple[Picked, ...] | None:
    """Return every record of a small register, None for a large one; an unknown register is empty."""
    try:
        page = current.query(list_records, type=record_type, limit=FEW)
    except NotFound:
        return ()
    return None if page.next else tuple(Picked(record.key, record.title) for record in page.items)


def find_file(attachment_id: str) -> Attachment | None:
    try:
        found: Attachment = current.query(get_attachment, attachment_id=attachment_id, actor=current.actor())
    except EngineError:
        return None
    return found


def _data(record_type: str, key: str) -> Mapping[str, Any] | None:
    record = find(record_type, key)
    return None if record is None else record.data


def _every(record_type: str) -> Iterator[Mapping[str, Any]]:
    cursor: str | None = None
    while True:
        try:
            page = current.query(list_records, type=record_type, limit=_PAGE, cursor=cursor)
        except NotFound:
            return
        yield from (record.data for record in page.items)
        cursor = page.next
        if cursor is None:
            return
