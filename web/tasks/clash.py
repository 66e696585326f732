"""Two people at one task: who won, both answers side by side, nothing typed lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from werkzeug.typing import ResponseReturnValue

from engine.model.history import TASK_COMPLETED
from engine.queries.instances import list_history
from engine.queries.tasks import TaskRow, list_tasks
from web import current
from web.instances.answers import Field, field_of, shown
from web.tasks.typed import TypedForm


@dataclass(frozen=True, slots=True)
class Compared:
    """A field with both answers in words; `theirs` is None where nothing was completed."""

    label: str
    theirs: str | None
    mine: str
    differs: bool


def show(row: TaskRow, typed: TypedForm) -> ResponseReturnValue:
    """Answer 409 with the page of a task that someone else has taken or completed."""
    actor = current.actor()
    theirs = _their_answer(row) if row.state == "completed" else None
    rows = compare(typed, theirs)
    others = current.query(list_tasks, actor=actor, scope="mine", limit=1)
    page = render_template(
        "tasks/conflict.html",
        task=row,
        rows=rows,
        differing=sum(one.differs for one in rows),
        mine_as_text="\n".join(f"{one.label}: {one.mine}" for one in rows),
        next_task=others.items[0] if others.items else None,
    )
    return page, 409


def compare(typed: TypedForm, theirs: Mapping[str, Any] | None) -> list[Compared]:
    """Put the answers side by side, in the form's order."""
    fields = _fields(typed.view.schema or {})
    keys = [key for key in fields if key in typed.values or key in (theirs or {})]
    keys += [key for key in typed.values if key not in keys]
    rows = []
    for key in keys:
        one = fields.get(key)
        mine = typed.values.get(key)
        other = None if theirs is None else theirs.get(key)
        rows.append(
            Compared(
                label=one.label if one else key,
                theirs=None if theirs is None else shown(other, one).text,
                mine=shown(mine, one).text,
                differs=theirs is not None and not _same(mine, other),
            )
        )
    return rows


def _their_answer(row: TaskRow) -> Mapping[str, Any]:
    """Find what the winner sent, in the case's history."""
    cursor = None
    while True:
        page = current.query(
            list_history, instance_id=row.instance_id, actor=current.actor(), limit=200, cursor=cursor
        )
        for entry in page.items:
            if entry.kind == TASK_COMPLETED and entry.data.get("task_id") == row.id:
                return dict(entry.data.get("variables") or {})
        cursor = page.next
        if cursor is None:
            return {}


def _fields(schema: Mapping[str, Any]) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for component in schema.get("components", ()):
        if component.get("key"):
            found[component["key"]] = field_of(component)
        found |= _fields(component)
    return found


def _same(mine: Any, theirs: Any) -> bool:
    """Compare a typed value with a stored one: a browser sends numbers as text and leaves out what is empty."""
    if mine == theirs or (mine in (None, "", [], {}) and theirs in (None, "", [], {})):
        return True
    if isinstance(mine, str) and not isinstance(theirs, str):
        return mine == json.dumps(theirs, ensure_ascii=False)
    return False
