"""Records from and to CSV: typed by the register's form, every wrong cell said at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.forms import messages as say
from engine.forms.component import Component, Values, find, is_empty, put
from engine.forms.expressions import Functions
from engine.forms.filling import Filling
from engine.forms.record_type import RecordTypeForm
from engine.forms.text_values import from_text, to_text
from engine.model.errors import InvalidInput

MAX_ROWS = 20_000
MAX_ERRORS = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # spreadsheets in Chinese run the wide ones too


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with a cell; `row` is the line in the spreadsheet (the header is 1), `column` the field."""

    row: int
    column: str
    message: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as read: records ready to store, or what is wrong with it (at most MAX_ERRORS)."""

    records: tuple[Values, ...]
    errors: tuple[CellError, ...]
    rows: int
    columns: tuple[str, ...] = ()


def read_csv(kind: RecordTypeForm, content: bytes, *, now: datetime, functions: Functions | None = None) -> Sheet:
    """Read a register's CSV: the header names fields by key or label; numbers, yes/no, lists by “|”."""
    try:
        lines = list(_lines(content))
    except (UnicodeDecodeError, csv.Error):
        return Sheet((), (CellError(1, "", say.NOT_CSV),), 0)
    if not lines:
        return Sheet((), (CellError(1, "", say.EMPTY_CSV),), 0)
    header, body = lines[0][1], [(number, cells) for number, cells in lines[1:] if any(cell.strip() for cell in cells)]
    columns, errors = _columns(kind, header)
    if len(body) > MAX_ROWS:
        errors.append(CellError(MAX_ROWS + 1, "", say.too_many_rows(MAX_ROWS)))
    if errors:
        return Sheet((), tuple(errors), len(body))
    filling = kind.form.fill({}, now=now, functions=functions)
    records: list[Values] = []
    seen: dict[str, int] = {}
    for number, cells in body:
        record, wrong = _record(kind, filling, columns, cells)
        key = kind.key_of(record)
        if not wrong and key in seen:
            wrong[kind.key_field] = [say.same_key(seen[key])]
        seen.setdefault(key, number)
        records.append(record)
        shown = dict(zip((column.key for column in columns), cells, strict=False))
        errors += [CellError(number, f, m, shown.get(f, "")) for f, found in wrong.items() for m in found]
        if len(errors) >= MAX_ERRORS:
            break
    return Sheet(() if errors else tuple(records), tuple(errors), len(body), tuple(column.key for column in columns))


def write_csv(kind: RecordTypeForm, records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of a register's CSV; texts that a spreadsheet would run as formulas get a leading quote."""
    inputs = kind.form.inputs
    yield "\ufeff" + _line([component.key for component in inputs])
    for record in records:
        yield _line([_cell(component, find(record, component.key)) for component in inputs])


def _cell(component: Component, value: Any) -> str:
    text = to_text(component, value)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return f"'{text}" if text.startswith(_FORMULA) and not is_number else text


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with its number, from 1; UTF-8, else the encoding of Chinese spreadsheets."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), start=1)


def _columns(kind: RecordTypeForm, header: list[str]) -> tuple[list[Component], list[CellError]]:
    """Return the field of each column; columns that name none are wrong, so nothing is lost unseen."""
    names: dict[str, Component] = {}
    for component in kind.form.inputs:
        labels = (text for name, text in component.properties.items() if name.startswith("label:"))
        for name in (component.key, component.label, *labels):
            names.setdefault(name.strip().casefold(), component)
    columns: list[Component] = []
    errors: list[CellError] = []
    for cell in header:
        named = names.get(cell.strip().casefold())
        if named is None:
            errors.append(CellError(1, cell, say.UNKNOWN_COLUMN))
        elif named in columns:
            errors.append(CellError(1, cell, say.COLUMN_TWICE))
        else:
            columns.append(named)
    if not errors and kind.key_field not in {column.key for column in columns}:
        errors.append(CellError(1, kind.key_field, say.NO_KEY_COLUMN))
    return columns, errors


def _record(
    kind: RecordTypeForm, filling: Filling, columns: list[Component], cells: list[str]
) -> tuple[Values, dict[str, list[str]]]:
    raw: Values = {}
    for component, cell in zip(columns, cells, strict=False):
        text = cell.removeprefix("'") if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
        value = from_text(component, text, filling.options(component))
        if not is_empty(value):
            put(raw, component.key, value)
    if len(cells) > len(columns):
        return raw, {"": [say.too_many_cells(len(cells), len(columns))]}
    try:
        return kind.validate(raw, now=filling.now, functions=filling.functions), {}
    except InvalidInput as error:
        return raw, error.errors
