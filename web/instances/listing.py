"""The list of cases: counts that filter, rows, pages by cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request

from engine.model.errors import NotFound
from engine.model.instance import InstanceState
from engine.queries import definitions, instances
from web import current
from web.formats import Chip, chip, full_name, localised
from web.instances import blueprint, stages

PAGE = 50
STATES = tuple(state.value for state in InstanceState)


@dataclass(frozen=True, slots=True)
class Row:
    """One case as a line of the list."""

    id: str
    key: str
    title: str
    state: str
    chip: Chip
    stages: list[stages.Stage]
    where: str
    every: list[str]
    customer: str
    assignee: str | None
    group: str | None
    since: Any
    ended_at: Any
    incidents: int


@blueprint.get("")
def index() -> str:
    """Show the cases that the visitor may see."""
    chosen = {
        "state": _one_of(request.args.get("state"), STATES, "running"),
        "process": request.args.get("process") or None,
        "stage": request.args.get("stage") or None,
        "late": "1" if request.args.get("late") else None,
        "q": request.args.get("q", "").strip() or None,
    }
    known = {row.key: row for row in current.query(definitions.list_definitions)}
    process = known.get(chosen["process"] or "")
    actor = current.actor()
    rows = current.query(
        instances.list_instances,
        actor=actor,
        state=chosen["state"],
        definition_key=chosen["process"],
        stage=chosen["stage"],
        text=chosen["q"],
        late=bool(chosen["late"]),
        limit=PAGE,
        cursor=request.args.get("cursor") or None,
    )
    state = str(chosen["state"])
    counts = current.query(instances.count_instances, actor=actor, definition_key=chosen["process"], state=state)
    everything = counts if process is None else current.query(instances.count_instances, actor=actor, state=state)
    return render_template(
        "instances/list.html",
        rows=[_row(row) for row in rows.items],
        next=rows.next,
        first_page="cursor" not in request.args,
        counts=counts,
        everything=everything,
        chosen=chosen,
        process=process,
        processes=[known[key] for key in everything["definition"] if key in known],
        steps=stages.of(process) if process and chosen["state"] == InstanceState.RUNNING else [],
    )


def _row(row: instances.InstanceRow) -> Row:
    open_tasks = sorted(row.open_tasks, key=lambda task: (task.due_at is None, task.due_at or task.created_at))
    first = open_tasks[0] if open_tasks else None
    definition = _definition(row.definition_key, row.definition_version)
    names = [full_name(task) for task in open_tasks] or _names(row, definition)
    where = localised(first.name, first.names) if first else "".join(names[:1])
    over = InstanceState(row.state).is_over
    clock = Chip("none", 0, "") if over else chip(row.due_at, first.created_at if first else row.started_at)
    return Row(
        id=row.id,
        key=row.business_key or row.id[:8],
        title=row.subject or localised(row.definition_name, row.definition_names),
        state=row.state,
        chip=clock,
        stages=stages.of(definition.row, row.stage, completed=row.state == InstanceState.COMPLETED)
        if definition
        else [],
        where=where if len(names) > 1 else "".join(names),
        every=names,
        customer=row.customer,
        assignee=first.assignee if first else None,
        group=first.candidate_groups[0] if first and not first.assignee and first.candidate_groups else None,
        since=row.started_at,
        ended_at=row.ended_at,
        incidents=row.incidents,
    )


def _names(row: instances.InstanceRow, definition: definitions.DefinitionView | None) -> list[str]:
    """Name where the case waits without a task: a timer, a message, a machine's work."""
    if definition is None:
        return []
    found = [definition.elements[id] for id in row.active_elements if id in definition.elements]
    scopes = {element.scope for element in found}
    return [localised(element.name, element.names) or element.id for element in found if element.id not in scopes]


def _definition(key: str, version: int) -> definitions.DefinitionView | None:
    known: dict[tuple[str, int], definitions.DefinitionView | None] = g.setdefault("definitions", {})
    if (key, version) not in known:
        try:
            known[key, version] = current.query(definitions.get_definition, key=key, version=version)
        except NotFound:
            known[key, version] = None
    return known[key, version]


def _one_of(value: str | None, allowed: tuple[str, ...], default: str) -> str:
    return value if value in allowed else default
