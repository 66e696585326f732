"""Set a password."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.create_user import require_admin
from engine.commands.work import Work
from engine.model.actor import Actor
from engine.model.errors import InvalidInput
from engine.store.people import find_user, set_password


@dataclass(frozen=True, slots=True)
class SetPassword:
    """Replace a password, one's own or as an admin; the user's sessions end."""

    name: str
    password_hash: str
    actor: Actor

    def handle(self, work: Work) -> None:
        if self.actor.name != self.name:
            require_admin(self.actor)
        if find_user(work.connection, self.name) is None:
            raise InvalidInput({"name": [f"There is no user “{self.name}”."]})
        set_password(work.connection, self.name, self.password_hash)
