"""The list of deployed processes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import render_template

from engine.model.actor import OWNER
from engine.model.problem import Problem
from engine.queries import definitions, instances, work
from web import current
from web.processes import blueprint


@dataclass(frozen=True, slots=True)
class Row:
    """A process as a line: `newest` of its running cases are on the newest version."""

    definition: definitions.DefinitionRow
    newest: int
    tables: int
    forms: int
    standing: int


@blueprint.get("")
def index() -> str:
    """Show the processes."""
    return render_list()


def render_list(problems: list[Problem] | None = None, deployed: str = "") -> str:
    """Show the list, with the problems of an upload above it where there are any."""
    standing = _standing()
    by_key = Counter(row.definition_key for row in standing)
    rows = [_row(one, by_key[one.key]) for one in current.query(definitions.list_definitions)]
    return render_template(
        "processes/list.html",
        rows=[row for row in rows if not row.definition.callable_only],
        standing=standing,
        called=[row for row in rows if row.definition.callable_only],
        may_deploy=current.actor().has_role(OWNER),
        problems=problems or [],
        deployed=deployed,
    )


def _row(definition: definitions.DefinitionRow, standing: int) -> Row:
    view = current.query(definitions.get_definition, key=definition.key)
    kinds = [resource.kind for resource in view.resources]
    newest = next((one.running for one in view.versions if one.version == definition.version), 0)
    return Row(definition, newest, kinds.count("decision"), kinds.count("form"), standing)


def _standing() -> list[instances.InstanceRow]:
    """Find the cases that the visitor may see and that wait for someone to mend a failed step."""
    troubles = current.query(work.list_incidents, actor=current.actor(), limit=200).items
    ids = dict.fromkeys(trouble.instance_id for trouble in troubles)
    return [current.query(instances.get_instance, instance_id=id, actor=current.actor()).row for id in ids]
