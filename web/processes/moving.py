"""Cases of an older version moved to the newest: what would happen to each, then each moved by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from engine.commands.migrate_instance import Migrated, MigrateInstance
from engine.model.definition import Element
from engine.model.errors import EngineError, MigrationRefused
from engine.model.problem import Problem
from engine.queries import definitions, migrations
from web import current
from web.errors import engine_text
from web.processes import blueprint

AT_ONCE = 50
"""Cases that one page tries or moves."""

MAPPABLE = ("element-removed", "other-kind")
_PREFIX = "to:"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case's move did or would do: `moved`, else why not."""

    case: migrations.CaseBehind
    moved: Migrated | None = None
    problems: tuple[Problem, ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An element that some case stands at and that must be mapped, with those of the newest version to map it to."""

    element: Element
    targets: tuple[Element, ...]
    chosen: str


@blueprint.get("/<key>/versions/<int(max=2147483647):version>/move")
def try_move(key: str, version: int) -> str:
    """Show what would happen to each case; nothing changes."""
    return _render(key, version, _mapping(request.args), dry_run=True)


@blueprint.post("/<key>/versions/<int(max=2147483647):version>/move")
def move(key: str, version: int) -> ResponseReturnValue:
    """Move each case in a transaction of its own; those that cannot stay where they are."""
    return _render(key, version, _mapping(request.form), dry_run=False)


def _mapping(values: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(_PREFIX): to for name, to in values.items() if name.startswith(_PREFIX) and to}


def _render(key: str, version: int, mapping: dict[str, str], *, dry_run: bool) -> str:
    newest = current.query(definitions.get_definition, key=key)
    if version == newest.row.version:
        abort(404)
    before = current.query(definitions.get_definition, key=key, version=version)
    count, cases = current.query(
        migrations.list_cases_behind, key=key, version=version, actor=current.actor(), limit=AT_ONCE
    )
    known = {name: to for name, to in mapping.items() if name in before.elements and to in newest.elements}
    outcomes = [_outcome(case, newest.row.version, known, dry_run=dry_run) for case in cases]
    outcomes.sort(key=lambda one: one.moved is not None)  # what needs the owner comes first
    return render_template(
        "processes/move.html",
        row=newest.row,
        version=version,
        count=count,
        outcomes=outcomes,
        dry_run=dry_run,
        elements={**newest.elements, **before.elements},
        choices=_choices(outcomes, before, newest, known),
        mapping=known,
        able=sum(1 for one in outcomes if one.moved is not None),
    )


def _outcome(case: migrations.CaseBehind, to: int, mapping: dict[str, str], *, dry_run: bool) -> Outcome:
    try:
        moved = current.execute(MigrateInstance(case.id, current.actor(), to, mapping, dry_run))
    except MigrationRefused as refused:
        return Outcome(case, problems=tuple(refused.problems))
    except EngineError as error:  # it ended or was stepped meanwhile
        return Outcome(case, refusal=engine_text(error))
    return Outcome(case, moved)


def _choices(
    outcomes: list[Outcome],
    before: definitions.DefinitionView,
    newest: definitions.DefinitionView,
    mapping: dict[str, str],
) -> list[Choice]:
    wanted = [problem.element for one in outcomes for problem in one.problems if problem.rule in MAPPABLE]
    found = []
    for name in dict.fromkeys([*mapping, *wanted]):
        if (element := before.elements.get(name)) is not None:
            targets = tuple(one for one in newest.elements.values() if one.kind == element.kind)
            found.append(Choice(element, targets, mapping.get(name, "")))
    return found
