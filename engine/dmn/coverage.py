"""A table as sets of pieces: what each rule covers of each column's domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.dmn import boxed
from engine.dmn.deciding import INDEXED
from engine.dmn.domains import Piece, answers, constants, pieces
from engine.dmn.findings import Effort
from engine.feel import CompiledTests, FeelError, compile_unary_tests
from engine.feel.tree import Literal

_WHOLE = ("integer", "long", "int")


@dataclass(frozen=True, slots=True)
class Covered:
    """For each column the pieces that surely hold, and those that may."""

    sure: tuple[int, ...]
    maybe: tuple[int, ...]


class TableReader:
    """Reads one table; raises TooLarge where that takes more than the effort allows."""

    def __init__(self, table: boxed.Table, definitions: boxed.Definitions, effort: Effort) -> None:
        self.table = table
        self.definitions = definitions
        self.effort = effort

    def read(self) -> tuple[list[list[Piece]], list[Covered]]:
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
            columns.append(self._answers(tests, domain))
        rules = [
            Covered(tuple(c[n][0] for c in columns), tuple(c[n][1] for c in columns))
            for n in range(len(self.table.rules))
        ]
        return domains, rules

    def _answers(self, tests: list[Any], domain: list[Piece]) -> list[tuple[int, int]]:
        """Return for each cell the pieces that it surely takes, and those that it may take."""
        points = {(type(piece.value), piece.value): 1 << n for n, piece in enumerate(domain) if piece.is_point}
        known: dict[Any, tuple[int, int]] = {}
        for test in tests:
            if test in known:
                continue
            constants = _only_constants(test)
            if constants is None:
                self.effort.spend(len(domain))
                known[test] = _bits(test, domain)
            else:
                bits = 0
                for value in constants:
                    bits |= points.get((type(value), value), 0)
                known[test] = bits, bits
        return [known[test] for test in tests]

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


def _only_constants(test: Any) -> list[Any] | None:
    """Return the values of a cell that only lists some; None for any other cell."""
    if not isinstance(test, CompiledTests) or test.negated or test.closure is None:
        return None
    values = [node.value for node in test.tree.tests if isinstance(node, Literal)]
    return values if len(values) == len(test.tree.tests) and {type(v) for v in values} <= INDEXED else None
