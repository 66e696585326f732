"""Who acts: a person or program with roles and groups."""

from __future__ import annotations

from dataclasses import dataclass, field

ADMIN = "admin"
OWNER = "owner"
MANAGER = "manager"
STAFF = "staff"
ROLES = (ADMIN, OWNER, MANAGER, STAFF)


@dataclass(frozen=True, slots=True)
class Actor:
    """The principal of a command; `name` is what assignees and history hold."""

    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    groups: frozenset[str] = field(default_factory=frozenset)

    def has_role(self, *roles: str) -> bool:
        """Tell whether the actor has one of the roles; an admin has all."""
        return ADMIN in self.roles or any(role in self.roles for role in roles)

    @property
    def sees_all(self) -> bool:
        """Managers and admins see every case; others what their tasks let them."""
        return self.has_role(MANAGER)


SYSTEM = Actor("system", frozenset({ADMIN}))
"""The engine itself: timers, jobs, the first deployment."""
