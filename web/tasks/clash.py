"""Two people at one task: who won, both answers side by side, nothing typed lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from engine.forms.component import find, is_empty
from engine.queries.tasks import FormView, TaskRow, list_tasks
from web import current
from web.instances.answers import Field, shown
from web.tasks.page import answer_of
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
    theirs = answer_of(row) if row.state == "completed" else None
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
    fields = _fields(typed.view)
    rows = []
    for key in fields or dict.fromkeys([*typed.values, *(theirs or {})]):
        field = fields.get(key)
        mine = find(typed.values, key) if field else typed.values.get(key)
        other = None if theirs is None else find(theirs, key) if field else theirs.get(key)
        if is_empty(mine) and is_empty(other):
            continue
        rows.append(
            Compared(
                label=field.label if field else key,
                theirs=None if theirs is None else shown(other, field).text,
                mine=shown(mine, field).text,
                differs=theirs is not None and not _same(mine, other),
            )
        )
    return rows


def _fields(view: FormView) -> dict[str, Field]:
    """Give each field's label and choices in the page's language."""
    if view.form is None:
        return {}
    filling = view.form.fill(view.data, now=current.now(), functions=view.functions)
    locale = str(get_locale())
    return {
        one.key: Field(
            filling.text(one, "label", locale) or one.key,
            {str(option.value): option.text(locale) for option in filling.options(one)},
        )
        for one in view.form.inputs
    }


def _same(mine: Any, theirs: Any) -> bool:
    """Compare a typed value with a stored one: a browser sends numbers as text and nothing for what is empty."""
    if mine == theirs or (is_empty(mine) and is_empty(theirs)):
        return True
    if isinstance(mine, list) and isinstance(theirs, list):
        return len(mine) == len(theirs) and all(map(_same, mine, theirs))
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        return all(_same(value, theirs.get(name)) for name, value in mine.items())
    return str(mine) == str(theirs)
