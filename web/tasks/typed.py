"""What a person typed into a task: by the form's fields, or as plain names and values where there is no form."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext

from engine.queries.tasks import FormView, TaskRow, get_task_form
from web import current, forms

SPARE_LINES = 3
"""Empty lines that the plain editor offers."""


@dataclass(frozen=True, slots=True)
class TypedForm:
    """The values as commands want them; `pairs` are the plain editor's lines as typed, `errors` by field."""

    view: FormView
    values: Mapping[str, Any]
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pairs: Sequence[tuple[str, str]] = ()


def form_of(row: TaskRow) -> FormView:
    return current.query(get_task_form, task_id=row.id, actor=current.actor())


def read_typed(row: TaskRow) -> TypedForm:
    """Read the request's form; nothing is refused here but what has no meaning at all."""
    view = form_of(row)
    if view.form is None:
        return _read_pairs(view)
    values, errors = forms.read_answer(view, request.form, request.files, task_id=row.id)
    return TypedForm(view, values, errors)


def text_of(value: Any) -> str:
    """Write a value so that the plain editor reads the same again."""
    if isinstance(value, str) and _value(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _read_pairs(view: FormView) -> TypedForm:
    pairs = [
        (name.strip(), text)
        for name, text in zip(request.form.getlist("name"), request.form.getlist("value"), strict=False)
        if name.strip() or text
    ]
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for name, text in pairs:
        if not name:
            errors[""] = [gettext("“%(value)s” has no name.", value=text)]
        elif name in values:
            errors[name] = [gettext("This name is there twice.")]
        else:
            values[name] = _value(text)
    return TypedForm(view, values, errors, pairs)


def _value(text: str) -> Any:
    """Read JSON where it is JSON (12, true, null, a list), else take the text as it stands."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except ValueError:
        return text


def _refuse(constant: str) -> Any:
    raise ValueError(constant)  # NaN and Infinity are no JSON
