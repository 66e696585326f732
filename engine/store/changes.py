"""Tells schedulers in other processes that a commit made something due."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import Connection, text

from engine.store.database import Database

CHANNEL = "closeloop_due"
_WATCH_S = 0.5


def announce(connection: Connection) -> None:
    """Notify, with this transaction's commit, that a timer or job may be due earlier than any before."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"NOTIFY {CHANNEL}"))


def listen(database: Database, heard: Callable[[], None], stop: threading.Event) -> None:
    """Call `heard` after such commits of other processes until `stop` is set.

    SQLite has no notification: its `data_version` counts commits of other connections and costs a page-cache look.
    """
    with database.engine.connect() as connection:
        if database.is_sqlite:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            seen = raw.execute("PRAGMA data_version").fetchone()
            while not stop.wait(_WATCH_S):
                now = raw.execute("PRAGMA data_version").fetchone()
                if now != seen:
                    seen = now
                    heard()
            return
        raw = connection.connection.dbapi_connection
        raw.autocommit = True  # type: ignore[union-attr]
        raw.execute(f"LISTEN {CHANNEL}")  # type: ignore[union-attr]
        while not stop.is_set():
            for _ in raw.notifies(timeout=1.0, stop_after=1):  # type: ignore[union-attr]
                heard()
