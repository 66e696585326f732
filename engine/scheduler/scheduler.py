"""The scheduler: one APScheduler job that is always planned for the next due instant."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from engine.scheduler.due_work import DueWork
from engine.scheduler.wake_up import WakeUps
from engine.store.database import Database

log = structlog.get_logger()
_JOB = "due"
_LONGEST_SLEEP = timedelta(minutes=5)  # the next due row is looked up anew at least this often


class Scheduler:
    """Sleeps until the next timer or job is due, does all that is due, sleeps again.

    `execute` runs commands, `clock` tells the instant; APScheduler's own clock only measures the sleep, so that a moved
    clock in tests fires what is due by that clock.
    """

    def __init__(
        self, database: Database, execute: Callable[[Any], Any], clock: Callable[[], datetime], batch: int
    ) -> None:
        self._clock = clock
        self._work = DueWork(database, execute, clock, batch)
        self._wake_ups = WakeUps(database, self.wake)
        self._planned: datetime | None = None
        self._lock = threading.Lock()
        self._background: BackgroundScheduler | None = None

    @property
    def is_running(self) -> bool:
        return self._background is not None

    def start(self) -> None:
        """Start the thread that sleeps and the one that works; what became due while none ran is done at once."""
        if self._background is not None:
            return
        self._background = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            # A wake-up during a run queues another run behind it: with one instance APScheduler would drop it.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 3},
        )
        self._background.start()
        self._wake_ups.start()
        self.wake()

    def stop(self) -> None:
        """Finish the command that runs, if any, and stop."""
        with self._lock:
            background, self._background = self._background, None
        if background is not None:
            self._wake_ups.stop()
            self._work.stop()
            background.remove_all_jobs()  # else one may become due while the executor is closed already
            background.shutdown(wait=True)

    def wake(self, at: datetime | None = None) -> None:
        """Plan a run for the instant `at` (at once by default) unless an earlier one is planned."""
        with self._lock:
            if self._background is None:
                return
            now = self._clock()
            at = now if at is None else max(at, now)
            if self._planned is not None and self._planned <= at:
                return
            self._planned = at
            sleep = min(at - now, _LONGEST_SLEEP)
            self._background.add_job(self._run, DateTrigger(datetime.now(UTC) + sleep), id=_JOB, replace_existing=True)

    def run_due(self) -> int:
        """Do all that is due now, in the calling thread; return how many timers and jobs that was."""
        return self._work.run()

    def _run(self) -> None:
        with self._lock:
            self._planned = None
        try:
            self._work.run()
            next_due = self._work.next_due()
        except Exception:  # a database that is away must not end the scheduler
            log.exception("scheduler_failed")
            next_due = self._clock() + timedelta(seconds=2)
        self.wake(next_due if next_due is not None else self._clock() + _LONGEST_SLEEP)
