"""FEEL: one evaluation of a compiled condition."""

from __future__ import annotations

import timeit
from pathlib import Path

from engine.feel import compile_expression

EXPRESSION = 'severity = "critical" and amount > 100'


def measure(_folder: Path) -> dict[str, float]:
    """Return `feel_us`: microseconds for one evaluation, the best of seven rounds."""
    compiled = compile_expression(EXPRESSION)
    context = {"severity": "critical", "amount": 250}
    rounds = 20_000
    return {"feel_us": min(timeit.repeat(lambda: compiled(context), number=rounds, repeat=7)) / rounds * 1e6}
