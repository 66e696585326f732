"""Runs all benchmarks, or those whose names are given, and prints one `name value` line each, last."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from tests.bench import engine_steps, expressions, served, timers

BENCHMARKS: dict[str, Callable[[Path], dict[str, float]]] = {
    "feel": expressions.measure,
    "engine": engine_steps.measure,
    "served": served.measure,
    "timers": timers.measure,
}


def main(names: list[str]) -> None:
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    console = Console(stderr=True)
    figures: dict[str, float] = {}
    for name in names or BENCHMARKS:
        with tempfile.TemporaryDirectory(prefix="closeloop-bench-") as folder, console.status(f"measuring: {name}"):
            figures |= BENCHMARKS[name](Path(folder))
    for name, value in figures.items():
        print(f"{name} {value:.4g}")


main(sys.argv[1:])
