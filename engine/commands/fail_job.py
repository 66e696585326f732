"""Report that a job failed technically."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.commands.activate_jobs import require_worker
from engine.commands.work import Work
from engine.model import history
from engine.model.actor import Actor
from engine.model.history import Entry
from engine.store.instances import append_history
from engine.store.jobs import get_job, remove_jobs, retry_later


@dataclass(frozen=True, slots=True)
class FailJob:
    """Try the job again after `backoff_s` seconds while tries are left, else raise an incident at its element.

    `retries` says how many tries are left; without it, one fewer than before.
    """

    job_id: str
    actor: Actor
    message: str
    retries: int | None = None
    backoff_s: float = 0

    def handle(self, work: Work) -> int:
        """Return the tries left; raise NotFound, InstanceNotRunning."""
        require_worker(self.actor)
        job = get_job(work.connection, self.job_id)
        retries = max(0, job.retries - 1 if self.retries is None else self.retries)
        if retries:
            entry = Entry(
                history.JOB_FAILED, job.element_id, {"type": job.type, "message": self.message, "retries": retries}
            )
            append_history(work.connection, job.instance_id, work.now, self.actor.name, [entry])
            due_at = work.now + timedelta(seconds=self.backoff_s)
            retry_later(work.connection, job.id, retries, due_at)
            work.wake(due_at)
        else:
            case = work.open_case(job.instance_id)
            advance = case.run.fail_job(job.id, self.message, now=work.plant_time)
            remove_jobs(work.connection, [job.id])
            work.save(case, advance, self.actor)
        return retries
