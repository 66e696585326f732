"""Create an API token."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.create_user import require_admin
from engine.commands.work import Work
from engine.model.actor import Actor
from engine.store.people import add_token


@dataclass(frozen=True, slots=True)
class CreateToken:
    """Let a bearer of the token with this SHA-256 (hex) act as the user."""

    user_name: str
    sha256: str
    actor: Actor

    def handle(self, work: Work) -> None:
        """Raise Forbidden, NotFound."""
        require_admin(self.actor)
        add_token(work.connection, self.user_name, self.sha256, work.now)
