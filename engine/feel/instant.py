"""The instant of a library call."""

from __future__ import annotations

from datetime import UTC, datetime


def instant_of(now: datetime | None) -> datetime:
    """Return the instant given, or that of the call. Programs may leave it out; the engine always gives its own."""
    return datetime.now(UTC) if now is None else now
