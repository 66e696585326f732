"""What is wrong with a decision table though every cell can be read: gaps, overlaps, rules that never decide.

Each column's domain is cut into pieces (`domains`), so that a rule is a product of sets of pieces. Cells that depend on
more than the tested value are taken to hold where a gap is looked for, and not to hold where an overlap is: what is
told is certain, and some things are not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import chain
from operator import and_
from typing import Any

from engine.dmn import boxed
from engine.dmn import findings as say
from engine.dmn.coverage import TableReader
from engine.dmn.deciding import places
from engine.dmn.findings import Effort, Finding, TooLarge
from engine.dmn.model import Model
from engine.feel import FeelError
from engine.feel.parser import parse_expression
from engine.feel.tree import Literal

MAX_RULES = 2_000
MAX_FINDINGS = 50


def analyse(model: Model, effort: Effort | None = None) -> list[Finding]:
    """Return the findings for every table of the file, table by table.

    Kinds: `gap`, `overlap`, `boundary` (two rules share only an end, or leave only it out), `disagreement` (ANY),
    `unreachable`, `not_analysed`.
    """
    effort = effort or Effort()
    found: list[Finding] = []
    for element in model.definitions.elements:
        for table in _tables(element):
            found += _Analysis(element.id, table, model.definitions, effort).findings()
    return found


def _tables(value: Any) -> Iterator[boxed.Table]:
    if isinstance(value, boxed.Table):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _tables(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _tables(getattr(value, field.name))


class _Analysis:
    def __init__(self, decision: str, table: boxed.Table, definitions: boxed.Definitions, effort: Effort) -> None:
        self.decision = decision
        self.table = table
        self.definitions = definitions
        self.labels = [c.label or f"input {n}" for n, c in enumerate(table.inputs, 1)]
        self.policy = {p[0]: p for p in ("UNIQUE", "FIRST", "PRIORITY", "ANY")}.get(table.hit_policy, table.hit_policy)
        self.effort = effort

    def findings(self) -> list[Finding]:
        """Return everything found in the table."""
        if not self.table.inputs or not self.table.rules:
            return []
        if len(self.table.rules) > MAX_RULES:
            return [self._tell("not_analysed", (), say.TOO_MANY_RULES, most=MAX_RULES)]
        self.effort.begin()
        found: list[Finding] = []
        try:
            self.domains, self.rules = TableReader(self.table, self.definitions, self.effort).read()
            for finding in chain(self._dead(), self._gaps(), self._overlaps(), self._hidden()):
                found.append(finding)
                if len(found) == MAX_FINDINGS:
                    break
        except TooLarge:
            found.append(self._tell("not_analysed", (), say.TOO_MANY_CASES))
        return found

    def _tell(self, kind: str, rules: tuple[int, ...], template: str, **params: Any) -> Finding:
        return Finding(kind, self.decision, self.table.id, rules, {}, template, params)

    def _example(self, chosen: tuple[int, ...]) -> dict[str, str]:
        """Return one case of the product of pieces."""
        return {
            label: domain[(bits & -bits).bit_length() - 1].text()
            for label, domain, bits in zip(self.labels, self.domains, chosen, strict=True)
        }

    def _finding(
        self, kind: str, rules: tuple[int, ...], chosen: tuple[int, ...], template: str, **params: Any
    ) -> Finding:
        example = self._example(chosen)
        params["case"] = ", ".join(f"{label} = {text}" for label, text in example.items())
        return Finding(kind, self.decision, self.table.id, rules, example, template, params)

    def _dead(self) -> Iterator[Finding]:
        """Yield the rules with a cell that no allowed value passes."""
        for number, rule in enumerate(self.rules, 1):
            empty = [label for label, bits in zip(self.labels, rule.maybe, strict=True) if not bits]
            if empty:
                yield self._tell("unreachable", (number,), say.NEVER_HOLDS, rule=number, column=empty[0])

    def _gaps(self) -> Iterator[Finding]:
        if all(c.default is not None for c in self.table.outputs):
            return
        whole = tuple((1 << len(d)) - 1 for d in self.domains)
        for gap in self._uncovered([r.maybe for r in self.rules], whole):
            edge = self._edge(gap)
            if edge is None:
                yield self._finding("gap", (), gap, say.GAP)
            else:
                yield self._finding("boundary", (), gap, say.BOUNDARY_LEFT_OUT, edge=edge)

    def _edge(self, gap: tuple[int, ...]) -> str | None:
        """Return the column and value where a gap is one point between values that are taken."""
        for column, (domain, bits) in enumerate(zip(self.domains, gap, strict=True)):
            number = bits.bit_length() - 1
            if bits != 1 << number or not domain[number].is_point or not 0 < number < len(domain) - 1:
                continue
            sides = (1 << (number - 1), 1 << (number + 1))
            if not all(isinstance(domain[n].value, type(domain[number].value)) for n in (number - 1, number + 1)):
                continue
            if isinstance(domain[number].value, (str, bool)):
                continue
            near = [(*gap[:column], side, *gap[column + 1 :]) for side in sides]
            if all(any(_meets(rule.maybe, place) for rule in self.rules) for place in near):
                return f"{self.labels[column]} = {domain[number].text()}"
        return None

    def _uncovered(self, rules: list[tuple[int, ...]], space: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Yield parts of the space that no rule covers, largest pieces first; raises TooLarge."""
        self.effort.spend(len(rules) + 1)
        live = [r for r in rules if _meets(r, space)]
        if not live:
            yield space
            return
        if any(all(s & ~r == 0 for r, s in zip(rule, space, strict=True)) for rule in live):
            return
        column = next(c for c, s in enumerate(space) if any(s & ~r[c] for r in live))
        self.effort.spend(space[column].bit_count())
        for group in _groups([r[column] for r in live], space[column]):
            part = (*space[:column], group, *space[column + 1 :])
            yield from self._uncovered([r for r in live if r[column] & group], part)

    def _overlaps(self) -> Iterator[Finding]:
        if self.policy not in ("UNIQUE", "ANY"):
            return
        meeting = [self._meeting([rule.sure[column] for rule in self.rules]) for column in range(len(self.domains))]
        for first, rule in enumerate(self.rules):
            later = -1 << (first + 1)
            for column, cell in enumerate(rule.sure):
                later &= meeting[column][cell]
            for second in places(later):
                shared = tuple(a & b for a, b in zip(rule.sure, self.rules[second].sure, strict=True))
                yield from self._overlap(first, second, shared)

    def _meeting(self, cells: list[int]) -> dict[int, int]:
        """Return for each cell of a column the rules whose cell shares a piece with it, as bits."""
        rules_of: dict[int, int] = {}
        for rule, cell in enumerate(cells):
            rules_of[cell] = rules_of.get(cell, 0) | 1 << rule
        found = {}
        for cell in rules_of:
            self.effort.spend(len(rules_of) // 8 + 1)
            found[cell] = 0
            for other, rules in rules_of.items():
                if cell & other:
                    found[cell] |= rules
        return found

    def _overlap(self, first: int, second: int, shared: tuple[int, ...]) -> Iterator[Finding]:
        numbers = (first + 1, second + 1)
        both = {"first": numbers[0], "second": numbers[1]}
        if self.policy == "ANY":
            if self._outputs(first) != self._outputs(second):
                yield self._finding("disagreement", numbers, shared, say.DISAGREEMENT, **both)
            return
        for column, bits in enumerate(shared):
            piece = self.domains[column][bits.bit_length() - 1]
            ends = (self.rules[first].sure[column], self.rules[second].sure[column])
            if piece.is_point and bits & (bits - 1) == 0 and all(e != bits for e in ends) and _touch(*ends, bits):
                edge = f"{self.labels[column]} = {piece.text()}"
                yield self._finding("boundary", numbers, shared, say.BOUNDARY_TAKEN_TWICE, edge=edge, **both)
                return
        yield self._finding("overlap", numbers, shared, say.OVERLAP, **both)

    def _outputs(self, rule: int) -> list[Any]:
        return [_output(cell.text) for cell in self.table.rules[rule].outputs]

    def _hidden(self) -> Iterator[Finding]:
        """Yield the rules that under FIRST come after others that take all of their cases."""
        if self.policy != "FIRST":
            return
        for number, rule in enumerate(self.rules):
            if not all(rule.maybe):
                continue
            earlier = [r.sure for r in self.rules[:number]]
            if next(self._uncovered(earlier, rule.maybe), None) is None:
                yield self._finding("unreachable", (number + 1,), rule.maybe, say.NEVER_DECIDES, rule=number + 1)


def _meets(rule: tuple[int, ...], space: tuple[int, ...]) -> bool:
    return all(map(and_, rule, space))


def _groups(cells: list[int], space: int) -> list[int]:
    """Return the pieces of a column in groups that all cells see alike."""
    seen_by: dict[int, int] = {}
    for number, cell in enumerate(dict.fromkeys(cells)):
        inside, outside = space & cell, space & ~cell
        for place in places(inside if inside.bit_count() <= outside.bit_count() else outside):
            seen_by[place] = seen_by.get(place, 0) | 1 << number
    found: dict[int, int] = {}
    for place in places(space):
        key = seen_by.get(place, 0)
        found[key] = found.get(key, 0) | 1 << place
    return list(found.values())


def _touch(first: int, second: int, point: int) -> bool:
    """Say whether one set ends at the point where the other begins."""
    below, above = point >> 1, point << 1
    return bool((first & below and second & above) or (second & below and first & above))


def _output(text: str) -> Any:
    try:
        node = parse_expression(text)
    except FeelError:
        return text
    return (type(node.value), node.value) if isinstance(node, Literal) else text
