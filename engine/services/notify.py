"""`notify`: a message to a person, kept in the outbox."""

from __future__ import annotations

from typing import Any

from engine.model.identifier import new_id
from engine.services.surroundings import Surroundings, required
from engine.store.jobs import Job
from engine.store.notifications import Notification, add_notification


def notify(job: Job, around: Surroundings) -> dict[str, Any]:
    """Put a message into the outbox: inputs `to`, `subject`, `text`; header `channel` ("plant" by default)."""
    add_notification(
        around.connection,
        Notification(
            id=new_id(around.now),
            instance_id=job.instance_id,
            channel=str(job.variables.get("channel") or job.headers.get("channel") or "plant"),
            recipient=str(required(job, "to")),
            subject=str(required(job, "subject")),
            text=str(required(job, "text")),
            created_at=around.now,
        ),
    )
    return {}
