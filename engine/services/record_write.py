"""`record-write`: a case writes an entry of a register, such as the machine's file at release."""

from __future__ import annotations

from typing import Any

from engine.services.registers import load_register, save_record
from engine.services.surroundings import ServiceError, Surroundings, required
from engine.store.jobs import Job
from engine.store.records import find_record


def write_record(job: Job, around: Surroundings) -> dict[str, Any]:
    """Create or update a record: header `record_type`, inputs `key` and `data` (merged over what the record holds)."""
    type_, key, data = str(required(job, "record_type")), str(required(job, "key")), required(job, "data")
    if not isinstance(data, dict):
        raise ServiceError("The input “data” of “record-write” must be a context of field values.")
    register = load_register(around.connection, type_)
    old = find_record(around.connection, type_, key)
    merged = {**(old.data if old else {}), **{name: value for name, value in data.items() if value is not None}}
    record = save_record(around, register, key, merged, actor="system")
    return {"record": {"type": type_, "key": record.key, "title": record.title}}
