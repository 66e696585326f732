"""Registers and their records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from engine.forms import RecordTypeForm, read_record_type
from engine.queries.reader import Page, Reader, after, contains, decode_cursor, page
from engine.services.registers import load_register
from engine.store import records as store
from engine.store.records import RECORD_COLUMNS, Record, record_forms
from engine.store.tables import records


@dataclass(frozen=True, slots=True)
class RecordType:
    """A register with its form."""

    type: str
    name: str
    names: Mapping[str, str]
    schema: Mapping[str, Any]
    key_field: str
    title_expression: str
    form: RecordTypeForm


def _to_type(register: RecordTypeForm) -> RecordType:
    return RecordType(
        register.type,
        register.name,
        register.names,
        register.form.source,
        register.key_field,
        register.title_expression,
        register,
    )


def list_record_types(reader: Reader) -> tuple[tuple[RecordType, int], ...]:
    """Return every register with how many records it holds."""
    counts: dict[str, int] = dict(
        reader.connection.execute(select(records.c.type, func.count()).group_by(records.c.type)).all()
    )
    forms = record_forms(reader.connection)
    return tuple(
        (_to_type(read_record_type(content, f"{type_}.form")), counts.get(type_, 0)) for type_, content in forms
    )


def get_record_type(reader: Reader, *, type: str) -> RecordType:
    """Raise NotFound for an unknown register."""
    return _to_type(load_register(reader.connection, type))


def list_records(
    reader: Reader, *, type: str, text: str | None = None, limit: int = 50, cursor: str | None = None
) -> Page[Record]:
    """Return records by key; `text` is looked for in title and values. Raises NotFound for an unknown register."""
    load_register(reader.connection, type)
    query = select(*RECORD_COLUMNS).where(records.c.type == type).order_by(records.c.key)
    for word in (text or "").lower().split():
        query = query.where(records.c.search.like(contains(word), escape="\\"))
    if cursor is not None:
        query = query.where(after((records.c.key,), decode_cursor(cursor, str)))
    found = [Record(*row) for row in reader.connection.execute(query.limit(limit + 1))]
    return page(found, limit, lambda record: (record.key,))


def get_record(reader: Reader, *, type: str, key: str) -> Record:
    """Raise NotFound."""
    return store.get_record(reader.connection, type, key)
