"""Registers: a record type's form loaded, its records validated and saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.forms import RecordTypeForm, read_record_type
from engine.model.errors import InvalidInput
from engine.services.records import host_functions
from engine.services.surroundings import Surroundings
from engine.store.database import Connection
from engine.store.records import Record, all_records, find_record, get_record_form, put_record


def load_register(connection: Connection, type_: str) -> RecordTypeForm:
    """Return the register's form; raises NotFound."""
    return read_record_type(get_record_form(connection, type_), f"{type_}.form")


def feel_functions(connection: Connection) -> dict[str, Any]:
    """Return the FEEL host functions `record(type, key)` and `records(type, filter)`, reading in this transaction."""

    def find(type_: str, key: str) -> dict[str, Any] | None:
        record = find_record(connection, type_, key)
        return None if record is None else record.data

    def every(type_: str) -> list[dict[str, Any]]:
        return [record.data for record in all_records(connection, type_)]

    return host_functions(find, every)


def save_record(
    around: Surroundings,
    register: RecordTypeForm,
    key: str,
    data: Mapping[str, Any],
    *,
    actor: str,
    seen: int | None = None,
) -> Record:
    """Validate the values by the register's form and save them; raises InvalidInput, RevisionConflict.

    `seen` is the revision that the caller edited, 0 for a record that must be new; None replaces whatever there is.
    """
    old = find_record(around.connection, register.type, key)
    values = register.validate(
        {**data, register.key_field: data.get(register.key_field, key)},
        old.data if old else None,
        now=around.now,
        functions=feel_functions(around.connection),
    )
    if register.key_of(values) != key:
        raise InvalidInput({register.key_field: [f"This must be the record's key, “{key}”."]})
    title, search = register.title_of(values, now=around.now), register.search_text(values, now=around.now)
    record = Record(register.type, key, title, values, 0, around.now, actor)
    return put_record(around.connection, record, search, seen)
