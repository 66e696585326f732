"""Conditions of other dialects, as they stand in a diagram: they decide as they did there, or are refused with their place."""

import pytest

from engine.bpmn import build, read
from tests.features.stage import CAMUNDA_7, NOW, chain, diagram, flow


def choosing(condition: str, language: str = "") -> bytes:
    """Draw a gateway that leaves to `yes` where the condition holds, else to `no`."""
    kind = f' language="{language}"' if language else ""
    taken = flow("g", "yes", condition).replace("<conditionExpression>", f"<conditionExpression{kind}>")
    return diagram(
        '<startEvent id="s"/><exclusiveGateway id="g" default="g_no"/>'
        '<userTask id="yes"/><userTask id="no"/><endEvent id="e"/>'
        + flow("s", "g") + taken + flow("g", "no") + chain("yes", "e") + chain("no", "e"),
        namespaces=CAMUNDA_7,
    )  # fmt: skip


def goes_to(condition: str, language: str = "", **variables: object) -> list[str]:
    drawn = read(choosing(condition, language), "old.bpmn")
    assert [str(problem) for problem in drawn.problems if problem.is_error] == []
    run, _ = build("p", [drawn], {}).start(variables, now=NOW)
    return run.active_elements


@pytest.mark.parametrize(
    ("condition", "holding", "failing"),
    [
        ("${a == 'x' && !b}", {"a": "x", "b": False}, {"a": "x", "b": True}),
        ("${a.equals('x') || n gt 3}", {"a": "y", "n": 4}, {"a": "y", "n": 3}),
        ("${!(a.equals(\"x\"))}", {"a": "y"}, {"a": "x"}),
        ("${empty list}", {"list": []}, {"list": [1]}),
        ("${not empty list and list.size() <= 2}", {"list": [1]}, {"list": [1, 2, 3]}),
        ("${n > 2 ? a == 'x' : b}", {"n": 1, "a": "", "b": True}, {"n": 3, "a": "y", "b": True}),
        ("${a eq 'it\\'s'}", {"a": "it's"}, {"a": "its"}),
        ("#{order.lines[0].price * 2 >= 10}", {"order": {"lines": [{"price": 5}]}}, {"order": {"lines": [{"price": 4}]}}),
        ("${execution.getVariable('n') % 2 == 1}", {"n": 3}, {"n": 4}),
    ],
)  # fmt: skip
def test_a_juel_condition_decides_as_it_did(condition: str, holding: dict, failing: dict) -> None:
    assert goes_to(condition, **holding) == ["yes"]
    assert goes_to(condition, **failing) == ["no"]


@pytest.mark.parametrize(
    ("condition", "holding", "failing"),
    [
        ("a == 'x' and not b", {"a": "x", "b": False}, {"a": "x", "b": True}),
        ("kind in ['a', 'b'] or n >= 3", {"kind": "b", "n": 0}, {"kind": "c", "n": 2}),
        ("done is not None and done == True", {"done": True}, {"done": False}),
    ],
)
def test_a_simple_python_condition_decides_as_it_did(condition: str, holding: dict, failing: dict) -> None:
    assert goes_to(condition, "python", **holding) == ["yes"]
    assert goes_to(condition, "python", **failing) == ["no"]


@pytest.mark.parametrize(
    ("condition", "place"),
    [
        ("${bean.check(a, b)}", "character 6"),
        ("${a == 'x' && fn:other(b)}", "character 13"),
        ("${a == }", "character 5"),
        ("${T(java.lang.Runtime).getRuntime()}", "character 1"),
        ("${[x for x in y]}", "character"),
    ],
)
def test_what_cannot_be_said_in_feel_is_refused_with_its_place(condition: str, place: str) -> None:
    (problem,) = [found for found in read(choosing(condition), "old.bpmn").problems if found.is_error]
    assert (problem.element, problem.rule) == ("g_yes", "not-translatable")
    assert place in problem.message


@pytest.mark.parametrize("script", ["import os", "__import__('os').system('id')", "lambda: 1", "x = 1; y = 2"])
def test_python_that_is_no_condition_is_refused(script: str) -> None:
    found = read(choosing(script, "python"), "old.bpmn").problems
    assert [problem.element for problem in found if problem.is_error] == ["g_yes"]
