"""Messages to people as rows: the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from engine.store.tables import notifications


@dataclass(frozen=True, slots=True)
class Notification:
    id: str
    instance_id: str | None
    channel: str
    recipient: str
    subject: str
    text: str
    created_at: datetime


NOTIFICATION_COLUMNS = tuple(notifications.c[name] for name in Notification.__slots__)


def add_notification(connection: Connection, notification: Notification) -> None:
    row = {name: getattr(notification, name) for name in Notification.__slots__}
    row["recipient"], row["subject"] = notification.recipient[:500], notification.subject[:500]
    connection.execute(insert(notifications), row)
