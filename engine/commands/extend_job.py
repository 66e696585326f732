"""Extend an external worker's lease."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.commands.activate_jobs import require_worker
from engine.commands.work import Work
from engine.model.actor import Actor
from engine.store.jobs import extend_lease, get_job


@dataclass(frozen=True, slots=True)
class ExtendJob:
    """Make the lease end `lease_s` seconds from now."""

    job_id: str
    actor: Actor
    lease_s: float

    def handle(self, work: Work) -> datetime:
        """Return the lease's new end; raise NotFound."""
        require_worker(self.actor)
        job = get_job(work.connection, self.job_id)
        until = work.now + timedelta(seconds=self.lease_s)
        extend_lease(work.connection, job.id, until)
        return until
