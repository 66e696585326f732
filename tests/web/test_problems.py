"""Problems of models in the page's language."""

import ast
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from engine.bpmn import read
from engine.dmn import findings
from engine.feel import FeelSyntaxError, compile_expression
from engine.model.problem import Problem
from engine.services.deployment import DeployFile, read_files
from tests.factories import diagram, flow
from tests.unit.dmn.drawing import decision, definitions, table
from web.problems import MENDS, REASONS, TEMPLATES, WORDS, feel_text, problem_text

PROJECT = Path(__file__).resolve().parents[2]
FEEL = PROJECT / "engine/feel"


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("web", root_path=str(PROJECT / "web"))
    Babel(app, default_translation_directories=str(PROJECT / "web/translations"))
    return app


def said(app: Flask, problem: Problem, locale: str) -> str:
    with app.test_request_context(), force_locale(locale):
        return problem_text(problem)


def texts(values: tuple[object, ...], app: Flask) -> set[str]:
    with app.test_request_context(), force_locale("en"):
        return {str(value) for value in values}


def feel_problem() -> Problem:
    body = (
        '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g" default="f_g_e"/><bpmn:endEvent id="e"/>'
        '<bpmn:endEvent id="e2"/>' + flow("s", "g") + flow("g", "e") + flow("g", "e2", "=kind == 1")
    )
    (found,) = [p for p in read(diagram(body).encode(), "p.bpmn").problems if p.rule == "feel-syntax"]
    return found


def test_a_wrong_condition_is_told_with_its_place_and_mend(app: Flask) -> None:
    problem = feel_problem()
    assert problem.message == said(app, problem, "en")
    assert "column 7" in problem.message
    assert 'write "=" to compare' in problem.message
    chinese = said(app, problem, "zh_Hans")
    assert "第 7 列" in chinese
    assert "kind == 1" in chinese
    assert "column" not in chinese
    assert "write" not in chinese


@pytest.mark.parametrize(
    "text", ["a == 1", "(1", "'x'", "1 +\n\n&& 2", "[1", "", "if a then 1", '@"x"', "a ! b", "1 2", "{a 1}", "x[1"]
)
def test_a_syntax_error_is_the_same_in_english_and_whole_in_chinese(app: Flask, text: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    with app.test_request_context(), force_locale("en"):
        assert feel_text(caught.value) == caught.value.message
    with app.test_request_context(), force_locale("zh_Hans"):
        chinese = feel_text(caught.value)
    for english in ("expected", "column", "cannot", "expression", "value", " or ", "write"):
        assert english not in chinese


def test_gaps_and_unreadable_cells_are_told_in_chinese(app: Flask) -> None:
    gap = definitions(decision("a", table(["x"], ["y"], [("< 5", "1")])))
    bad = definitions(decision("b", table(["x"], ["y"], [("== 5", "1")])))
    problems = read_files([DeployFile("a.dmn", gap), DeployFile("b.dmn", bad)]).problems
    chinese = {problem.rule: said(app, problem, "zh_Hans") for problem in problems}
    assert "x = 5" in chinese["table-gap"]
    assert "规则" in chinese["table-gap"]
    assert "== 5" in chinese["dmn.feel"]
    assert "无法读取" in chinese["dmn.feel"]
    for problem in problems:
        assert said(app, problem, "en") == problem.message


def test_every_reason_and_mend_that_feel_gives_is_translated(app: Flask) -> None:
    said_by_feel = {reason for path in FEEL.rglob("*.py") for reason in _said(path)}
    assert len(said_by_feel) > 20
    assert said_by_feel - texts(REASONS + MENDS, app) == set()


def test_every_finding_of_a_table_is_translated(app: Flask) -> None:
    templates = {value for name, value in vars(findings).items() if name.isupper()}
    assert len(templates) == 9
    assert templates - texts(TEMPLATES, app) == set()


def test_every_place_of_an_expression_is_translated(app: Flask) -> None:
    known = texts(WORDS, app)
    named = {
        node.args[2].value
        for path in (PROJECT / "engine/bpmn").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("reading.expression", "reading.feel", "reading.condition")
        if len(node.args) > 2 and isinstance(node.args[2], ast.Constant)
    }
    assert len(named) > 15
    assert named - known == set()


def _said(path: Path) -> set[str]:
    """Return the reasons and mends in a module: templates of errors, their `mend`, what the mends' functions return."""
    tree = ast.parse(path.read_text("utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("FeelSyntaxError", "self.error"):
            given = [*node.args[:1], *node.args[2:3], *(k.value for k in node.keywords if k.arg == "mend")]
            found |= {one.value for one in given if isinstance(one, ast.Constant) and one.value is not None}
        elif path.name == "mend.py" and isinstance(node, ast.Return | ast.Assign) and node.value is not None:
            parts = [node.value] if isinstance(node.value, ast.Constant) else []
            if isinstance(node.value, ast.Tuple):
                parts = [pair.elts[1] for pair in node.value.elts if isinstance(pair, ast.Tuple)]
            found |= {one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found
