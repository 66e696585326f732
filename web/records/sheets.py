"""Registers from and to CSV: a file is read and shown first, and imported when a person agrees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeTimedSerializer

from engine.commands.import_records import Imported, ImportRecords
from engine.commands.put_record import require_keeper
from engine.forms import CellError, Sheet, read_csv, write_csv
from engine.model.errors import InvalidInput, NotFound
from engine.queries.records import RecordType, get_record_type, list_records
from engine.store.records import Record
from web import current
from web.forms import lookups, say
from web.records import blueprint
from web.records.listing import title_of
from web.records.words import Words

_AGREED_WITHIN_S = 3600
_PAGE = 200
_LARGEST = 10 << 20
SHOWN = 8
"""Records of a file that are shown before it is imported."""


@dataclass(frozen=True, slots=True)
class Change:
    """A record of the file beside the register: new, changed or unchanged."""

    data: Mapping[str, Any]
    key: str
    kind: str


@blueprint.get("/<record_type>/import")
def choose(record_type: str) -> str:
    require_keeper(current.actor())
    return _page(current.query(get_record_type, type=record_type))


@blueprint.post("/<record_type>/import")
def read_file(record_type: str) -> ResponseReturnValue:
    """Show what a file holds, or everything that is wrong with it; nothing is stored in the register yet."""
    require_keeper(current.actor())
    register: RecordType = current.query(get_record_type, type=record_type)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(register, problem=gettext("Please choose a file.")), 422
    content = file.stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        return _page(register, problem=gettext("The file is larger than %(size)s MB.", size=_LARGEST >> 20)), 422
    sheet = _read(register, content)
    if sheet.errors:
        return _page(register, sheet=sheet, file_name=file.filename), 422
    file.stream.seek(0)
    stored = current.engine().files.put(file.stream, _LARGEST)
    ticket = _signer().dumps([record_type, current.actor().name, stored.sha256])
    return _page(register, sheet=sheet, ticket=ticket, changes=_changes(register, sheet), file_name=file.filename)


@blueprint.post("/<record_type>/import/agreed")
def import_file(record_type: str) -> ResponseReturnValue:
    """Import the file that was shown to this person before."""
    actor = current.actor()
    require_keeper(actor)
    register: RecordType = current.query(get_record_type, type=record_type)
    try:
        of_type, of_actor, sha256 = _signer().loads(request.form.get("ticket", ""), max_age=_AGREED_WITHIN_S)
    except (BadSignature, ValueError):
        return _page(register, problem=gettext("That was too long ago. Please choose the file again.")), 422
    if (of_type, of_actor) != (record_type, actor.name):
        raise NotFound("file", sha256)
    with current.engine().files.open(sha256) as stream:
        sheet = _read(register, stream.read())
    if sheet.errors:  # the register has changed since
        return _page(register, sheet=sheet), 422
    try:
        done: Imported = current.execute(ImportRecords(type=record_type, rows=sheet.records, actor=actor))
    except InvalidInput as error:
        return _page(register, sheet=_refused(sheet, error)), 422
    flash(
        gettext(
            "Imported: %(created)s new, %(updated)s changed, %(unchanged)s unchanged.",
            created=done.created,
            updated=done.updated,
            unchanged=done.unchanged,
        )
    )
    return redirect(url_for("records.show", record_type=record_type))


@blueprint.get("/<record_type>/export.csv")
def export(record_type: str) -> Response:
    register: RecordType = current.query(get_record_type, type=record_type)
    lines = write_csv(register.form, (record.data for record in _every(record_type)))
    response = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{record_type}.csv")
    return response


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="records-import")


def _read(register: RecordType, content: bytes) -> Sheet:
    return read_csv(register.form, content, now=current.now(), functions=lookups.functions())


def _refused(sheet: Sheet, error: InvalidInput) -> Sheet:
    """Say the command's refusal, by row of its records, as the file's: the header is row 1."""
    errors = []
    for path, messages in error.errors.items():
        row, _, column = path.partition(".")
        errors += [CellError(int(row) + 1 if row.isdecimal() else 1, column, message) for message in messages]
    return Sheet((), tuple(errors), sheet.rows)


def _every(record_type: str) -> Iterator[Record]:
    cursor: str | None = None
    while True:
        page = current.query(list_records, type=record_type, limit=_PAGE, cursor=cursor)
        yield from page.items
        cursor = page.next
        if cursor is None:
            return


def _changes(register: RecordType, sheet: Sheet) -> list[Change]:
    present = {record.key: record.data for record in _every(register.type)}
    found = []
    for data in sheet.records:
        key = register.form.key_of(data)
        kind = "new" if key not in present else "unchanged" if present[key] == data else "changed"
        found.append(Change(data, key, kind))
    return found


def _page(
    register: RecordType,
    *,
    sheet: Sheet | None = None,
    ticket: str = "",
    changes: list[Change] | None = None,
    file_name: str = "",
    problem: str = "",
) -> str:
    changes = changes or []
    counts = {kind: sum(change.kind == kind for change in changes) for kind in ("new", "changed", "unchanged")}
    rows = groupby(sheet.errors, key=lambda error: error.row) if sheet else ()
    shown = sorted(changes, key=lambda change: ("new", "changed", "unchanged").index(change.kind))[:SHOWN]
    return render_template(
        "records/import.html",
        register=register,
        title=title_of(register),
        problem=problem,
        sheet=sheet,
        error_rows=[(row, list(errors)) for row, errors in rows],
        ticket=ticket,
        counts=counts,
        shown=shown,
        rest=len(changes) - len(shown),
        file_name=file_name,
        words=Words(),
        say=say,
    )
