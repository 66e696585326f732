"""Complete a job with its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.commands.activate_jobs import require_worker
from engine.commands.work import Work
from engine.model.actor import Actor
from engine.store.jobs import get_job, remove_jobs


@dataclass(frozen=True, slots=True)
class CompleteJob:
    """Give a service task its result variables and let the case go on."""

    job_id: str
    actor: Actor
    variables: Mapping[str, Any] = field(default_factory=dict)

    def handle(self, work: Work) -> None:
        """Raise NotFound for a job that is done or cancelled, InstanceNotRunning."""
        require_worker(self.actor)
        job = get_job(work.connection, self.job_id)
        case = work.open_case(job.instance_id)
        get_job(work.connection, self.job_id)  # again under the case's lock
        advance = case.run.complete_job(job.id, dict(self.variables), now=work.plant_time, functions=work.functions)
        remove_jobs(work.connection, [job.id])
        work.save(case, advance, self.actor)
