"""Hears of rows that other processes made due: PostgreSQL notifies; a SQLite file is watched by its change counter."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from engine.store.changes import listen
from engine.store.database import Database

log = structlog.get_logger()


class WakeUps:
    """A thread that calls `wake` whenever another process committed something that may be due earlier."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self._database, self._wake = database, wake
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._listen, name="wake-ups", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                listen(self._database, self._wake, self._stop)
            except Exception:  # the database is away: listen again when it is back
                log.warning("listening_failed", exc_info=True)
                self._stop.wait(2)
