"""The history of cases: one row a command, its entries together and in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from engine.model.history import Entry, HistoryEntry
from engine.store.tables import history


def append(
    connection: Connection, instance_id: str, seq: int, at: datetime, actor: str, entries: Sequence[Entry]
) -> int:
    """Write a command's entries after the first `seq`; return the new count."""
    if not entries:
        return seq
    encoded: list[list[Any]] = []
    for entry in entries:
        item: list[Any] = [entry.kind]
        if entry.element_id is not None or entry.data:
            item.append(entry.element_id)
        if entry.data:
            item.append(dict(entry.data))
        encoded.append(item)
    connection.execute(
        insert(history), {"instance_id": instance_id, "seq": seq + 1, "at": at, "actor": actor, "entries": encoded}
    )
    return seq + len(entries)


def unpack(row: Any) -> Iterator[HistoryEntry]:
    """Yield the entries of a row of (seq, at, actor, entries)."""
    seq, at, actor, entries = row
    for number, (kind, *rest) in enumerate(entries, start=seq):
        yield HistoryEntry(number, at, actor, kind, rest[0] if rest else None, rest[1] if len(rest) > 1 else {})
