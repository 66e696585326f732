"""Hit policies: what a table answers when several rules hold (DMN 8.2.10, 8.2.11)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from engine.dmn.run import DecisionRun
from engine.feel.operators import equal
from engine.feel.registry import find_builtin

Row = tuple[Any, ...]
Priorities = tuple[tuple[Any, ...], ...]
"""For each output its allowed values, highest first."""


class Hits(NamedTuple):
    """The rules that hold, counted from 0, and where they stand."""

    decision: str
    table: str
    rules: list[int]

    def text(self) -> str:
        """Return such as "rules 1 and 3"."""
        numbers = [str(rule + 1) for rule in self.rules]
        return f"rules {', '.join(numbers[:-1])} and {numbers[-1]}"


def _unique(run: DecisionRun, rows: list[Row], priorities: Priorities, hits: Hits) -> Row | None:
    if len(rows) > 1:
        run.conflict(hits.decision, hits.table, f"{hits.text()} hold together, but the hit policy is UNIQUE")
        return None
    return rows[0]


def _any(run: DecisionRun, rows: list[Row], priorities: Priorities, hits: Hits) -> Row | None:
    if any(equal(list(row), list(rows[0]), run) is not True for row in rows[1:]):
        message = f"{hits.text()} hold with different outputs, but the hit policy is ANY"
        run.conflict(hits.decision, hits.table, message)
        return None
    return rows[0]


def _first(run: DecisionRun, rows: list[Row], priorities: Priorities, hits: Hits) -> Row | None:
    return rows[0]


def _all(run: DecisionRun, rows: list[Row], priorities: Priorities, hits: Hits) -> list[Row]:
    return rows


def _by_priority(run: DecisionRun, rows: list[Row], priorities: Priorities, hits: Hits) -> list[Row]:
    return sorted(rows, key=lambda row: [_rank(v, p) for v, p in zip(row, priorities, strict=False)])


def _rank(value: Any, priorities: tuple[Any, ...]) -> int:
    return next((n for n, p in enumerate(priorities) if equal(value, p) is True), len(priorities))


def _highest(run: DecisionRun, rows: list[Row], priorities: Priorities, hits: Hits) -> Row | None:
    return _by_priority(run, rows, priorities, hits)[0]


Policy = Callable[[DecisionRun, list[Row], Priorities, Hits], Any]
POLICIES: dict[str, Policy] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _highest,
    "COLLECT": _all,
    "RULE ORDER": _all,
    "OUTPUT ORDER": _by_priority,
}


def aggregate(run: DecisionRun, aggregation: str, values: list[Any] | None) -> Any:
    """Return one value of those collected: SUM, COUNT, MIN or MAX; `values` is None for compound outputs."""
    if values is None:
        run.warn("hit_policy", "compound outputs cannot be aggregated")
        return None
    if aggregation == "COUNT":
        return Decimal(len(values))
    function = find_builtin(aggregation.lower())
    assert function is not None
    return function.call(run, [values])
