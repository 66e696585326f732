"""Retry what failed technically."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.work import Work
from engine.model.actor import MANAGER, Actor
from engine.model.errors import Conflict, Forbidden
from engine.store.incidents import get_incident
from engine.store.visibility import require_visible


@dataclass(frozen=True, slots=True)
class RetryIncident:
    """Go on from the element where a case stopped on a technical failure."""

    incident_id: str
    actor: Actor

    def handle(self, work: Work) -> str:
        """Return the case's id; raise NotFound, Forbidden, Conflict for one that is resolved."""
        incident = get_incident(work.connection, self.incident_id)
        require_visible(work.connection, incident.instance_id, self.actor)
        if not self.actor.has_role(MANAGER):
            raise Forbidden("retry an incident")
        if incident.resolved_at is not None:
            raise Conflict("The incident is resolved already.")
        case = work.open_case(incident.instance_id)
        advance = case.run.retry(incident.id, now=work.plant_time, functions=work.functions)
        work.save(case, advance, self.actor)
        return incident.instance_id
