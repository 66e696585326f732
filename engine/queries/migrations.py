"""Cases left behind on older versions of their process, as its owners see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from engine.model.actor import OWNER, Actor
from engine.model.errors import Forbidden
from engine.queries.reader import Reader
from engine.store.tables import instances


@dataclass(frozen=True, slots=True)
class CaseBehind:
    """A case by its number and the elements where it stands: no more of it is an owner's business."""

    id: str
    business_key: str | None
    started_at: datetime
    active_elements: tuple[str, ...]


def list_cases_behind(
    reader: Reader, *, key: str, version: int, actor: Actor, limit: int
) -> tuple[int, tuple[CaseBehind, ...]]:
    """Return how many cases run on a version, and the oldest of them; raises Forbidden for anyone but owners."""
    if not actor.has_role(OWNER):
        raise Forbidden("move cases to another version")
    on_version = (
        instances.c.definition_key == key,
        instances.c.definition_version == version,
        instances.c.state.in_(("running", "suspended")),
    )
    count = reader.connection.execute(select(func.count()).select_from(instances).where(*on_version)).scalar_one()
    rows = reader.connection.execute(
        select(instances.c.id, instances.c.business_key, instances.c.started_at, instances.c.active)
        .where(*on_version)
        .order_by(instances.c.started_at, instances.c.id)
        .limit(limit)
    )
    return count, tuple(CaseBehind(id_, number, at, tuple(active)) for id_, number, at, active in rows)
