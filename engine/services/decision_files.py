"""Decision files with the files that they import, loaded once for each content and shared by cases, queries and threads."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from engine import dmn
from engine.store.bundles import DECISION_FILE, find_resource
from engine.store.database import Connection

Library = Callable[[str], bytes | None]
"""The newest deployed file that others may import, by its namespace."""


@lru_cache(maxsize=256)
def load(data: bytes, imports: tuple[bytes, ...] = ()) -> dmn.Model:
    """Return the model of a file that was checked when deployed."""
    return dmn.load(data, imports)


@lru_cache(maxsize=256)
def _wanted(data: bytes) -> tuple[str, ...]:
    return dmn.outline(data).imports


def imported(data: bytes, library: Library) -> dict[str, bytes]:
    """Return the files that a file imports, directly or through others, by namespace; those not there are left out.

    Raises DmnError.
    """
    found: dict[str, bytes] = {}
    todo = [data]
    while todo:
        for namespace in _wanted(todo.pop()):
            other = None if namespace in found else library(namespace)
            if other is not None:
                found[namespace] = other
                todo.append(other)
    return found


def deployed_library(connection: Connection) -> Library:
    """Return the library of what is deployed."""

    def find(namespace: str) -> bytes | None:
        resource = find_resource(connection, DECISION_FILE, namespace)
        return None if resource is None else resource.content

    return find
