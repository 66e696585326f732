"""Deployed resources and the bundles made of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from engine.model.errors import NotFound
from engine.store.tables import bundle_resources, bundles, groups, resources

PROCESS, DECISION, FORM = "process", "decision", "form"
DECISION_FILE = "decision_file"
"""A file of decisions that others import; its key is its namespace."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A deployed file's version under one of its keys; a file with several decisions is one resource for each."""

    id: str
    kind: str
    key: str
    version: int
    name: str
    file: str
    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """A process definition's version. `properties` are the process element's `zeebe:properties`."""

    id: str
    definition_key: str
    version: int
    name: str
    names: dict[str, str]
    properties: dict[str, str]
    sha256: str
    callable_only: bool
    deployed_at: datetime
    deployed_by: str


_RESOURCE = tuple(resources.c[name] for name in Resource.__slots__)
_BUNDLE = tuple(bundles.c[name] for name in Bundle.__slots__)


def find_resource(connection: Connection, kind: str, key: str) -> Resource | None:
    """Return the newest version of a resource."""
    row = connection.execute(
        select(*_RESOURCE)
        .where(resources.c.kind == kind, resources.c.key == key)
        .order_by(resources.c.version.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Resource(*row)


def put_resource(
    connection: Connection, kind: str, key: str, name: str, file: str, content: bytes, now: datetime, actor: str
) -> Resource:
    """Store a file as the newest version of its key; the same bytes again are the version there is."""
    digest = sha256(content).hexdigest()
    latest = find_resource(connection, kind, key)
    if latest is not None and latest.sha256 == digest:
        return latest
    version = 1 if latest is None else latest.version + 1
    resource = Resource(uuid.uuid4().hex, kind, key, version, name[:500], file[:500], digest, content)
    row = {column: getattr(resource, column) for column in Resource.__slots__}
    connection.execute(insert(resources), row | {"deployed_at": now, "deployed_by": actor})
    return resource


def known_keys(connection: Connection, kind: str) -> frozenset[str]:
    return frozenset(connection.execute(select(resources.c.key).where(resources.c.kind == kind).distinct()).scalars())


def known_groups(connection: Connection) -> frozenset[str]:
    return frozenset(connection.execute(select(groups.c.name)).scalars())


def definitions_using(connection: Connection, kind: str, keys: Sequence[str]) -> list[str]:
    """Return the definitions whose newest bundle holds a resource of these keys."""
    if not keys:
        return []
    query = (
        select(bundles.c.definition_key)
        .join(bundle_resources, bundle_resources.c.bundle_id == bundles.c.id)
        .join(resources, resources.c.id == bundle_resources.c.resource_id)
        .where(bundles.c.latest.is_(True), resources.c.kind == kind, resources.c.key.in_(keys))
        .distinct()
        .order_by(bundles.c.definition_key)
    )
    return list(connection.execute(query).scalars())


def find_bundle(connection: Connection, definition_key: str, version: int | None = None) -> Bundle | None:
    """Return a version of a definition, the newest by default."""
    query = select(*_BUNDLE).where(bundles.c.definition_key == definition_key)
    query = query.where(bundles.c.latest.is_(True)) if version is None else query.where(bundles.c.version == version)
    row = connection.execute(query).one_or_none()
    return None if row is None else Bundle(*row)


def get_bundle(connection: Connection, definition_key: str, version: int | None = None) -> Bundle:
    bundle = find_bundle(connection, definition_key, version)
    if bundle is None:
        name = definition_key if version is None else f"{definition_key}, version {version}"
        raise NotFound("process definition", name)
    return bundle


def get_bundle_by_id(connection: Connection, bundle_id: str) -> Bundle:
    return Bundle(*connection.execute(select(*_BUNDLE).where(bundles.c.id == bundle_id)).one())


def resources_of(connection: Connection, bundle_id: str) -> list[Resource]:
    """Return the bundle's resources, its own diagram first."""
    query = (
        select(*_RESOURCE)
        .join(bundle_resources, bundle_resources.c.resource_id == resources.c.id)
        .where(bundle_resources.c.bundle_id == bundle_id)
        .order_by(bundle_resources.c.main.desc(), resources.c.kind, resources.c.key)
    )
    return [Resource(*row) for row in connection.execute(query)]


def put_bundle(
    connection: Connection,
    main: Resource,
    others: Sequence[Resource],
    *,
    name: str,
    names: dict[str, str],
    properties: dict[str, str],
    callable_only: bool,
    now: datetime,
    actor: str,
) -> tuple[Bundle, bool]:
    """Make the next version of a definition unless its newest has the same content; tell whether it is new."""
    parts = sorted({(r.kind, r.key, r.sha256) for r in (main, *others)})
    digest = sha256(repr(parts).encode()).hexdigest()
    latest = find_bundle(connection, main.key)
    if latest is not None and latest.sha256 == digest:
        return latest, False
    version = 1 if latest is None else _last_version(connection, main.key) + 1
    bundle = Bundle(
        uuid.uuid4().hex, main.key, version, name[:500], names, properties, digest, callable_only, now, actor
    )
    connection.execute(update(bundles).where(bundles.c.definition_key == main.key).values(latest=False))
    row: dict[str, Any] = {column: getattr(bundle, column) for column in Bundle.__slots__}
    connection.execute(insert(bundles), row | {"latest": True})
    links = {r.id: False for r in others} | {main.id: True}
    connection.execute(
        insert(bundle_resources),
        [{"bundle_id": bundle.id, "resource_id": rid, "main": is_main} for rid, is_main in links.items()],
    )
    return bundle, True


def _last_version(connection: Connection, definition_key: str) -> int:
    query = select(func.max(bundles.c.version)).where(bundles.c.definition_key == definition_key)
    return connection.execute(query).scalar_one()
