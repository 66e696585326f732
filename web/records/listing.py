"""The registers, the list of one, and what its pickers offer."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import get_locale

from engine.model.actor import MANAGER, OWNER
from engine.queries.records import RecordType, get_record_type, list_record_types, list_records
from web import current
from web.forms import say
from web.records import blueprint
from web.records.words import Words

PAGE = 50
OFFERED = 12
MOST_COLUMNS = 4


def may_write() -> bool:
    return current.actor().has_role(OWNER, MANAGER)


def title_of(register: RecordType) -> str:
    return register.form.name_in(str(get_locale()))


@blueprint.get("")
def index() -> str:
    found = [(register, title_of(register), count) for register, count in current.query(list_record_types)]
    found.sort(key=lambda one: one[1])
    return render_template("records/index.html", registers=found, may_write=may_write())


@blueprint.get("/<record_type>")
def show(record_type: str) -> str:
    """List a register; `q` narrows it to records with all its words."""
    register: RecordType = current.query(get_record_type, type=record_type)
    text = request.args.get("q", "").strip()
    cursor = request.args.get("cursor") or None
    page = current.query(list_records, type=record_type, text=text or None, limit=PAGE, cursor=cursor)
    total = next((count for one, count in current.query(list_record_types) if one.type == record_type), 0)
    first = max(request.args.get("from", 1, int), 1)
    onwards: dict[str, Any] = {"q": text or None, "cursor": page.next, "from": first + PAGE}
    return render_template(
        "records/list.html",
        register=register,
        title=title_of(register),
        columns=register.form.columns[:MOST_COLUMNS],
        records=page.items,
        words=Words(),
        q=text,
        total=total,
        first=first,
        last=first + len(page.items) - 1,
        later=url_for("records.show", record_type=record_type, **onwards) if page.next else None,
        earlier=url_for("records.show", record_type=record_type, q=text or None) if cursor else None,
        may_write=may_write(),
        say=say,
    )


@blueprint.get("/<record_type>/pick")
def pick(record_type: str) -> str:
    """Give the options of a picker for what was typed so far."""
    text = request.args.get("q", "").strip() or None
    page = current.query(list_records, type=record_type, text=text, limit=OFFERED)
    return render_template("records/_picks.html", records=page.items, more=page.next is not None)
