"""Decision tables: cells to tests, an index over columns of constants, and the hit policies (DMN 8.2.8 to 8.2.11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.dmn import boxed
from engine.dmn.policies import POLICIES, aggregate
from engine.dmn.run import DecisionRun, Matched
from engine.feel import Scope, tree
from engine.feel.run import Closure
from engine.feel.types import Type, coerce
from engine.feel.values import kind_of

if TYPE_CHECKING:
    from engine.dmn.logic import Compiler

HIT_POLICIES = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = ("SUM", "COUNT", "MIN", "MAX")
_LETTERS = {p[0]: p for p in HIT_POLICIES}
_INDEXED = frozenset([str, Decimal, bool])
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
                key = (type(value), value) if type(value) in _INDEXED else None
                bits &= self.open[column] | (known.get(key, 0) if key is not None else 0)
        while bits:
            lowest = bits & -bits
            yield lowest.bit_length() - 1
            bits ^= lowest


class TableCompiler:
    """Compiles one table."""

    def __init__(self, compiler: Compiler, node: boxed.Table) -> None:
        self.compiler = compiler
        self.node = node

    def compile(self) -> Closure:
        """Return the closure that decides the table."""
        node, compiler = self.node, self.compiler
        policy = _LETTERS.get(node.hit_policy, node.hit_policy) if len(node.hit_policy) == 1 else node.hit_policy
        if policy not in HIT_POLICIES:
            compiler.problem(node.id, "dmn.hit_policy", f'there is no hit policy "{node.hit_policy}"', node.line)
            policy = "UNIQUE"
        if node.aggregation and node.aggregation not in AGGREGATIONS:
            compiler.problem(node.id, "dmn.aggregation", f'there is no aggregation "{node.aggregation}"', node.line)
        self._check(policy)
        table = self._table()
        owner = compiler.owner
        return lambda scope: _decide(scope, table, policy, owner)

    def _check(self, policy: str) -> None:
        """Report what keeps the table from being decided though its cells can be read."""
        node, outputs = self.node, self.node.outputs
        faults = []
        if not outputs:
            faults.append("the table has no output")
        if len(outputs) > 1 and len({o.text for o in outputs if o.text}) < len(outputs):
            faults.append("several outputs need a name each")
        if len(outputs) > 1 and node.aggregation:
            faults.append("several outputs cannot be aggregated")
        if policy in ("PRIORITY", "OUTPUT ORDER") and not any(o.values for o in outputs):
            faults.append(f"{policy} needs output values in their order of priority")
        for number, column in enumerate(node.inputs):
            if not column.text and any(
                r.inputs[number].text not in ("", "-") for r in node.rules if number < len(r.inputs)
            ):
                faults.append(f"input {number + 1} has no expression")
        for fault in faults:
            self.compiler.problem(node.id, "dmn.table", fault, node.line)

    def _table(self) -> CompiledTable:
        node = self.node
        tests, constants, outputs = [], [], []
        for rule in node.rules:
            if len(rule.inputs) != len(node.inputs) or len(rule.outputs) != len(node.outputs):
                self.compiler.problem(rule.id, "dmn.table", "the rule has not one cell for each column", rule.line)
            cells = [self._cell(cell) for cell in rule.inputs[: len(node.inputs)]]
            cells += [(None, None)] * (len(node.inputs) - len(cells))
            tests.append(tuple(test for test, _ in cells))
            constants.append(tuple(values for _, values in cells))
            outputs.append(tuple(self._output(cell) for cell in rule.outputs[: len(node.outputs)]))
        return CompiledTable(
            node=node,
            columns=tuple(self._column(c) for c in node.inputs),
            tests=tuple(tests),
            outputs=tuple(outputs),
            defaults=tuple(
                None if c.default is None else self.compiler.expression(c.default, c.id, c.line) for c in node.outputs
            ),
            output_types=tuple(self._type(c) for c in node.outputs),
            priorities=tuple(self._priorities(c) for c in node.outputs),
            index=Index(constants, len(node.inputs)),
        )

    def _type(self, column: boxed.Column) -> Type | None:
        self.compiler.check_type(column.type_ref, column.id, column.line)
        return self.compiler.types.find(column.type_ref)

    def _column(self, column: boxed.Column) -> CompiledColumn:
        allowed = None
        if column.values:
            tests = self.compiler.tests(column.values, column.id, column.line)
            allowed = None if tests is None else tests.run
        known = self.compiler.is_feel(column.language, column.id, column.line)
        text = column.text if column.text and known else "null"
        return CompiledColumn(
            column.label, self.compiler.expression(text, column.id, column.line), self._type(column), allowed
        )

    def _cell(self, cell: boxed.Cell) -> tuple[CellTest | None, tuple[Any, ...] | None]:
        """Return the test of a cell (None: any value) and the constants to which it is limited, if any."""
        if not self.compiler.is_feel(cell.language, cell.id, cell.line):
            return _never, None
        tests = self.compiler.tests(cell.text, cell.id, cell.line)
        if tests is None:
            return _never, None
        if tests.closure is None:
            return None, None
        literals = [t.value for t in tests.tree.tests if isinstance(t, tree.Literal)]
        if not tests.negated and len(literals) == len(tests.tree.tests) and {type(v) for v in literals} <= _INDEXED:
            return tests.run, tuple(literals)
        return tests.run, None

    def _output(self, cell: boxed.Cell) -> Closure:
        known = self.compiler.is_feel(cell.language, cell.id, cell.line)
        text = cell.text if known and cell.text not in ("", "-") else "null"
        return self.compiler.expression(text, cell.id, cell.line)

    def _priorities(self, column: boxed.Column) -> tuple[Any, ...]:
        """Return the output values in their order of priority."""
        if not column.values:
            return ()
        tests = self.compiler.tests(column.values, column.id, column.line)
        return () if tests is None else tuple(t.value for t in tests.tree.tests if isinstance(t, tree.Literal))


def _never(scope: Scope, value: Any) -> bool:
    return False


def _decide(scope: Scope, table: CompiledTable, policy: str, owner: str) -> Any:
    run = scope.run
    assert isinstance(run, DecisionRun)
    values = []
    for column in table.columns:
        value = column.value(scope)
        if column.type is not None and value is not None:
            fitted = coerce(value, column.type, run)
            if fitted is None:
                run.warn("wrong_type", f"{column.label}: {kind_of(value)} does not fit the type of the column")
            value = fitted
        if column.allowed is not None and value is not None and not column.allowed(scope, value):
            run.warn("not_allowed", f"{column.label}: the value is not among the allowed ones")
            return None
        values.append(value)
    hits = []
    for number in table.index.candidates(values):
        run.step()
        if all(test is None or test(scope, v) for test, v in zip(table.tests[number], values, strict=True)):
            hits.append(number)
            if policy == "FIRST":
                break
    inputs = dict(zip((c.label for c in table.columns), values, strict=True))
    for number in hits:
        run.matched.append(Matched(owner, table.node.id, number + 1, table.node.rules[number].id, inputs))
    if not hits:
        return _default(scope, table, policy)
    results = [_outputs(scope, table, number) for number in hits]
    chosen = POLICIES[policy](run, results, table, hits, owner)
    if policy == "COLLECT" and table.node.aggregation:
        return aggregate(
            run, table.node.aggregation, [row[0] for row in results] if len(table.node.outputs) == 1 else None
        )
    if chosen is None:
        return None
    return [_shape(table, row) for row in chosen] if isinstance(chosen, list) else _shape(table, chosen)


def _outputs(scope: Scope, table: CompiledTable, number: int) -> tuple[Any, ...]:
    row = []
    for closure, wanted, column in zip(table.outputs[number], table.output_types, table.node.outputs, strict=False):
        row.append(_fitted(scope, closure(scope), wanted, column))
    return tuple(row)


def _fitted(scope: Scope, value: Any, wanted: Type | None, column: boxed.Column) -> Any:
    if wanted is None or value is None:
        return value
    fitted = coerce(value, wanted, scope.run)
    if fitted is None:
        scope.run.warn(
            "wrong_type", f"{column.label or 'output'}: {kind_of(value)} does not fit the type of the column"
        )
    return fitted


def _default(scope: Scope, table: CompiledTable, policy: str) -> Any:
    if any(d is not None for d in table.defaults):
        row = tuple(None if d is None else d(scope) for d in table.defaults)
        fitted = tuple(
            _fitted(scope, v, t, c) for v, t, c in zip(row, table.output_types, table.node.outputs, strict=True)
        )
        return _shape(table, fitted)
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
