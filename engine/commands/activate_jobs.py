"""Hand jobs to an external worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.commands.work import Work
from engine.model.actor import ADMIN, Actor
from engine.model.errors import Forbidden
from engine.store.jobs import Job, claim_jobs


def require_worker(actor: Actor) -> None:
    """External workers are programs with the role admin: their jobs carry variables of any case."""
    if ADMIN not in actor.roles:
        raise Forbidden("work on jobs")


@dataclass(frozen=True, slots=True)
class ActivateJobs:
    """Lease up to `max` waiting jobs of these types ("*" all) for `lease_s` seconds; the lease over, they are offered again."""

    types: tuple[str, ...]
    max: int
    lease_s: float
    actor: Actor
    instance_id: str | None = None

    def handle(self, work: Work) -> tuple[Job, ...]:
        require_worker(self.actor)
        return tuple(
            claim_jobs(
                work.connection,
                work.now,
                self.max,
                timedelta(seconds=self.lease_s),
                types=self.types,
                instance_id=self.instance_id,
            )
        )
