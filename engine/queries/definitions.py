"""Process definitions, their versions and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from engine.model.definition import Element
from engine.model.errors import NotFound
from engine.queries.reader import Reader
from engine.queries.tasks import FormView
from engine.services.registers import feel_functions
from engine.store.bundles import PROCESS, Bundle, get_bundle
from engine.store.tables import bundles, instances, record_types, resources, tasks


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """A definition in one version; `running` and `late` count cases of all versions.

    `start_form` is the key of the form that starts a case; `callable_only` says that nobody starts it by hand.
    """

    key: str
    name: str
    names: Mapping[str, str]
    version: int
    deployed_at: datetime
    deployed_by: str
    running: int
    late: int
    callable_only: bool
    start_form: str | None
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class VersionRow:
    version: int
    deployed_at: datetime
    deployed_by: str
    running: int


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """A file of a bundle under one of its keys."""

    kind: str
    key: str
    version: int
    name: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """A definition's version with the files of its bundle and the elements of its diagrams."""

    row: DefinitionRow
    versions: tuple[VersionRow, ...]
    resources: tuple[ResourceRow, ...]
    elements: Mapping[str, Element]


def _to_row(bundle: Bundle, running: int, late: int) -> DefinitionRow:
    return DefinitionRow(
        bundle.definition_key,
        bundle.name,
        bundle.names,
        bundle.version,
        bundle.deployed_at,
        bundle.deployed_by,
        running,
        late,
        bundle.callable_only,
        bundle.properties.get("start_form"),
        bundle.properties,
    )


def _running(reader: Reader, key: str | None = None) -> dict[str, tuple[int, int]]:
    """Count running cases by definition, and the late ones among them."""
    is_late = instances.c.id.in_(
        select(tasks.c.instance_id).where(tasks.c.state == "open", tasks.c.due_at < reader.now)
    )
    query = (
        select(instances.c.definition_key, func.count(), func.sum(case((is_late, 1), else_=0)))
        .where(instances.c.state == "running")
        .group_by(instances.c.definition_key)
    )
    if key is not None:
        query = query.where(instances.c.definition_key == key)
    return {definition: (number, late) for definition, number, late in reader.connection.execute(query)}


def list_definitions(reader: Reader) -> tuple[DefinitionRow, ...]:
    """Return every definition in its newest version, by name."""
    counts = _running(reader)
    columns = tuple(bundles.c[name] for name in Bundle.__slots__)
    query = select(*columns).where(bundles.c.latest.is_(True)).order_by(bundles.c.name, bundles.c.definition_key)
    newest = [Bundle(*row) for row in reader.connection.execute(query)]
    return tuple(_to_row(bundle, *counts.get(bundle.definition_key, (0, 0))) for bundle in newest)


def get_definition(reader: Reader, *, key: str, version: int | None = None) -> DefinitionView:
    """Return a definition, the newest version by default; raises NotFound."""
    bundle = get_bundle(reader.connection, key, version)
    by_version: dict[int, int] = dict(
        reader.connection.execute(
            select(instances.c.definition_version, func.count())
            .where(instances.c.definition_key == key, instances.c.state == "running")
            .group_by(instances.c.definition_version)
        ).all()
    )
    versions = reader.connection.execute(
        select(bundles.c.version, bundles.c.deployed_at, bundles.c.deployed_by)
        .where(bundles.c.definition_key == key)
        .order_by(bundles.c.version.desc())
    )
    loaded = reader.bundle(bundle.id)
    return DefinitionView(
        _to_row(bundle, *_running(reader, key).get(key, (0, 0))),
        tuple(VersionRow(*row, running=by_version.get(row[0], 0)) for row in versions),
        tuple(ResourceRow(r.kind, r.key, r.version, r.name, r.file, r.sha256) for r in loaded.resources),
        loaded.definition.elements,
    )


def get_resource(
    reader: Reader, *, key: str, kind: str, definition_key: str, definition_version: int | None = None
) -> bytes:
    """Return a file of a definition's bundle; raises NotFound."""
    bundle = get_bundle(reader.connection, definition_key, definition_version)
    for resource in reader.bundle(bundle.id).resources:
        if (resource.kind, resource.key) == (kind, key):
            return resource.content
    raise NotFound(kind, key)


def get_xml(reader: Reader, *, key: str, version: int | None = None) -> bytes:
    """Return the diagram's file as it was deployed; raises NotFound."""
    return get_resource(reader, key=key, kind=PROCESS, definition_key=key, definition_version=version)


def get_start_form(reader: Reader, *, key: str, version: int | None = None) -> FormView:
    """Return the form that starts a case; raises NotFound for an unknown definition."""
    bundle = get_bundle(reader.connection, key, version)
    form_key = bundle.properties.get("start_form")
    form = reader.bundle(bundle.id).forms.get(form_key or "")
    return FormView(form_key, form, {}, feel_functions(reader.connection))


def deployed_digests(reader: Reader) -> frozenset[str]:
    """Return the SHA-256 of every file that was ever deployed, registers' newest forms among them."""
    digests = set(reader.connection.execute(select(resources.c.sha256).distinct()).scalars())
    return frozenset(digests | set(reader.connection.execute(select(record_types.c.sha256)).scalars()))
