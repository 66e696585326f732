"""Create a user."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.commands.work import Work
from engine.model.actor import ADMIN, ROLES, Actor
from engine.model.errors import Forbidden, InvalidInput
from engine.store.people import User, missing_groups, put_user

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")


def require_admin(actor: Actor) -> None:
    if ADMIN not in actor.roles:
        raise Forbidden("manage users")


@dataclass(frozen=True, slots=True)
class CreateUser:
    """Create a user, or give an existing one these roles, groups and names; without a password nobody can sign in as it.

    `password_hash` is an argon2 hash; `display_names` are by locale.
    """

    name: str
    actor: Actor
    display_name: str = ""
    display_names: Mapping[str, str] = field(default_factory=dict)
    password_hash: str | None = None
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    locale: str | None = None

    def handle(self, work: Work) -> User:
        """Raise Forbidden; InvalidInput for a bad name, unknown role or group."""
        require_admin(self.actor)
        errors: dict[str, list[str]] = {}
        if not _NAME.fullmatch(self.name):
            errors["name"] = ["A user name has letters, digits and . _ @ - and begins with a letter or digit."]
        if unknown := sorted(set(self.roles) - set(ROLES)):
            errors["roles"] = [f"Unknown role: {', '.join(unknown)}. Roles are {', '.join(ROLES)}."]
        if missing := missing_groups(work.connection, self.groups):
            errors["groups"] = [f"Unknown group: {', '.join(missing)}."]
        if errors:
            raise InvalidInput(errors)
        user = User(
            self.name,
            self.display_name or self.name,
            self.display_names,
            self.password_hash,
            self.roles,
            self.locale,
            None,
            True,
            1,
            self.groups,
        )
        put_user(work.connection, user, work.now)
        return user
