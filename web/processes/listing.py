"""The list of deployed processes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from engine.model.actor import OWNER
from engine.model.problem import Problem
from engine.queries import definitions
from web import current
from web.formats import localised
from web.processes import blueprint


@dataclass(frozen=True, slots=True)
class Row:
    """A process as a line: `newest` of its running cases are on the newest version."""

    definition: definitions.DefinitionRow
    newest: int
    tables: int
    forms: int
    standing: int

    @property
    def label(self) -> str:
        return localised(self.definition.name, self.definition.names)


@blueprint.get("")
def index() -> str:
    """Show the processes."""
    return render_list()


def render_list(problems: list[Problem] | None = None, deployed: str = "") -> str:
    """Show the list, with the problems of an upload above it where there are any."""
    rows = [_row(definition) for definition in current.query(definitions.list_definitions)]
    return render_template(
        "processes/list.html",
        rows=[row for row in rows if not row.definition.callable_only],
        called=[row for row in rows if row.definition.callable_only],
        may_deploy=current.actor().has_role(OWNER),
        problems=problems or [],
        deployed=deployed,
    )


def _row(definition: definitions.DefinitionRow) -> Row:
    view = current.query(definitions.get_definition, key=definition.key)
    kinds = [resource.kind for resource in view.resources]
    newest = next((one.running for one in view.versions if one.version == definition.version), 0)
    standing = _standing().get(definition.key, 0)
    return Row(definition, newest, kinds.count("decision"), kinds.count("form"), standing)


def _standing() -> dict[str, int]:
    return {}
