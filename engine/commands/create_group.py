"""Create a group of users."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.commands.create_user import require_admin
from engine.commands.work import Work
from engine.model.actor import Actor
from engine.store.people import put_group


@dataclass(frozen=True, slots=True)
class CreateGroup:
    """Create a group (a post of the plant) or rename it; `titles` are by locale."""

    name: str
    actor: Actor
    title: str
    titles: Mapping[str, str] = field(default_factory=dict)

    def handle(self, work: Work) -> None:
        require_admin(self.actor)
        put_group(work.connection, self.name, self.title, self.titles)
