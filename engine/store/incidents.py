"""Incidents as rows: technical failures that need a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from engine.model.advance import IncidentRaised
from engine.model.errors import NotFound
from engine.store.tables import incidents


@dataclass(frozen=True, slots=True)
class Incident:
    id: str
    instance_id: str
    element_id: str
    message: str
    created_at: datetime
    resolved_at: datetime | None


INCIDENT_COLUMNS = tuple(incidents.c[name] for name in Incident.__slots__)


def raise_incidents(connection: Connection, instance_id: str, raised: Sequence[IncidentRaised], now: datetime) -> None:
    if raised:
        connection.execute(
            insert(incidents),
            [
                {
                    "id": i.id,
                    "instance_id": instance_id,
                    "element_id": i.element_id,
                    "message": i.message,
                    "created_at": now,
                }
                for i in raised
            ],
        )


def resolve_incidents(connection: Connection, ids: Sequence[str], now: datetime) -> None:
    if ids:
        connection.execute(
            update(incidents).where(incidents.c.id.in_(ids), incidents.c.resolved_at.is_(None)).values(resolved_at=now)
        )


def get_incident(connection: Connection, incident_id: str) -> Incident:
    row = connection.execute(select(*INCIDENT_COLUMNS).where(incidents.c.id == incident_id)).one_or_none()
    if row is None:
        raise NotFound("incident", incident_id)
    return Incident(*row)
