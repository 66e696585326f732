"""The engine: wires everything; `execute` is one transaction, `query` reads."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from engine.commands.work import LiveRuns, Work
from engine.config import Settings
from engine.queries import Reader
from engine.scheduler import Scheduler
from engine.services.bundles import Bundles
from engine.store import schema
from engine.store.changes import announce
from engine.store.database import Database
from engine.store.files import Files
from engine.store.idempotency import IdempotencyKey, find_answer, keep_answer

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
P = ParamSpec("P")


class Command(Protocol[R_co]):
    """A frozen dataclass of `engine.commands`."""

    def handle(self, work: Work) -> R_co: ...


def utc_now() -> datetime:
    return datetime.now(UTC)


class Engine:
    """Runs commands and queries over one database; safe to share by threads.

    `clock` is read once per command. The database must be at this release's schema: see `prepare`.
    """

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self.settings = settings
        self.clock = clock
        self.database = Database(settings.store_url)
        self.files = Files(settings.data_dir / "attachments")
        self._bundles = Bundles()
        self._live = LiveRuns(settings.live_instances)
        self.scheduler = Scheduler(self.database, self.execute, clock, settings.scheduler_batch)

    def prepare(self) -> None:
        """Bring the database to this release's schema; raises WrongDatabase."""
        schema.migrate(self.database)

    def require_current(self) -> None:
        """Raise WrongDatabase unless the database is at this release's schema."""
        schema.require_current(self.database)

    def execute(self, command: Command[R]) -> R:
        """Run a command: all of it is committed, or it raised and nothing is.

        Raises the command's refusals (`engine.model.errors`).
        """
        with self.database.write() as connection:
            work = self._work(connection)
            result = command.handle(work)
            self._announce(work)
        self._committed(work)
        return result

    def execute_once(self, command: Command[R], key: IdempotencyKey, to_json: Callable[[R], Any]) -> Any:
        """Run a command whose request carries an idempotency key; return `to_json` of its result.

        The same request again gets the first one's answer, kept in the same transaction. Raises Conflict when the key
        came with a different request, besides the command's refusals, which are not kept.
        """
        with self.database.write() as connection:
            kept = find_answer(connection, key)
            if kept is not None:
                return kept[0]
            work = self._work(connection)
            answer = to_json(command.handle(work))
            keep_answer(connection, key, [answer], work.now)
            self._announce(work)
        self._committed(work)
        return answer

    def query(self, function: Callable[Concatenate[Reader, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function of `engine.queries` in a read transaction."""
        with self.database.read() as connection:
            return function(Reader(connection, self.clock(), self._bundles, self.settings), *args, **kwargs)

    def start(self) -> None:
        """Start the scheduler's threads."""
        self.scheduler.start()

    def stop(self) -> None:
        """Stop the scheduler after what it is doing, and close the database."""
        self.scheduler.stop()
        self.database.close()

    def _work(self, connection: Any) -> Work:
        return Work(connection, self.clock(), self.settings, self._bundles, self._live, self.files)

    @staticmethod
    def _announce(work: Work) -> None:
        if work.wake_at is not None:
            announce(work.connection)

    def _committed(self, work: Work) -> None:
        for instance_id, revision, run in work.stepped:
            self._live.keep(instance_id, revision, run)
        if work.wake_at is not None:
            self.scheduler.wake(work.wake_at)


def secret_key(settings: Settings) -> str:
    """Return the setting, else a random key kept in `data_dir`, made at the first start."""
    if settings.secret_key:
        return settings.secret_key
    path = Path(settings.data_dir) / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"secret_key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another process was first: its key counts
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()
