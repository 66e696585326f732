"""FEEL and DMN: one evaluation of a compiled condition, one decision of a large table."""

from __future__ import annotations

import timeit
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.dmn import load
from engine.feel import compile_expression
from tests.unit.dmn.drawing import decision, definitions, table

EXPRESSION = 'severity = "critical" and amount > 100'


def measure(_folder: Path) -> dict[str, float]:
    """Return microseconds, the best of seven rounds each, and how a table without an index grows.

    `feel_us`: one evaluation of the condition. `dmn_10k_rows_us`: a decision of a table with 10,000 rows and two columns
    of plain values. `dmn_10k_vs_1k`: the same with a column of ranges, over a table of 1,000 rows; linear is 10.
    """
    compiled = compile_expression(EXPRESSION)
    context = {"severity": "critical", "amount": 250}
    return {
        "feel_us": _microseconds(lambda: compiled(context), 20_000),
        "dmn_10k_rows_us": _microseconds(_indexed(10_000), 200),
        "dmn_10k_vs_1k": _microseconds(_ranges(10_000), 5) / _microseconds(_ranges(1_000), 50),
    }


def _microseconds(call: Callable[[], Any], rounds: int) -> float:
    return min(timeit.repeat(call, number=rounds, repeat=7)) / rounds * 1e6


def _indexed(rows: int) -> Callable[[], Any]:
    """Return a decision by customer (one in a hundred rows has it) and article."""
    rules = [(f'"c{row % 100}"', str(row // 100), str(row)) for row in range(rows)]
    return _decide(
        table(["customer", "article"], ["price"], rules), {"customer": "c42", "article": rows // 200}, rows // 2 + 42
    )


def _ranges(rows: int) -> Callable[[], Any]:
    """Return a decision whose rules hold for one span of the amount each."""
    rules = [(f"[{row}..{row + 1})", str(row)) for row in range(rows)]
    return _decide(table(["amount"], ["step"], rules), {"amount": rows // 2}, rows // 2)


def _decide(logic: str, context: dict[str, Any], expected: int) -> Callable[[], Any]:
    model = load(definitions(decision("d", logic)))
    assert model.evaluate("d", context) == expected
    return lambda: model.evaluate("d", context)
