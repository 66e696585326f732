"""Process instances as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Update, bindparam, insert, select, update

from engine.model.errors import NotFound, RevisionConflict
from engine.model.history import Entry
from engine.model.instance import Instance, InstanceState
from engine.store import history
from engine.store.tables import instances

_COLUMNS = (
    instances.c.id,
    instances.c.bundle_id,
    instances.c.definition_key,
    instances.c.definition_version,
    instances.c.business_key,
    instances.c.state,
    instances.c.variables,
    instances.c.snapshot,
    instances.c.revision,
    instances.c.started_at,
    instances.c.started_by,
    instances.c.ended_at,
    instances.c.history_seq,
    instances.c.stage,
    instances.c.incidents,
)
_GET = select(*_COLUMNS).where(instances.c.id == bindparam("id"))


@dataclass(slots=True)
class StoredInstance:
    """An instance with those columns of its row that only saving needs."""

    instance: Instance
    history_seq: int
    stage: str
    incidents: int


def get_instance(connection: Connection, instance_id: str, *, lock: bool = True) -> StoredInstance:
    """Load a case; on PostgreSQL its row stays locked until the transaction ends."""
    row = connection.execute(_GET.with_for_update() if lock else _GET, {"id": instance_id}).one_or_none()
    if row is None:
        raise NotFound("case", instance_id)
    *values, history_seq, stage, incidents = row
    instance = Instance(*values)
    return StoredInstance(replace(instance, state=InstanceState(instance.state)), history_seq, stage, incidents)


def insert_instance(connection: Connection, instance: Instance, **row: Any) -> None:
    connection.execute(
        insert(instances),
        {
            "id": instance.id,
            "bundle_id": instance.bundle_id,
            "definition_key": instance.definition_key,
            "definition_version": instance.definition_version,
            "business_key": instance.business_key,
            "state": instance.state.value,
            "variables": instance.variables,
            "snapshot": instance.snapshot,
            "revision": instance.revision,
            "started_at": instance.started_at,
            "started_by": instance.started_by,
            "ended_at": instance.ended_at,
            **row,
        },
    )


@cache
def _update(columns: frozenset[str]) -> Update:
    """Return the statement that writes these columns; building it anew would cost more than running it."""
    return (
        update(instances)
        .where(instances.c.id == bindparam("instance_id"), instances.c.revision == bindparam("seen"))
        .values({column: bindparam(f"new_{column}", type_=instances.c[column].type) for column in sorted(columns)})
        .values(revision=bindparam("seen") + 1)
    )


def update_instance(connection: Connection, instance_id: str, seen: int, values: Mapping[str, Any]) -> None:
    """Write a case's changed columns; refuse when its revision is no longer the one seen."""
    parameters = {f"new_{column}": value for column, value in values.items()}
    result = connection.execute(_update(frozenset(values)), {"instance_id": instance_id, "seen": seen, **parameters})
    if result.rowcount != 1:
        raise RevisionConflict("case", instance_id)


def pin(connection: Connection, instance_id: str, bundle_id: str, version: int) -> None:
    """Have a case run on another version of its definition; its revision is counted by the step that moves it."""
    connection.execute(
        update(instances).where(instances.c.id == instance_id).values(bundle_id=bundle_id, definition_version=version)
    )


def ended(state: InstanceState, now: datetime) -> datetime | None:
    return now if state.is_over else None


_COUNT_HISTORY = (
    update(instances)
    .where(instances.c.id == bindparam("instance_id"))
    .values(history_seq=instances.c.history_seq + bindparam("count"))
    .returning(instances.c.history_seq)
)


def append_history(
    connection: Connection, instance_id: str, at: datetime, actor: str, entries: Sequence[Entry]
) -> None:
    """Add entries to a case's history without stepping it; its revision and snapshot stay."""
    seq = connection.execute(_COUNT_HISTORY, {"instance_id": instance_id, "count": len(entries)}).scalar_one()
    history.append(connection, instance_id, seq - len(entries), at, actor, entries)
