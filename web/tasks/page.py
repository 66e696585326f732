"""The page of one task: its form beside the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engine.model.actor import MANAGER
from engine.model.errors import Conflict, EngineError, Forbidden, InvalidInput
from engine.model.history import TASK_COMPLETED, HistoryEntry
from engine.queries.definitions import DefinitionView, get_definition
from engine.queries.instances import InstanceView, get_instance, list_attachments
from engine.queries.path import list_details, list_history
from engine.queries.people import list_users
from engine.queries.tasks import FormView, TaskRow, get_task, list_tasks
from web import current, forms, history
from web.errors import engine_text
from web.formats import localised
from web.tasks import blueprint
from web.tasks.typed import SPARE_LINES, TypedForm, form_of, text_of

HISTORY_BESIDE = 12
"""Entries of the history that stand beside the form; the case page has all."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What the person may do with the task now."""

    fill: bool
    claim: bool
    release: bool
    assign: bool


@blueprint.get("/tasks/<task_id>")
def show(task_id: str) -> str:
    row = current.query(get_task, task_id=task_id, actor=current.actor())
    view = form_of(row)
    if row.state != "completed":
        return render(row, view)
    given = answer_of(row)
    return render(
        row, view, typed=TypedForm(view, given, pairs=[(name, text_of(value)) for name, value in given.items()])
    )


def show_again(row: TaskRow, typed: TypedForm, error: EngineError | None = None) -> ResponseReturnValue:
    """Show the form with what was typed and what is wrong with it."""
    errors = error.errors if isinstance(error, InvalidInput) else typed.errors
    note = engine_text(error) if isinstance(error, Conflict | Forbidden) else None
    page = render(row, typed.view, typed=typed, errors=errors, note=note)
    return page, 409 if note else 422


def render(
    row: TaskRow,
    view: FormView,
    *,
    typed: TypedForm | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    note: str | None = None,
) -> str:
    rights = rights_of(row)
    return render_template(
        "tasks/task.html",
        task=row,
        view=view,
        rights=rights,
        note=note,
        errors=errors or {},
        form=_form(view, typed, errors or {}, readonly=not rights.fill) if view.form is not None else None,
        pairs=_pairs(view, typed) if view.form is None else (),
        users=current.query(list_users) if rights.assign else (),
        next_task=_next_task(row),
        **side(row),
    )


def side(row: TaskRow) -> dict[str, Any]:
    """Read what stands beside the form: the case's facts, files and history."""
    actor = current.actor()
    case: InstanceView = current.query(get_instance, instance_id=row.instance_id, actor=actor)
    definition: DefinitionView = current.query(get_definition, key=row.definition_key, version=row.definition_version)

    def name_of(element_id: str | None) -> str:
        element = definition.elements.get(element_id or "")
        return localised(element.name, element.names) if element else ""

    details = current.query(list_details, instance_id=row.instance_id, actor=actor)
    lines = history.lines(whole_history(row.instance_id), name_of, details, minor=False)
    return {
        "case": case,
        "model": _model(row, definition),
        "files": current.query(list_attachments, instance_id=row.instance_id, actor=actor),
        "log": list(reversed(lines))[:HISTORY_BESIDE],
    }


def _model(row: TaskRow, definition: DefinitionView) -> str:
    """Give the address of the diagram that the task stands in: the definition's, or the called process's."""
    scope = row.element_id
    while scope in definition.elements:
        scope = definition.elements[scope].scope
    called = any(one.kind == "process" and one.key == scope for one in definition.resources)
    key, version = row.definition_key, row.definition_version
    if called and scope != key:
        return url_for("processes.resource", kind="process", name=scope, key=key, version=version)
    return url_for("processes.xml", key=key, version=version)


def answer_of(row: TaskRow) -> Mapping[str, Any]:
    """Find what a completed task was completed with, in the case's history."""
    for entry in whole_history(row.instance_id):
        if entry.kind == TASK_COMPLETED and entry.data.get("task_id") == row.id:
            return dict(entry.data.get("variables") or {})
    return {}


def whole_history(instance_id: str) -> Iterator[HistoryEntry]:
    """Read a case's history, oldest first."""
    cursor: str | None = None
    while True:
        found = current.query(list_history, instance_id=instance_id, actor=current.actor(), limit=500, cursor=cursor)
        yield from found.items
        cursor = found.next
        if cursor is None:
            return


def rights_of(row: TaskRow) -> Rights:
    actor = current.actor()
    if row.state != "open":
        return Rights(fill=False, claim=False, release=False, assign=False)
    mine = row.assignee == actor.name
    manages = actor.has_role(MANAGER)
    candidate = actor.name in row.candidate_users or not actor.groups.isdisjoint(row.candidate_groups)
    return Rights(
        fill=mine,
        claim=row.assignee is None and (candidate or manages),
        release=row.assignee is not None and (mine or manages) and bool(row.candidate_groups or row.candidate_users),
        assign=mine or manages,
    )


def _form(view: FormView, typed: TypedForm | None, errors: Mapping[str, Sequence[str]], *, readonly: bool) -> Markup:
    return forms.render_form(view, typed.values if typed else None, errors, readonly=readonly)


def _pairs(view: FormView, typed: TypedForm | None) -> list[tuple[str, str]]:
    """Give the plain editor's lines: the case's values, then some to add."""
    if typed is not None:
        return [*typed.pairs, *[("", "")] * SPARE_LINES]
    return [(name, text_of(value)) for name, value in sorted(view.data.items())] + [("", "")] * SPARE_LINES


def _next_task(row: TaskRow) -> TaskRow | None:
    """Find, for a task that is over, the person's next one in the same case."""
    if row.state == "open":
        return None
    found = current.query(list_tasks, actor=current.actor(), scope="mine", instance_id=row.instance_id, limit=1)
    return found.items[0] if found.items else None
