"""What a case knows and what people answered, as rows of words: labels from the forms, values as people write them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import get_locale, gettext, ngettext

from engine.model.errors import NotFound
from engine.queries import definitions
from web import current
from web.formats import day, localised, moment, with_detail
from web.instances.case import Case


@dataclass(frozen=True, slots=True)
class Value:
    """A value as shown: `text` in a line; `lines` the parts of a list or context, where there is more to see."""

    text: str
    lines: tuple[tuple[str, str], ...] = ()
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """A completed task with what was entered into its form."""

    name: str
    who: str
    at: datetime
    rows: tuple[tuple[str, Value], ...]


def variables(case: Case) -> list[tuple[str, Value]]:
    """List the case's variables by name."""
    return [(name, shown(value)) for name, value in sorted(case.view.variables.items())]


def forms(case: Case) -> list[Answered]:
    """List the answers of the completed tasks, the newest first."""
    schemas: dict[str, dict[str, Field]] = {}
    found = []
    for entry in reversed(case.answered):
        element = case.element(entry.element_id)
        key = element.form_key if element else None
        if key and key not in schemas:
            schemas[key] = _fields(case, key)
        given = entry.data.get("variables") or {}
        fields = schemas.get(key or "", {})
        order = [name for name in fields if name in given] + [name for name in given if name not in fields]
        rows = tuple((_label(fields, name), shown(given[name], fields.get(name))) for name in order)
        detail = case.details.get(str(entry.data.get("task_id")), {})
        name = with_detail(case.element_name(entry.element_id), localised(detail.get(""), detail))
        found.append(Answered(name, entry.actor, entry.at, rows))
    return found


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: its label and its choices in the page's language."""

    label: str
    options: Mapping[str, str]


def _fields(case: Case, form_key: str) -> dict[str, Field]:
    try:
        content = current.query(
            definitions.get_resource,
            key=form_key,
            kind="form",
            definition_key=case.row.definition_key,
            definition_version=case.row.definition_version,
        )
    except NotFound:
        return {}
    schema = json.loads(content)
    return {component["key"]: _field(component) for component in _components(schema) if component.get("key")}


def _components(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for component in schema.get("components", ()):
        yield component
        yield from _components(component)


def _field(component: Mapping[str, Any]) -> Field:
    properties = component.get("properties") or {}
    locale = str(get_locale())
    return Field(
        properties.get(f"label:{locale}") or component.get("label") or component["key"],
        {
            str(option.get("value")): properties.get(f"option:{option.get('value')}:{locale}")
            or str(option.get("label", option.get("value")))
            for option in component.get("values") or ()
        },
    )


def _label(fields: Mapping[str, Field], name: str) -> str:
    return fields[name].label if name in fields else name


def shown(value: Any, field: Field | None = None) -> Value:
    """Write a value of a case for people."""
    if isinstance(value, list):
        return _list(value, field)
    if isinstance(value, Mapping):
        lines = tuple((str(name), shown(part).text) for name, part in value.items())
        return Value(ngettext("%(num)d entry", "%(num)d entries", len(lines)), lines)
    if field is not None and str(value) in field.options:
        return Value(field.options[str(value)])
    return Value(_plain(value), missing=value in (None, ""))


def _list(values: list[Any], field: Field | None) -> Value:
    if not values:
        return Value(gettext("none"), missing=True)
    if all(isinstance(item, Mapping) and item.get("result") in ("pass", "fail") for item in values):
        failed = sum(item["result"] == "fail" for item in values)
        text = gettext("%(passed)d passed, %(failed)d failed", passed=len(values) - failed, failed=failed)
        results = {"pass": gettext("passed"), "fail": gettext("failed")}
        return Value(text, tuple((str(item.get("text") or item.get("id")), results[item["result"]]) for item in values))
    if any(isinstance(item, list | Mapping) for item in values):
        lines = tuple((str(number), _flat(item)) for number, item in enumerate(values, 1))
        return Value(ngettext("%(num)d entry", "%(num)d entries", len(values)), lines)
    return Value(gettext(", ").join(shown(item, field).text for item in values))


def _flat(item: Any) -> str:
    """Write an entry of a list in one line; files by their names."""
    if not isinstance(item, Mapping):
        return shown(item).text
    if "name" in item and "sha256" in item:
        return str(item["name"])
    return gettext(", ").join(f"{name}: {shown(part).text}" for name, part in item.items() if part is not None)


def _plain(value: Any) -> str:
    if value is None or value == "":
        return gettext("empty")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return _instant(value) or str(value)


def _instant(value: Any) -> str | None:
    """Read an ISO date or instant, which variables hold as text."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40 or value[4:5] != "-":
        return None
    try:
        if len(value) == 10:
            found = date.fromisoformat(value)
            return day(datetime(found.year, found.month, found.day, 12, tzinfo=current.now().tzinfo))
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment(at) if at.tzinfo else None
