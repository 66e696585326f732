"""Records and their types (registers) as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from engine.model.errors import NotFound, RevisionConflict
from engine.store.tables import record_types, records


@dataclass(frozen=True, slots=True)
class Record:
    """An entry of a register: `data` holds JSON values by the field keys of its `.form`."""

    type: str
    key: str
    title: str
    data: dict[str, Any]
    revision: int
    updated_at: datetime
    updated_by: str


RECORD_COLUMNS = tuple(records.c[name] for name in Record.__slots__)


def find_record(connection: Connection, type_: str, key: str) -> Record | None:
    row = connection.execute(select(*RECORD_COLUMNS).where(records.c.type == type_, records.c.key == key)).one_or_none()
    return None if row is None else Record(*row)


def get_record(connection: Connection, type_: str, key: str) -> Record:
    record = find_record(connection, type_, key)
    if record is None:
        raise NotFound(type_, key)
    return record


def all_records(connection: Connection, type_: str) -> Iterator[Record]:
    """Yield the records of a type by key."""
    query = select(*RECORD_COLUMNS).where(records.c.type == type_).order_by(records.c.key)
    for row in connection.execute(query):
        yield Record(*row)


def put_record(connection: Connection, record: Record, search: str, seen: int | None) -> Record:
    """Insert the record or replace it; `seen` is the revision that the caller edited, 0 none, None whatever there is."""
    old = find_record(connection, record.type, record.key)
    if seen is not None and seen != (0 if old is None else old.revision):
        raise RevisionConflict(record.type, record.key)
    revision = 1 if old is None else old.revision + 1
    values = {
        "title": record.title,
        "search": search,
        "data": record.data,
        "revision": revision,
        "updated_at": record.updated_at,
        "updated_by": record.updated_by,
    }
    if old is None:
        connection.execute(insert(records), {"type": record.type, "key": record.key, **values})
    else:
        connection.execute(
            update(records).where(records.c.type == record.type, records.c.key == record.key).values(values)
        )
    return Record(record.type, record.key, record.title, record.data, revision, record.updated_at, record.updated_by)


def delete_record(connection: Connection, type_: str, key: str) -> None:
    connection.execute(delete(records).where(records.c.type == type_, records.c.key == key))


def put_record_type(connection: Connection, type_: str, name: str, content: bytes, now: datetime) -> None:
    """Make the file the register's form."""
    digest = sha256(content).hexdigest()
    values = {"name": name[:500], "content": content, "sha256": digest, "deployed_at": now}
    changed = connection.execute(update(record_types).where(record_types.c.type == type_).values(values))
    if changed.rowcount == 0:
        connection.execute(insert(record_types), {"type": type_, **values})


def get_record_form(connection: Connection, type_: str) -> bytes:
    """Return the register's `.form` file."""
    content = connection.execute(select(record_types.c.content).where(record_types.c.type == type_)).scalar()
    if content is None:
        raise NotFound("register", type_)
    return content


def record_forms(connection: Connection) -> Sequence[tuple[str, bytes]]:
    """Return (type, `.form` file) of every register, by type."""
    query = select(record_types.c.type, record_types.c.content).order_by(record_types.c.type)
    return [(type_, content) for type_, content in connection.execute(query)]


def known_registers(connection: Connection) -> frozenset[str]:
    return frozenset(connection.execute(select(record_types.c.type)).scalars())
