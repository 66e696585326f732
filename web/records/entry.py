"""One record: read, made, changed, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.commands.delete_record import DeleteRecord
from engine.commands.put_record import PutRecord, require_keeper
from engine.forms import Component
from engine.forms.component import find, flatten, has, put
from engine.model.errors import InvalidInput, RevisionConflict
from engine.queries.records import RecordType, get_record, get_record_type
from engine.store.records import Record
from web import current
from web.forms import lookups, render
from web.forms.answers import read
from web.records import blueprint
from web.records.listing import may_write, title_of
from web.records.words import Words

Errors = Mapping[str, Sequence[str]]


@blueprint.get("/<record_type>/new")
def new(record_type: str) -> str:
    require_keeper(current.actor())
    return _page(_register(record_type))


@blueprint.post("/<record_type>/new")
def create(record_type: str) -> ResponseReturnValue:
    """Make a record; a key that is there already is refused, never overwritten."""
    actor = current.actor()
    require_keeper(actor)
    register = _register(record_type)
    values, errors = read(register.form.form, {}, request.form)
    key = register.form.key_of(values)
    if key and lookups.find(record_type, key):
        errors[register.key_field] = [gettext("There is an entry with this key already.")]
    if not errors:
        try:
            made: Record = current.execute(PutRecord(type=record_type, key=key, actor=actor, data=values))
        except InvalidInput as error:
            errors = error.errors
        else:
            flash(gettext("“%(title)s” is in the register.", title=made.title))
            return redirect(url_for("records.entry", record_type=record_type, key=made.key))
    return _page(register, values=values, errors=errors), 422


@blueprint.get("/<record_type>/entries/<key>")
def entry(record_type: str, key: str) -> str:
    register = _register(record_type)
    return _page(register, current.query(get_record, type=record_type, key=key))


@blueprint.post("/<record_type>/entries/<key>")
def change(record_type: str, key: str) -> ResponseReturnValue:
    """Change a record; where someone else was faster, both versions are shown and nothing typed is lost."""
    actor = current.actor()
    require_keeper(actor)
    register = _register(record_type)
    record: Record = current.query(get_record, type=record_type, key=key)
    values, errors = read(register.form.editing, record.data, request.form)
    if errors:
        return _page(register, record, values=values, errors=errors), 422
    command = PutRecord(
        type=record_type,
        key=key,
        actor=actor,
        data=_with_locked(register, record, values),
        revision=request.form.get("revision", None, int),
    )
    try:
        saved: Record = current.execute(command)
    except InvalidInput as error:
        return _page(register, record, values=values, errors=error.errors), 422
    except RevisionConflict:
        return _page(register, record, values=values, differing=_differing(register, record, values)), 409
    flash(gettext("“%(title)s” is saved.", title=saved.title))
    return redirect(url_for("records.show", record_type=record_type))


@blueprint.post("/<record_type>/entries/<key>/delete")
def delete(record_type: str, key: str) -> ResponseReturnValue:
    record: Record = current.query(get_record, type=record_type, key=key)
    current.execute(DeleteRecord(type=record_type, key=key, actor=current.actor()))
    flash(gettext("“%(title)s” is deleted.", title=record.title))
    return redirect(url_for("records.show", record_type=record_type))


def _register(record_type: str) -> RecordType:
    found: RecordType = current.query(get_record_type, type=record_type)
    return found


def _with_locked(register: RecordType, record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    """Add what the page shows but does not let change."""
    data = dict(values)
    for component in register.form.editing.inputs:
        if component.is_locked and has(record.data, component.key):
            put(data, component.key, find(record.data, component.key))
    return data


def _differing(
    register: RecordType, record: Record, values: Mapping[str, Any]
) -> list[tuple[Component, Any, Mapping[str, Any]]]:
    """Return the fields whose saved value is not the typed one."""
    form = register.form.editing
    typed = flatten(values, form.keys)
    return [
        (component, record.data, {component.key: typed.get(component.key)})
        for component in form.inputs
        if not component.is_locked and (find(record.data, component.key) or None) != (typed.get(component.key) or None)
    ]


def _page(
    register: RecordType,
    record: Record | None = None,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    differing: Sequence[Any] = (),
) -> str:
    writes = may_write()
    form = register.form.editing if record else register.form.form
    return render_template(
        "records/entry.html",
        register=register,
        title=title_of(register),
        record=record,
        form=render(form, record.data if record else {}, values, errors, readonly=not writes),
        differing=differing,
        words=Words(),
        may_write=writes,
    )
