"""Names, initials and groups of people, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from flask import Flask, g
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from engine.queries import people
from web import current
from web.formats import localised

ROLE_TITLES = {
    "admin": _l("administrator"),
    "owner": _l("process owner"),
    "manager": _l("manager"),
    "staff": _l("staff"),
}


@dataclass(frozen=True, slots=True)
class Face:
    """A person as shown: `tone` picks one of the four quiet colours of the initials."""

    name: str
    text: str
    initials: str
    tone: str


def init(app: Flask) -> None:
    app.jinja_env.globals.update(face_of=face_of, person=person, group_title=group_title)
    app.jinja_env.filters.update(person=person, group_title=group_title, role_title=role_title)


def person(name: str | None) -> str:
    """Give the display name of a user in the page's language."""
    return face_of(name).text


def face_of(name: str | None) -> Face:
    if not name:
        return Face("", "", "", "free")
    user = _users().get(name)
    if user is None:
        text = gettext("the system") if name == "system" else name
        return Face(name, text, _initials(text), "d")
    text = localised(user.display_name or user.name, user.display_names)
    return Face(name, text, _initials(text), ("", "b", "c", "d")[crc32(name.encode()) % 4])


def group_title(name: str) -> str:
    group = _groups().get(name)
    return localised(group.title, group.titles) if group else name


def role_title(role: str) -> str:
    return str(ROLE_TITLES.get(role, role))


def _initials(text: str) -> str:
    if text and ord(text[0]) > 0x2E80:  # Chinese, Japanese, Korean: the family name
        return text[0]
    words = text.replace(".", " ").replace("_", " ").split()
    return "".join(word[0] for word in words[:2]).upper()


def _users() -> dict[str, people.User]:
    if "people" not in g:
        g.people = {} if current.has_failed() else {user.name: user for user in current.query(people.list_users)}
    return g.people


def _groups() -> dict[str, people.Group]:
    if "groups" not in g:
        g.groups = {} if current.has_failed() else {group.name: group for group in current.query(people.list_groups)}
    return g.groups
