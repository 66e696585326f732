"""The start form of a process, and the start itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.commands.start_instance import Started, StartInstance
from engine.model.errors import InvalidInput
from engine.queries import definitions, tasks
from engine.queries.tasks import FormView
from web import current, forms
from web.formats import localised
from web.start import blueprint
from web.start.choice import own_text

LONGEST_KEY = 255


@blueprint.get("/<key>")
def form(key: str) -> str:
    """Show the start form."""
    return _page(key, _form(key))


@blueprint.post("/<key>")
def start(key: str) -> ResponseReturnValue:
    """Start a case; a refused form comes back as it was typed, with a message beside each field."""
    view = _form(key)
    business_key = request.form.get("business_key", "").strip() or None
    values: Mapping[str, Any] = {}
    try:
        if view.schema is not None:
            values, refused = forms.read_answer(view, request.form, request.files)
            if refused:
                raise InvalidInput(refused)
            command = StartInstance(key, current.actor(), variables=values, from_form=True)
        else:
            command = StartInstance(key, current.actor(), business_key=business_key)
        started: Started = current.execute(command)
    except InvalidInput as refusal:
        return _page(key, view, values=values, errors=refusal.errors, business_key=business_key or ""), 422
    flash(gettext("%(case)s is started.", case=started.business_key or gettext("The case")))
    return redirect(_next(started))


def _next(started: Started) -> str:
    """Go on with the first task where it is the starter's own, else to the case."""
    actor = current.actor()
    own = current.query(tasks.list_tasks, actor=actor, scope="mine", instance_id=started.id, limit=1).items
    if own:
        return url_for("tasks.show", task_id=own[0].id)
    return url_for("instances.show", case_id=started.id)


def _form(key: str) -> FormView:
    view = current.query(definitions.get_definition, key=key)
    if view.row.callable_only:
        abort(404)
    return current.query(definitions.get_start_form, key=key)


def _page(
    key: str,
    view: FormView,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    business_key: str = "",
) -> str:
    row = current.query(definitions.get_definition, key=key).row
    process = localised(row.name, row.names)
    return render_template(
        "start/form.html",
        row=row,
        process=process,
        title=own_text(row.properties, "start") or process,
        text=own_text(row.properties, "description"),
        view=view,
        form=forms.render_form(view, values, errors or {}) if view.schema is not None else None,
        errors=errors or {},
        business_key=business_key,
    )
