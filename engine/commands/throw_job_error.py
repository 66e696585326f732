"""Throw a modelled error from a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.commands.activate_jobs import require_worker
from engine.commands.work import Work
from engine.model.actor import Actor
from engine.store.jobs import get_job, remove_jobs


@dataclass(frozen=True, slots=True)
class ThrowJobError:
    """Throw a BPMN error at the job's element; an error that nothing catches becomes an incident there."""

    job_id: str
    actor: Actor
    error_code: str
    variables: Mapping[str, Any] = field(default_factory=dict)

    def handle(self, work: Work) -> None:
        """Raise NotFound, InstanceNotRunning."""
        require_worker(self.actor)
        job = get_job(work.connection, self.job_id)
        case = work.open_case(job.instance_id)
        get_job(work.connection, self.job_id)
        advance = case.run.throw_error(
            job.id, self.error_code, dict(self.variables), now=work.plant_time, functions=work.functions
        )
        remove_jobs(work.connection, [job.id])
        work.save(case, advance, self.actor)
