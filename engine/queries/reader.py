"""What a query reads from, and how it pages."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import orjson
from sqlalchemy import BigInteger, ColumnElement, Connection, and_, or_, type_coerce

from engine.config import Settings
from engine.model.errors import InvalidInput
from engine.services.bundles import Bundles, LoadedBundle
from engine.store.columns import EPOCH

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reader:
    """A read transaction with its instant (UTC)."""

    connection: Connection
    now: datetime
    bundles: Bundles
    settings: Settings

    def bundle(self, bundle_id: str) -> LoadedBundle:
        return self.bundles.get(self.connection, bundle_id)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows in order; `next` is the cursor of the page after, None on the last."""

    items: tuple[T, ...]
    next: str | None = None


def encode_cursor(*values: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


def decode_cursor(cursor: str, *kinds: type[int] | type[str]) -> list[Any]:
    """Return the values of a cursor, one of each kind; refuse a text that no page gave."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, orjson.JSONDecodeError, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != len(kinds) or not all(map(_fits, values, kinds)):
        raise InvalidInput({"cursor": ["This is no cursor of an earlier page."]})
    return values


def _fits(value: Any, kind: type) -> bool:
    """Tell whether the database can compare a column of this kind with the value."""
    if kind is int:
        return type(value) is int and abs(value) < 2**63
    return isinstance(value, str) and "\0" not in value


def after(
    columns: tuple[ColumnElement[Any], ...], values: list[Any], *, descending: bool = False
) -> ColumnElement[bool]:
    """Match the rows that come after the values in the columns' order."""
    clauses = []
    for i, (column, value) in enumerate(zip(columns, values, strict=True)):
        beyond = column < value if descending else column > value
        clauses.append(and_(*(columns[j] == values[j] for j in range(i)), beyond))
    return or_(*clauses)


def page(rows: list[T], limit: int, cursor_of: Any) -> Page[T]:
    """Make a page of `limit` rows from at most one more; `cursor_of(row)` gives the values that continue after it."""
    if len(rows) <= limit:
        return Page(tuple(rows))
    return Page(tuple(rows[:limit]), encode_cursor(*cursor_of(rows[limit - 1])))


def contains(text: str) -> str:
    """Return a LIKE pattern that finds the text anywhere, its own wildcards escaped with a backslash."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def as_microseconds(column: ColumnElement[Any]) -> ColumnElement[int]:
    """Read an instant's column as the whole microseconds since 1970 that it holds."""
    return type_coerce(column, BigInteger)


def microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1)
