"""Imports point one way; what belongs in one place stays there."""

import ast
import sys
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

PROJECT = Path(__file__).resolve().parents[2]


def test_every_import_contract_holds(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(PROJECT)
    status = lint_imports(cache_dir=str(tmp_path))
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_contract_names_modules_that_exist():
    """Layers are optional in the contract, so that a misspelt one would hold nothing: all of them must be there."""
    layers = [
        "app",
        "scheduler",
        "commands",
        "queries",
        "services",
        "bpmn",
        "forms",
        "store",
        "dmn",
        "feel",
        "xml",
        "model",
        "config",
    ]
    there = {
        path.stem for path in (PROJECT / "engine").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert there - {"__init__"} == set(layers)


def test_the_model_imports_the_standard_library_and_itself_only():
    outside = []
    for path in (PROJECT / "engine/model").rglob("*.py"):
        for name in _imported(path):
            top = name.split(".")[0]
            if top not in sys.stdlib_module_names and not name.startswith("engine.model"):
                outside.append(f"{path.relative_to(PROJECT)}: {name}")
    assert outside == []


def test_only_the_composition_root_asks_for_the_time():
    """Below `engine.app` the instant is an argument. The scheduler's alarm is set on the machine's own clock; FEEL and
    DMN as libraries, called by programs without an engine, know no other instant than that of the call.
    """
    allowed = {
        PROJECT / "engine/app.py",
        PROJECT / "engine/scheduler/scheduler.py",
        PROJECT / "engine/feel/instant.py",
    }
    clocks = {"datetime.now", "datetime.datetime.now", "date.today", "datetime.date.today", "time.time"}
    asked = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for path in (PROJECT / "engine").rglob("*.py")
        if path not in allowed
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in clocks
    ]
    assert asked == []


def test_the_engine_gives_every_evaluation_its_instant():
    """FEEL and DMN would else take the machine's, and the same case stepped again would differ."""
    evaluating = ("evaluate", "evaluate_with_warnings", "explain", "compiled", "compile_expression(text)")
    calls = [
        (f"{path.relative_to(PROJECT)}:{node.lineno}", any(keyword.arg == "now" for keyword in node.keywords))
        for part in ("bpmn", "forms", "services", "commands", "queries")
        for path in (PROJECT / "engine" / part).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(evaluating)
        and ast.unparse(node.func) != "self.evaluate"
    ]
    assert len(calls) >= 3
    assert [place for place, has_now in calls if not has_now] == []


def _imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.append(node.module)
    return names
