"""Gapless numbers: taken in the transaction that uses them, so that a rollback gives them back."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from engine.store.tables import sequences


def next_number(connection: Connection, name: str) -> int:
    """Take the next number of a sequence, 1 first; others wait for the transaction that took one."""
    changed = connection.execute(update(sequences).where(sequences.c.name == name).values(value=sequences.c.value + 1))
    if changed.rowcount:
        return connection.execute(select(sequences.c.value).where(sequences.c.name == name)).scalar_one()
    connection.execute(insert(sequences), {"name": name, "value": 1})
    return 1
