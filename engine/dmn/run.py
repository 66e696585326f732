"""One evaluation of decisions under way, and what it hands back."""

from __future__ import annotations

from typing import Any, NamedTuple

from engine.feel import Run, Warning


class Matched(NamedTuple):
    """A rule that held: `rule` counts from 1, `inputs` maps the labels of the columns to the values they had."""

    decision: str
    table: str
    rule: int
    rule_id: str
    inputs: dict[str, Any]


class Conflict(NamedTuple):
    """Rules that a hit policy does not allow together."""

    decision: str
    table: str
    message: str


class Outcome(NamedTuple):
    """The value of a decision and how it came about."""

    value: Any
    matched: tuple[Matched, ...]
    conflicts: tuple[Conflict, ...]
    warnings: tuple[Warning, ...]


class DecisionRun(Run):
    """A run that also keeps which rules matched."""

    __slots__ = ("conflicts", "matched")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.matched: list[Matched] = []
        self.conflicts: list[Conflict] = []

    def conflict(self, decision: str, table: str, message: str) -> None:
        """Keep a breach of a hit policy; the value is then null."""
        self.conflicts.append(Conflict(decision, table, message))
        self.warn("hit_policy", message)
