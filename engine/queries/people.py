"""Users and groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from engine.model.errors import NotFound
from engine.queries.reader import Reader
from engine.store import people as store
from engine.store.people import USER_COLUMNS, User, to_user
from engine.store.tables import groups, user_groups, users

__all__ = ["Group", "User", "find_user", "find_user_by_token", "get_user", "list_groups", "list_users"]


@dataclass(frozen=True, slots=True)
class Group:
    """A post of the plant; `titles` by locale."""

    name: str
    title: str
    titles: Mapping[str, str]


def find_user(reader: Reader, *, name: str) -> User | None:
    return store.find_user(reader.connection, name)


def get_user(reader: Reader, *, name: str) -> User:
    """Raise NotFound."""
    user = store.find_user(reader.connection, name)
    if user is None:
        raise NotFound("user", name)
    return user


def find_user_by_token(reader: Reader, *, sha256: str) -> User | None:
    """Return the active user to whom the token with this SHA-256 (hex) belongs."""
    return store.find_user_by_token(reader.connection, sha256)


def list_users(reader: Reader) -> tuple[User, ...]:
    """Return all users by display name, inactive ones too."""
    memberships: dict[str, list[str]] = {}
    for user_name, group_name in reader.connection.execute(
        select(user_groups.c.user_name, user_groups.c.group_name).order_by(user_groups.c.group_name)
    ):
        memberships.setdefault(user_name, []).append(group_name)
    rows = reader.connection.execute(select(*USER_COLUMNS).order_by(users.c.display_name, users.c.name))
    return tuple(to_user(row, tuple(memberships.get(row[0], ()))) for row in rows)


def list_groups(reader: Reader) -> tuple[Group, ...]:
    query = select(groups.c.name, groups.c.title, groups.c.titles).order_by(groups.c.name)
    return tuple(Group(*row) for row in reader.connection.execute(query))
