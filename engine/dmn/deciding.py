"""A compiled table decided: which rules hold, and what the hit policy makes of them (DMN 8.2.8 to 8.2.11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.dmn import boxed
from engine.dmn.policies import POLICIES, Hits, aggregate
from engine.dmn.run import DecisionRun, Matched
from engine.dmn.types import fit
from engine.feel import Scope
from engine.feel.run import Closure
from engine.feel.types import Type

INDEXED = frozenset([str, Decimal, bool])
CellTest = Callable[[Scope, Any], bool]


@dataclass(frozen=True, slots=True)
class CompiledColumn:
    """An input column."""

    label: str
    value: Closure
    type: Type | None
    allowed: Callable[[Scope, Any], bool] | None


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table ready to be decided; `tests[rule][column]` is None where any value passes."""

    node: boxed.Table
    columns: tuple[CompiledColumn, ...]
    tests: tuple[tuple[CellTest | None, ...], ...]
    outputs: tuple[tuple[Closure, ...], ...]
    defaults: tuple[Closure | None, ...]
    output_types: tuple[Type | None, ...]
    priorities: tuple[tuple[Any, ...], ...]
    index: Index


class Index:
    """For each column, which rules a value can meet: bit sets by constant, so that large tables are not walked."""

    def __init__(self, constants: Iterable[tuple[tuple[Any, ...] | None, ...]], width: int) -> None:
        self.by_value: list[dict[Any, int]] = [{} for _ in range(width)]
        self.open: list[int] = [0] * width
        self.all = 0
        for rule, cells in enumerate(constants):
            bit = 1 << rule
            self.all |= bit
            for column, values in enumerate(cells):
                if values is None:
                    self.open[column] |= bit
                    continue
                for value in values:
                    key = (type(value), value)
                    self.by_value[column][key] = self.by_value[column].get(key, 0) | bit

    def candidates(self, values: list[Any]) -> Iterator[int]:
        """Yield the numbers from 0 of the rules whose constants the values do not exclude, in order."""
        bits = self.all
        for column, value in enumerate(values):
            known = self.by_value[column]
            if known:
                key = (type(value), value) if type(value) in INDEXED else None
                bits &= self.open[column] | (known.get(key, 0) if key is not None else 0)
        return places(bits)


def places(bits: int) -> Iterator[int]:
    """Yield the places of the bits, lowest first. Taking off bit by bit costs the whole length each time: only for few."""
    if bits.bit_count() <= 16:
        while bits:
            lowest = bits & -bits
            yield lowest.bit_length() - 1
            bits ^= lowest
        return
    digits = f"{bits:b}"[::-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def decide(scope: Scope, table: CompiledTable, policy: str, owner: str) -> Any:
    """Return the answer of a table; `owner` is the decision under which its matched rules are kept."""
    run = scope.run
    assert isinstance(run, DecisionRun)
    values = _inputs(scope, table)
    if values is None:
        return None
    hits = _hits(scope, table, values, first_only=policy == "FIRST")
    inputs = dict(zip((c.label for c in table.columns), values, strict=True))
    for number in hits:
        run.matched.append(Matched(owner, table.node.id, number + 1, table.node.rules[number].id, inputs))
    if not hits:
        return _default(scope, table, policy)
    rows = [_row(scope, table, table.outputs[number]) for number in hits]
    if policy == "COLLECT" and table.node.aggregation:
        return aggregate(run, table.node.aggregation, [row[0] for row in rows] if len(rows[0]) == 1 else None)
    chosen = POLICIES[policy](run, rows, table.priorities, Hits(owner, table.node.id, hits))
    if chosen is None:
        return None
    return [_shape(table, row) for row in chosen] if isinstance(chosen, list) else _shape(table, chosen)


def _inputs(scope: Scope, table: CompiledTable) -> list[Any] | None:
    """Return the values of the columns; None where one is not allowed."""
    values = []
    for column in table.columns:
        value = fit(scope, column.value(scope), column.type, column.label)
        if column.allowed is not None and value is not None and not column.allowed(scope, value):
            scope.run.warn("not_allowed", f"{column.label}: the value is not among the allowed ones")
            return None
        values.append(value)
    return values


def _hits(scope: Scope, table: CompiledTable, values: list[Any], *, first_only: bool) -> list[int]:
    """Return the numbers from 0 of the rules that hold."""
    hits = []
    for number in table.index.candidates(values):
        scope.run.step()
        if all(test is None or test(scope, v) for test, v in zip(table.tests[number], values, strict=True)):
            hits.append(number)
            if first_only:
                break
    return hits


def _row(scope: Scope, table: CompiledTable, cells: Iterable[Closure | None]) -> tuple[Any, ...]:
    """Return the outputs of a rule, or the default ones."""
    return tuple(
        None if cell is None else fit(scope, cell(scope), wanted, column.label or "output")
        for cell, wanted, column in zip(cells, table.output_types, table.node.outputs, strict=False)
    )


def _default(scope: Scope, table: CompiledTable, policy: str) -> Any:
    if any(d is not None for d in table.defaults):
        return _shape(table, _row(scope, table, table.defaults))
    if policy == "COLLECT" and table.node.aggregation == "COUNT":
        return Decimal(0)
    scope.run.warn("no_match", "no rule of the table matches")
    return None


def _shape(table: CompiledTable, row: tuple[Any, ...]) -> Any:
    """Return one output as itself, several as a context."""
    columns = table.node.outputs
    if len(columns) == 1:
        return row[0]
    return {c.text or c.label: v for c, v in zip(columns, row, strict=False)}
