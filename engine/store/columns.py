"""The types of our columns, and the names of constraints.

Instants are stored as whole microseconds since 1970 UTC, the same on every database; JSON as compact bytes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import BigInteger, Dialect, LargeBinary, MetaData, String, Text
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime as microseconds since the epoch."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Json(TypeDecorator[Any]):
    """Any JSON value as UTF-8 bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else orjson.dumps(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


class Words(TypeDecorator[str]):
    """Text as every database holds it: PostgreSQL knows no NUL. `cut` shortens to the length what is only for eyes."""

    impl = String
    cache_ok = True

    def __init__(self, length: int | None = None, *, cut: bool = False) -> None:
        super().__init__(length)
        self.length, self.cut = length, cut

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        kept = value.replace("\0", "\ufffd")
        return kept[: self.length] if self.cut else kept

    def coerce_compared_value(self, op: Any, value: Any) -> Words:
        return Words()  # what is looked for is never cut


class Prose(Words):
    """Words of any length."""

    impl = Text
    cache_ok = True


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
ID = Words(32)
KEY = Words(255)
NAME = Words(500, cut=True)
