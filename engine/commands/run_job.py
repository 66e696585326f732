"""Run one of the engine's own jobs: its service and the step that follows are one transaction."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from engine.commands.broadcast_signal import BroadcastSignal
from engine.commands.complete_job import CompleteJob
from engine.commands.correlate_message import CorrelateMessage
from engine.commands.throw_job_error import ThrowJobError
from engine.commands.work import Work
from engine.model.actor import SYSTEM
from engine.model.errors import BpmnError, MessageNotAwaited
from engine.services import SERVICES
from engine.store.jobs import THROW, Job, find_job, remove_jobs


@dataclass(frozen=True, slots=True)
class RunJob:
    """Run a job's service; a modelled error goes into the diagram, any other failure rolls back and is the caller's."""

    job_id: str

    def handle(self, work: Work) -> bool:
        """Tell whether the job was run; one that is gone was done or cancelled meanwhile."""
        job = find_job(work.connection, self.job_id)
        if job is None:
            return False
        if job.type.startswith(THROW):
            _deliver(work, job)
            return True
        try:
            result = SERVICES[job.type](job, work.surroundings)
        except BpmnError as error:
            ThrowJobError(job.id, SYSTEM, error.error_code, error.variables).handle(work)
        else:
            CompleteJob(job.id, SYSTEM, result).handle(work)
        return True


def _deliver(work: Work, job: Job) -> None:
    """Deliver what a case threw; a message that nobody awaits is gone, as in BPMN 2.0, 10.5.2."""
    remove_jobs(work.connection, [job.id])
    name = job.headers["name"]
    if job.type == THROW + "signal":
        BroadcastSignal(name, SYSTEM, job.variables).handle(work)
        return
    with suppress(MessageNotAwaited):
        CorrelateMessage(name, SYSTEM, job.headers.get("correlation_key"), job.variables).handle(work)
