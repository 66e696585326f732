"""Why a decision came out as it did, in one line: the rules that matched, what they saw, the table's version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

_LONGEST = 200
_MOST = 5


def result_of(data: Mapping[str, Any]) -> str:
    """Write a decision's result."""
    return _written(data.get("result"))


def reason_of(data: Mapping[str, Any]) -> str:
    """Write why: `table severity, version 3, rule 2: Severity = 2, Area = "A"`; what is not known is left out."""
    by_table: dict[str, list[Mapping[str, Any]]] = {}
    for rule in data.get("matched") or ():
        by_table.setdefault(str(rule.get("decision")), []).append(rule)
    own = str(data.get("decision") or "")
    told = [_table(name, rules, data.get("version") if name == own else None) for name, rules in by_table.items()]
    if own not in by_table:
        told.append(_table(own, [], data.get("version")))
    return gettext("; ").join(told[-_MOST:])


def _table(name: str, rules: list[Mapping[str, Any]], version: int | None) -> str:
    parts = [gettext("table %(name)s", name=name)]
    if version is not None:
        parts.append(gettext("version %(version)s", version=version))
    if not rules:
        return gettext(", ").join(parts)
    numbers = gettext(", ").join(str(rule.get("rule")) for rule in rules[:_MOST])
    parts.append(gettext("rule %(numbers)s", numbers=numbers))
    seen = rules[0].get("inputs") or {}
    inputs = gettext(", ").join(f"{label} = {_written(value)}" for label, value in seen.items())
    text = gettext(", ").join(parts)
    return gettext("%(table)s: %(inputs)s", table=text, inputs=inputs) if inputs else text


def _written(value: Any) -> str:
    """Write a JSON value as people read it."""
    if isinstance(value, Mapping):
        text = gettext(", ").join(f"{name} = {_written(inner)}" for name, inner in value.items())
    elif isinstance(value, list):
        text = gettext(", ").join(_written(inner) for inner in value)
    elif isinstance(value, bool):
        text = gettext("yes") if value else gettext("no")
    else:
        text = "–" if value is None else str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
