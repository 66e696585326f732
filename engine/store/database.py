"""Opens the database: one write transaction a command, and read transactions beside it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from engine.model.errors import WrongDatabase

__all__ = ["Connection", "Database"]


class Database:
    """A pool of connections to SQLite or PostgreSQL.

    SQLite runs in WAL with `synchronous=FULL`: a commit that was answered survives a power cut. Its single writer is
    queued by a lock inside the process, so that threads wait in order instead of sleeping in SQLite's busy handler.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if self.is_sqlite and parsed.database and parsed.database != ":memory:":
            _make_folder(Path(parsed.database).parent)
        self.url = parsed
        options: dict[str, Any] = {} if self.is_sqlite else {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20}
        self.engine: Engine = create_engine(parsed, **options)
        self._writer = threading.Lock() if self.is_sqlite else nullcontext()
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    def reach(self) -> None:
        """Raise WrongDatabase unless the database answers."""
        try:
            self.engine.connect().close()
        except DBAPIError as error:
            reason = str(error.orig).strip().partition("\n")[0]
            raise WrongDatabase(
                f"The database {self.url.render_as_string()} cannot be opened: {reason}. "
                "CLOSELOOP_DATABASE_URL says where it is."
            ) from error

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that commits when the block ends and rolls back when it raises."""
        with self._writer, self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction for reading: one consistent view."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongDatabase(
            f"The folder {folder} cannot be made: {error.strerror}. CLOSELOOP_DATA_DIR and CLOSELOOP_DATABASE_URL say "
            "where the data is."
        ) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not guessed by the driver
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a later upgrade from reading would fail under concurrency.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
