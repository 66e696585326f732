"""Answers kept by idempotency key, so that a repeated request gets the answer of the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.model.errors import Conflict
from engine.store.tables import idempotency


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A client's key for one request of one actor; `fingerprint` is the request's hash."""

    actor: str
    key: str
    fingerprint: str


def find_answer(connection: Connection, key: IdempotencyKey) -> Any | None:
    """Return the first request's result; refuse the key for a different request."""
    row = connection.execute(
        select(idempotency.c.fingerprint, idempotency.c.result).where(
            idempotency.c.actor == key.actor, idempotency.c.key == key.key
        )
    ).one_or_none()
    if row is None:
        return None
    if row.fingerprint != key.fingerprint:
        raise Conflict("This Idempotency-Key was used for a different request.")
    return row.result


def keep_answer(connection: Connection, key: IdempotencyKey, result: Any, now: datetime) -> None:
    connection.execute(
        insert(idempotency),
        {"actor": key.actor, "key": key.key, "fingerprint": key.fingerprint, "result": result, "created_at": now},
    )
