"""What a service sees of its surroundings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.config import Settings
from engine.store.database import Connection
from engine.store.jobs import Job


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The open transaction, the instant of the command (UTC) and the settings."""

    connection: Connection
    now: datetime
    settings: Settings

    @property
    def zone(self) -> ZoneInfo:
        """The plant's time zone."""
        return ZoneInfo(self.settings.time_zone)

    @property
    def plant_time(self) -> datetime:
        """The instant in the plant's time zone."""
        return self.now.astimezone(self.zone)


Service = Callable[[Job, Surroundings], dict[str, Any]]


class ServiceError(Exception):
    """A service cannot do its work; the text becomes the incident's."""


def required(job: Job, name: str) -> Any:
    """Return a variable or header that the service cannot do without."""
    value = job.variables.get(name, job.headers.get(name))
    if value is None or value == "":
        raise ServiceError(f"The service “{job.type}” needs “{name}”: map it as an input or set it as a header.")
    return value
