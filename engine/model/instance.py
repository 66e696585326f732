"""Process instances ("cases")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class InstanceState(StrEnum):
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"

    @property
    def is_over(self) -> bool:
        return self in (InstanceState.COMPLETED, InstanceState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Instance:
    """One case as stored; `snapshot` is opaque bytes of `engine.bpmn`, `variables` JSON values."""

    id: str
    bundle_id: str
    definition_key: str
    definition_version: int
    business_key: str | None
    state: InstanceState
    variables: dict[str, Any]
    snapshot: bytes
    revision: int
    started_at: datetime
    started_by: str
    ended_at: datetime | None = None
