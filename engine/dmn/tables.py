"""Decision tables compiled: cells to tests, constants to the index, faults to problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.dmn import boxed
from engine.dmn.deciding import INDEXED, CellTest, CompiledColumn, CompiledTable, Index, decide
from engine.feel import Scope, tree
from engine.feel.run import Closure
from engine.feel.types import Type

if TYPE_CHECKING:
    from engine.dmn.logic import Compiler

HIT_POLICIES = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = ("SUM", "COUNT", "MIN", "MAX")
_LETTERS = {p[0]: p for p in HIT_POLICIES}


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
        return lambda scope: decide(scope, table, policy, owner)

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
        if not tests.negated and len(literals) == len(tests.tree.tests) and {type(v) for v in literals} <= INDEXED:
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
