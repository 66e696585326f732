"""Claims what is due and does it: each timer and each job is one command, so one transaction."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from engine.commands.fail_job import FailJob
from engine.commands.fire_timer import FOREVER, FireTimer
from engine.commands.run_job import RunJob
from engine.model.actor import SYSTEM
from engine.model.errors import InstanceNotRunning, RevisionConflict
from engine.store import jobs, messages, timers
from engine.store.database import Database
from engine.store.jobs import Job

log = structlog.get_logger()
LEASE = timedelta(seconds=60)
_TRIES = 5
_BACKOFF_S = (5, 30, 120, 600)


def _jitter() -> float:
    """Spread retries, so that what failed together is not tried together."""
    return random.uniform(0.8, 1.2)  # noqa: S311 - no secret


class DueWork:
    """Fires due timers and runs due jobs until none is left."""

    def __init__(
        self, database: Database, execute: Callable[[Any], Any], clock: Callable[[], datetime], batch: int
    ) -> None:
        self._database, self._execute, self._clock, self._batch = database, execute, clock, batch
        self._stopping = False

    def stop(self) -> None:
        """Let the command that runs end, start no further one."""
        self._stopping = True

    def run(self) -> int:
        """Return how many timers and jobs were done."""
        self._stopping = False
        done = 0
        while not self._stopping:
            claimed_timers, claimed_jobs = self._claim()
            if not claimed_timers and not claimed_jobs:
                break
            for timer_id in claimed_timers:
                if not self._stopping:
                    self._fire(timer_id)
            for job in claimed_jobs:
                if not self._stopping:
                    self._run_job(job)
            done += len(claimed_timers) + len(claimed_jobs)
        return done

    def next_due(self) -> datetime | None:
        """Return the instant at which something can be claimed next."""
        now = self._clock()
        with self._database.read() as connection:
            candidates = (
                timers.next_due(connection, now),
                jobs.next_due(connection),
                messages.next_expiry(connection),
            )
        return min((instant for instant in candidates if instant is not None), default=None)

    def _claim(self) -> tuple[list[str], list[Job]]:
        now = self._clock()
        upcoming = self.next_due()
        if upcoming is None or upcoming > now:
            return [], []  # nothing to claim: no write transaction for it
        with self._database.write() as connection:
            if expired := messages.drop_expired(connection, now):
                log.info("messages_expired", count=expired)
            return (
                timers.claim_due(connection, now, self._batch, LEASE),
                jobs.claim_jobs(connection, now, self._batch, LEASE),
            )

    def _fire(self, timer_id: str) -> None:
        try:
            self._again_on_conflict(FireTimer(timer_id))
        except Exception:  # the lease keeps the timer; it is tried again when that ends
            log.exception("timer_failed", timer_id=timer_id)

    def _run_job(self, job: Job) -> None:
        try:
            self._again_on_conflict(RunJob(job.id))
        except InstanceNotRunning:  # suspended: resuming gives the job back
            with self._database.write() as connection:
                jobs.extend_lease(connection, job.id, FOREVER)
        except Exception as error:
            log.exception("job_failed", job_id=job.id, type=job.type)
            backoff = _BACKOFF_S[min(max(0, 3 - job.retries), len(_BACKOFF_S) - 1)]
            self._again_on_conflict(
                FailJob(job.id, SYSTEM, str(error) or type(error).__name__, backoff_s=backoff * _jitter())
            )

    def _again_on_conflict(self, command: Any) -> Any:
        """Execute a command; when someone else stepped the case first, look again and try anew."""
        for left in reversed(range(_TRIES)):
            try:
                return self._execute(command)
            except RevisionConflict:
                if not left:
                    raise
        return None
