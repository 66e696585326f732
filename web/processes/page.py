"""A process: its diagram, its versions with what changed, its files."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from engine.model.actor import OWNER
from engine.model.definition import Element
from engine.model.problem import Problem
from engine.queries import definitions
from web import current
from web.formats import localised
from web.processes import blueprint

COMPARED = 12
"""Versions whose differences are shown; older ones are listed alone."""


@dataclass(frozen=True, slots=True)
class Change:
    """A version against the one before it; `elements` are ids for the diagram, `lines` words for the list."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]


@blueprint.get("/<key>")
def show(key: str) -> str:
    """Show a process."""
    return render_process(key)


def render_process(key: str, problems: list[Problem] | None = None) -> str:
    """Show a process at the version asked for, with the problems of an upload where there are any."""
    newest = current.query(definitions.get_definition, key=key)
    version = request.args.get("version", type=int) or newest.row.version
    view = (
        newest if version == newest.row.version else current.query(definitions.get_definition, key=key, version=version)
    )
    changes = _changes(key, newest)
    return render_template(
        "processes/show.html",
        view=view,
        newest=newest,
        version=version,
        changes=changes,
        marks=_marks(changes.get(version)),
        may_deploy=current.actor().has_role(OWNER),
        problems=problems or [],
    )


@blueprint.get("/<key>/versions/<int(max=2147483647):version>/xml")
def xml(key: str, version: int) -> ResponseReturnValue:
    """Send the diagram of a version; it never changes."""
    data = current.query(definitions.get_xml, key=key, version=version)
    response = send_file(
        BytesIO(data),
        "application/xml",
        as_attachment="download" in request.args,
        download_name=f"{key}-{version}.bpmn",
        etag=False,
    )
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


_SLASHES = re.compile("/+")
"""Addresses hold one slash where a namespace, the key of an imported file, has two."""


@blueprint.get("/<key>/versions/<int(max=2147483647):version>/<kind>/<path:name>")
def resource(key: str, version: int, kind: str, name: str) -> ResponseReturnValue:
    """Send a decision, a form or a called process of a version's bundle as a file."""
    view = current.query(definitions.get_definition, key=key, version=version)
    row = next((one for one in view.resources if one.kind == kind and _SLASHES.sub("/", one.key) == name), None)
    if row is None:
        abort(404)
    data = current.query(
        definitions.get_resource, key=row.key, kind=kind, definition_key=key, definition_version=version
    )
    return send_file(
        BytesIO(data), "application/octet-stream", as_attachment=True, download_name=base_name(row.file), etag=False
    )


@blueprint.app_template_filter("basename")
def base_name(file: str) -> str:
    """Give a file's own name; shipped files carry their folders in front of it."""
    return PurePosixPath(file).name


def _changes(key: str, newest: definitions.DefinitionView) -> dict[int, Change]:
    versions = sorted((one.version for one in newest.versions), reverse=True)[: COMPARED + 1]
    views = {
        version: newest
        if version == newest.row.version
        else current.query(definitions.get_definition, key=key, version=version)
        for version in versions
    }
    return {later: compare(views[earlier], views[later]) for later, earlier in itertools.pairwise(versions)}


def compare(before: definitions.DefinitionView, after: definitions.DefinitionView) -> Change:
    """Tell which elements and files a version added, changed or left out."""
    old, new = before.elements, after.elements
    added = tuple(id for id in new if id not in old)
    changed = tuple(id for id in new if id in old and new[id] != old[id])
    lines = [("add", _name(new[id])) for id in added]
    lines += [("chg", _name(new[id])) for id in changed]
    lines += [("del", _name(old[id])) for id in old if id not in new]
    files = {(one.kind, one.key): one for one in before.resources}
    kept = {(one.kind, one.key): one for one in after.resources}
    lines += [("add", base_name(one.file)) for place, one in kept.items() if place not in files]
    lines += [
        ("chg", base_name(one.file))
        for place, one in kept.items()
        if place in files and files[place].version != one.version
    ]
    lines += [("del", base_name(one.file)) for place, one in files.items() if place not in kept]
    return Change(added, changed, tuple(dict.fromkeys(lines)))


def _name(element: Element) -> str:
    return localised(element.name, element.names) or element.id


def _marks(change: Change | None) -> dict[str, Any]:
    return {"added": list(change.added), "changed": list(change.changed)} if change else {"added": [], "changed": []}
