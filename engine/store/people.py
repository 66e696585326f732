"""Users, groups and API tokens as rows. Passwords and tokens come in as hashes; nothing here can read them back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from engine.model.actor import Actor
from engine.model.errors import NotFound
from engine.store.tables import groups, tokens, user_groups, users


@dataclass(frozen=True, slots=True)
class User:
    """A person or program that may sign in; `name` is unique and what tasks and history hold."""

    name: str
    display_name: str
    display_names: Mapping[str, str]
    password_hash: str | None
    roles: tuple[str, ...]
    locale: str | None
    theme: str | None
    active: bool
    session_epoch: int
    groups: tuple[str, ...] = field(default=())

    @property
    def actor(self) -> Actor:
        return Actor(self.name, frozenset(self.roles), frozenset(self.groups))


USER_COLUMNS = tuple(users.c[name] for name in User.__slots__ if name != "groups")


def to_user(row: Any, group_names: tuple[str, ...]) -> User:
    name, display_name, display_names, password_hash, roles, locale, theme, active, session_epoch = row
    return User(
        name,
        display_name,
        display_names,
        password_hash,
        tuple(roles),
        locale,
        theme,
        active,
        session_epoch,
        group_names,
    )


def find_user(connection: Connection, name: str) -> User | None:
    row = connection.execute(select(*USER_COLUMNS).where(users.c.name == name)).one_or_none()
    return None if row is None else to_user(row, groups_of(connection, name))


def find_user_by_token(connection: Connection, sha256: str) -> User | None:
    """Return the active user to whom the token with this hash belongs."""
    row = connection.execute(
        select(*USER_COLUMNS)
        .join(tokens, tokens.c.user_name == users.c.name)
        .where(tokens.c.sha256 == sha256, users.c.active.is_(True))
    ).one_or_none()
    return None if row is None else to_user(row, groups_of(connection, row[0]))


def groups_of(connection: Connection, user_name: str) -> tuple[str, ...]:
    query = select(user_groups.c.group_name).where(user_groups.c.user_name == user_name)
    return tuple(connection.execute(query.order_by(user_groups.c.group_name)).scalars())


def put_user(connection: Connection, user: User, now: datetime) -> None:
    """Insert or replace a user with roles and groups; an existing password stays where none is given."""
    values = {
        "display_name": user.display_name,
        "display_names": dict(user.display_names),
        "roles": list(user.roles),
        "locale": user.locale,
        "active": user.active,
    }
    if user.password_hash is not None:
        values["password_hash"] = user.password_hash
    changed = connection.execute(update(users).where(users.c.name == user.name).values(values))
    if changed.rowcount == 0:
        connection.execute(
            insert(users),
            {
                "name": user.name,
                "password_hash": user.password_hash,
                "theme": user.theme,
                "session_epoch": 1,
                "created_at": now,
                **values,
            },
        )
    connection.execute(delete(user_groups).where(user_groups.c.user_name == user.name))
    if user.groups:
        connection.execute(
            insert(user_groups),
            [{"user_name": user.name, "group_name": group} for group in dict.fromkeys(user.groups)],
        )


def set_password(connection: Connection, name: str, password_hash: str) -> None:
    """Replace the password and end the user's sessions."""
    connection.execute(
        update(users)
        .where(users.c.name == name)
        .values(password_hash=password_hash, session_epoch=users.c.session_epoch + 1)
    )


def set_profile(connection: Connection, name: str, locale: str | None, theme: str | None) -> None:
    connection.execute(update(users).where(users.c.name == name).values(locale=locale, theme=theme))


def add_token(connection: Connection, user_name: str, sha256: str, now: datetime) -> None:
    if find_user(connection, user_name) is None:
        raise NotFound("user", user_name)
    connection.execute(insert(tokens), {"sha256": sha256, "user_name": user_name, "created_at": now})


def put_group(connection: Connection, name: str, title: str, titles: Mapping[str, str]) -> None:
    values = {"title": title, "titles": dict(titles)}
    if connection.execute(update(groups).where(groups.c.name == name).values(values)).rowcount == 0:
        connection.execute(insert(groups), {"name": name, **values})


def missing_groups(connection: Connection, names: Collection[str]) -> list[str]:
    known = set(connection.execute(select(groups.c.name).where(groups.c.name.in_(names))).scalars())
    return sorted(set(names) - known)
