"""Incidents: technical failures that wait for a person."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from engine.commands.retry_incident import RetryIncident
from engine.queries import work
from web import current
from web.api.fields import Instant, Key, ListArgs, list_of
from web.api.instances import Instance, shown
from web.api.resource import Resource, execute, query

resource = Resource("incidents", __name__, "Failures that need a person.")


class Incident(Schema):
    id = fields.String(required=True)
    instance_id = fields.String(required=True)
    element_id = fields.String(required=True)
    message = fields.String(required=True)
    created_at = Instant(required=True)


class IncidentArgs(ListArgs):
    instance_id = Key(load_default=None)


@resource.route("/incidents")
@resource.arguments(IncidentArgs, location="query")
@resource.response(200, list_of(Incident, "Incidents"))
def list_incidents(args: dict[str, Any]) -> Any:
    """List the open incidents of cases that the caller may see."""
    return query(work.list_incidents, actor=current.actor(), **args)


@resource.route("/incidents/<string:incident_id>/retry", methods=["POST"])
@resource.changes
@resource.response(200, Instance)
def retry_incident(incident_id: str) -> Any:
    """Try again where a case has stopped; answers with the case as it is then."""
    return shown(execute(RetryIncident(incident_id=incident_id, actor=current.actor())))
