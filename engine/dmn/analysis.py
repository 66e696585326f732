"""What is wrong with a decision table though every cell can be read: gaps, overlaps, rules that never decide.

Each column's domain is cut into pieces (`domains`), so that a rule is a product of sets of pieces. Cells that depend on
more than the tested value are taken to hold where a gap is looked for, and not to hold where an overlap is: what is
told is certain, and some things are not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, NamedTuple

from engine.dmn import boxed
from engine.dmn.domains import Piece, answers, constants, pieces
from engine.dmn.model import Model
from engine.feel import FeelError, compile_unary_tests
from engine.feel.parser import parse_expression
from engine.feel.tree import Literal

MAX_RULES = 2_000
MAX_STATES = 200_000
MAX_FINDINGS = 50
_WHOLE = ("integer", "long", "int")


class Finding(NamedTuple):
    """One thing to look at. `rules` count from 1; `example` maps the columns' labels to FEEL text."""

    kind: str
    decision: str
    table: str
    rules: tuple[int, ...]
    example: dict[str, str]
    message: str


def analyse(model: Model) -> list[Finding]:
    """Return the findings for every table of the file, table by table.

    Kinds: `gap`, `overlap`, `boundary` (two rules share only an end, or leave only it out), `disagreement` (ANY),
    `unreachable`, `not_analysed`.
    """
    found: list[Finding] = []
    for element in model.definitions.elements:
        for table in _tables(element):
            found += _Analysis(element.id, table, model.definitions).findings()
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


@dataclass(frozen=True, slots=True)
class _Rule:
    """For each column the pieces that surely hold, and those that may."""

    sure: tuple[int, ...]
    maybe: tuple[int, ...]


class _TooLarge(Exception):
    """The table has more cases than are looked through."""


class _Analysis:
    def __init__(self, decision: str, table: boxed.Table, definitions: boxed.Definitions) -> None:
        self.decision = decision
        self.table = table
        self.definitions = definitions
        self.labels = [c.label or f"input {n}" for n, c in enumerate(table.inputs, 1)]
        self.policy = {p[0]: p for p in ("UNIQUE", "FIRST", "PRIORITY", "ANY")}.get(table.hit_policy, table.hit_policy)
        self.states = 0

    def findings(self) -> list[Finding]:
        """Return everything found in the table."""
        if not self.table.inputs or not self.table.rules:
            return []
        if len(self.table.rules) > MAX_RULES:
            return [self._not_analysed(f"more than {MAX_RULES} rules")]
        self.domains, self.rules = self._read()
        try:
            return [*self._dead(), *self._gaps(), *self._overlaps(), *self._hidden()][:MAX_FINDINGS]
        except _TooLarge:
            return [self._not_analysed("too many combinations")]

    def _not_analysed(self, reason: str) -> Finding:
        return Finding("not_analysed", self.decision, self.table.id, (), {}, f"the table is not analysed: {reason}")

    def _read(self) -> tuple[list[list[Piece]], list[_Rule]]:
        """Return the domains of the columns, and the rules over them."""
        names = self.definitions.names
        domains, columns = [], []
        for number, column in enumerate(self.table.inputs):
            tests: list[Any] = []
            points: list[Any] = []
            for rule in self.table.rules:
                test, own = _cell(rule.inputs[number].text if number < len(rule.inputs) else "", names)
                tests.append(test)
                points += own
            values, allowed = self._allowed(column)
            kind = column.type_ref or ""
            points += values + ([True] if kind == "boolean" else [])
            domain = pieces(points, whole_numbers=kind in _WHOLE, allowed=allowed)
            domains.append(domain)
            columns.append([_bits(test, domain) for test in tests])
        rules = [
            _Rule(tuple(c[n][0] for c in columns), tuple(c[n][1] for c in columns))
            for n in range(len(self.table.rules))
        ]
        return domains, rules

    def _allowed(self, column: boxed.Column) -> tuple[list[Any], Any]:
        """Return the constants among the allowed values of a column, and their check."""
        item = next((t for t in self.definitions.types if t.name == column.type_ref and not t.is_collection), None)
        text = column.values or (item.allowed if item else None)
        if not text:
            return [], None
        try:
            tests = compile_unary_tests(text, self.definitions.names)
        except FeelError:
            return [], None
        found = constants(tests.tree)
        if found is None:
            return [], None
        return found, lambda value: bool(answers(tests, [Piece(value, True)]))

    def _example(self, chosen: tuple[int, ...]) -> dict[str, str]:
        """Return one case of the product of pieces."""
        return {
            label: domain[(bits & -bits).bit_length() - 1].text()
            for label, domain, bits in zip(self.labels, self.domains, chosen, strict=True)
        }

    def _finding(self, kind: str, rules: tuple[int, ...], chosen: tuple[int, ...], message: str) -> Finding:
        example = self._example(chosen)
        case = ", ".join(f"{label} = {text}" for label, text in example.items())
        return Finding(kind, self.decision, self.table.id, rules, example, message.format(case=case))

    def _dead(self) -> Iterator[Finding]:
        """Yield the rules with a cell that no allowed value passes."""
        for number, rule in enumerate(self.rules, 1):
            empty = [label for label, bits in zip(self.labels, rule.maybe, strict=True) if not bits]
            if empty:
                message = f"rule {number} never holds: no value of {empty[0]} passes its cell"
                yield Finding("unreachable", self.decision, self.table.id, (number,), {}, message)

    def _gaps(self) -> Iterator[Finding]:
        if all(c.default is not None for c in self.table.outputs):
            return
        whole = tuple((1 << len(d)) - 1 for d in self.domains)
        for gap in self._uncovered([r.maybe for r in self.rules], whole):
            edge = self._edge(gap)
            if edge is None:
                yield self._finding("gap", (), gap, "no rule holds for {case}")
            else:
                yield self._finding("boundary", (), gap, f"no rule holds at the boundary {edge} (case: {{case}})")

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
        """Yield parts of the space that no rule covers, largest pieces first; raises _TooLarge."""
        self.states += 1
        if self.states > MAX_STATES:
            raise _TooLarge
        live = [r for r in rules if _meets(r, space)]
        if not live:
            yield space
            return
        if any(all(s & ~r == 0 for r, s in zip(rule, space, strict=True)) for rule in live):
            return
        column = next(c for c, s in enumerate(space) if any(s & ~r[c] for r in live))
        for group in _groups([r[column] for r in live], space[column]):
            part = (*space[:column], group, *space[column + 1 :])
            yield from self._uncovered([r for r in live if r[column] & group], part)

    def _overlaps(self) -> Iterator[Finding]:
        if self.policy not in ("UNIQUE", "ANY"):
            return
        for first in range(len(self.rules)):
            for second in range(first + 1, len(self.rules)):
                shared = tuple(a & b for a, b in zip(self.rules[first].sure, self.rules[second].sure, strict=True))
                if all(shared):
                    yield from self._overlap(first, second, shared)

    def _overlap(self, first: int, second: int, shared: tuple[int, ...]) -> Iterator[Finding]:
        numbers = (first + 1, second + 1)
        both = f"rules {numbers[0]} and {numbers[1]}"
        if self.policy == "ANY":
            if self._outputs(first) != self._outputs(second):
                yield self._finding("disagreement", numbers, shared, f"{both} answer differently for {{case}}")
            return
        for column, bits in enumerate(shared):
            piece = self.domains[column][bits.bit_length() - 1]
            ends = (self.rules[first].sure[column], self.rules[second].sure[column])
            if piece.is_point and bits & (bits - 1) == 0 and all(e != bits for e in ends) and _touch(*ends, bits):
                edge = f"{self.labels[column]} = {piece.text()}"
                yield self._finding(
                    "boundary", numbers, shared, f"{both} both take the boundary {edge} (case: {{case}})"
                )
                return
        yield self._finding("overlap", numbers, shared, f"{both} hold together for {{case}}")

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
                message = f"rule {number + 1} never decides: earlier rules take all of its cases, such as {{case}}"
                yield self._finding("unreachable", (number + 1,), rule.maybe, message)


def _cell(text: str, names: frozenset[str]) -> tuple[Any, list[Any]]:
    """Return a cell's test (None: any value; "open": depends on more than the value) and its constants."""
    try:
        test = compile_unary_tests(text, names)
    except FeelError:
        return "open", []
    if test.closure is None:
        return None, []
    found = constants(test.tree)
    return ("open", []) if found is None else (test, found)


def _bits(test: Any, domain: list[Piece]) -> tuple[int, int]:
    """Return the pieces that a cell surely takes, and those that it may take."""
    whole = (1 << len(domain)) - 1
    if test is None:
        return whole, whole
    if test == "open":
        return 0, whole
    bits = answers(test, domain)
    return bits, bits


def _meets(rule: tuple[int, ...], space: tuple[int, ...]) -> bool:
    return all(r & s for r, s in zip(rule, space, strict=True))


def _groups(cells: list[int], space: int) -> list[int]:
    """Return the pieces of a column in groups that all cells see alike."""
    found: dict[tuple[bool, ...], int] = {}
    bits = space
    while bits:
        lowest = bits & -bits
        bits ^= lowest
        key = tuple(bool(c & lowest) for c in cells)
        found[key] = found.get(key, 0) | lowest
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
