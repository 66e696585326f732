"""Messages that nobody awaited yet and that live until an instant; each is taken once."""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Index, Table, delete, func, insert, select

from engine.store.columns import ID, KEY, Instant, Json, metadata

buffered_messages = Table(
    "buffered_messages",  # sent before anyone awaited them
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", KEY, nullable=False),
    Column("correlation_key", KEY),
    Column("variables", Json, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("sent_by", KEY, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Index("ix_buffered_messages_name", "name", "correlation_key"),
)


@dataclass(frozen=True, slots=True)
class Buffered:
    """A message that was sent before anyone awaited it."""

    name: str
    variables: dict[str, Any]
    sent_at: datetime
    sent_by: str


def lock_name(connection: Connection, name: str) -> None:
    """Hold off others who send or come to await this message, until the transaction ends.

    Else a message and the case that awaits it could miss each other. SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCKS, zlib.crc32(name.encode()) - 2**31)))


_LOCKS = 0x636C6D73  # keeps these locks apart from any others on the database


def buffer_message(
    connection: Connection,
    name: str,
    correlation_key: str | None,
    variables: Mapping[str, Any],
    *,
    sent_by: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    connection.execute(
        insert(buffered_messages),
        {
            "id": uuid.uuid4().hex,
            "name": name,
            "correlation_key": correlation_key,
            "variables": dict(variables),
            "sent_at": now,
            "sent_by": sent_by,
            "expires_at": expires_at,
        },
    )


def take_message(connection: Connection, name: str, correlation_key: str | None, now: datetime) -> Buffered | None:
    """Take the oldest message of this name and key that has not expired."""
    oldest = (
        select(buffered_messages.c.id)
        .where(
            buffered_messages.c.name == name,
            buffered_messages.c.correlation_key.is_not_distinct_from(correlation_key),
            buffered_messages.c.expires_at > now,
        )
        .order_by(buffered_messages.c.sent_at, buffered_messages.c.id)
        .limit(1)
    )
    columns = tuple(buffered_messages.c[name] for name in Buffered.__slots__)
    taken = delete(buffered_messages).where(buffered_messages.c.id.in_(oldest)).returning(*columns)
    row = connection.execute(taken).one_or_none()
    return None if row is None else Buffered(*row)


def drop_expired(connection: Connection, now: datetime) -> int:
    """Forget messages that nobody asked for in time; return how many."""
    return connection.execute(delete(buffered_messages).where(buffered_messages.c.expires_at <= now)).rowcount


def next_expiry(connection: Connection) -> datetime | None:
    return connection.execute(select(func.min(buffered_messages.c.expires_at))).scalar()
