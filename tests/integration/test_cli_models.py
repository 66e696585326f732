import json
import re
from pathlib import Path

import pytest

from tests.integration.cli import PROJECT, run, succeed
from tests.web.api.plant import END, START, line, user_task

LINE = re.compile(r"^(?P<file>[^:]+):(?P<element>[^:]*): (?P<rule>[a-z0-9-]+): (?P<message>.+)$")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "good.bpmn").write_bytes(line("good", START, user_task("work"), END))
    return folder


def test_good_models_pass_in_silence(tmp_path: Path, models: Path) -> None:
    done = run(tmp_path, "check", str(models))
    assert (done.returncode, done.stdout) == (0, "")


def test_every_problem_is_a_line_and_an_error_fails(tmp_path: Path, models: Path) -> None:
    unknown = user_task("work", '<zeebe:formDefinition formId="nobody-has-this" />')
    (models / "bad.bpmn").write_bytes(line("bad", START, unknown, END))
    (models / "worse.bpmn").write_bytes(b"<not")
    done = run(tmp_path, "check", str(models))
    assert done.returncode == 1
    found = [LINE.match(text) for text in done.stdout.splitlines()]
    assert all(found)
    assert {(match["file"], match["element"]) for match in found if match} >= {(f"{models}/bad.bpmn", "work")}
    assert f"{models}/worse.bpmn" in {match["file"] for match in found if match}


def test_a_check_needs_no_database(tmp_path: Path, models: Path) -> None:
    run(tmp_path / "data", "check", str(models))
    assert not (tmp_path / "data").exists()


def test_the_shipped_models_have_no_problem(tmp_path: Path) -> None:
    done = run(tmp_path, "check", str(PROJECT / "processes"), str(PROJECT / "forms"))
    assert (done.returncode, done.stdout) == (0, "")


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, "check", str(tmp_path / "none"))
    assert done.returncode == 2
    assert "none" in done.stderr


@pytest.mark.parametrize(
    ("expression", "context", "printed"),
    [
        ("x + 1", '{"x": 1.5}', 2.5),
        ("=0.1 + 0.2", None, 0.3),
        ('{a: "文", b: [1, null, true]}', None, {"a": "文", "b": [1, None, True]}),
        ('date("2026-01-31") + duration("P1M")', None, "2026-02-28"),
    ],
)
def test_feel_prints_json(tmp_path: Path, expression: str, context: str | None, printed: object) -> None:
    options = [] if context is None else ["--context", context]
    assert json.loads(succeed(tmp_path, "feel", expression, *options)) == printed


@pytest.mark.parametrize("arguments", [("1 +",), ("1", "--context", "[1]"), ("1", "--context", "{")])
def test_feel_says_what_is_wrong(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(tmp_path, "feel", *arguments)
    assert done.returncode != 0
    assert done.stdout == ""
    assert "Error" in done.stderr
