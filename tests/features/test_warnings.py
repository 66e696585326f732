"""Parts of expressions that became null: the history says why, at the element, once."""

import pytest

from engine.dmn import load
from tests.features.stage import Stage, chain, diagram, ext, flow
from tests.unit.dmn.drawing import decision, definitions, literal, table

MAPPED = ext('<zeebe:ioMapping><zeebe:input source="=missing + 1" target="x"/></zeebe:ioMapping>')
LEFT = ext('<zeebe:ioMapping><zeebe:output source="=missing + 1" target="x"/></zeebe:ioMapping>')
ASSIGNED = ext('<zeebe:assignmentDefinition assignee="=missing.owner"/>')
SCRIPT = ext('<zeebe:script expression="=1 + missing" resultVariable="y"/>')
DUE = '<timeDuration>=if missing = 1 then "PT1H" else "PT2H"</timeDuration>'


def line(element: str) -> bytes:
    return diagram('<startEvent id="s"/>' + element + '<endEvent id="e"/>' + chain("s", "a", "e"))


def notes(stage: Stage) -> list[tuple[str | None, list[str]]]:
    return [(element, data["messages"]) for kind, element, data in stage.players[0].data if kind == "WarningNoted"]


@pytest.mark.parametrize(
    "element",
    [
        f'<userTask id="a">{MAPPED}</userTask>',
        f'<userTask id="a">{ASSIGNED}</userTask>',
        f'<scriptTask id="a">{SCRIPT}</scriptTask>',
        f'<intermediateCatchEvent id="a"><timerEventDefinition>{DUE}</timerEventDefinition></intermediateCatchEvent>',
    ],
)
def test_a_missing_variable_is_noted_at_the_element_that_read_it(element: str) -> None:
    ((where, messages),) = notes(Stage(line(element)).start())
    assert where == "a"
    assert len(messages) == len(set(messages))
    assert any("missing" in message for message in messages)


def test_an_output_mapping_is_noted_at_the_task_that_was_completed() -> None:
    stage = Stage(line(f'<userTask id="a">{LEFT}</userTask>')).start()
    assert notes(stage) == []
    stage.complete("a")
    assert [where for where, _ in notes(stage)] == ["a"]


def test_a_condition_that_falls_to_the_default_flow_is_noted_at_its_gateway() -> None:
    data = diagram(
        '<startEvent id="s"/><exclusiveGateway id="g" default="g_e"/><endEvent id="e"/><endEvent id="big"/>'
        + flow("s", "g") + flow("g", "big", "=missing = 1 and true or false") + flow("g", "e")
    )  # fmt: skip
    stage = Stage(data).start()
    assert [where for where, _ in notes(stage)] == ["g"]


def test_what_a_decision_warns_of_is_noted() -> None:
    model = load(definitions(decision("d", table(["n"], ["y"], [("> 3", "1"), ("<= 3", "2")]))))
    rule = '<businessRuleTask id="a">' + ext('<zeebe:calledDecision decisionId="d" resultVariable="y"/>')
    stage = Stage(line(rule + "</businessRuleTask>"), decisions={"d": model}).start()
    assert [where for where, _ in notes(stage)] == ["a"]


def test_a_condition_looked_at_again_and_again_is_noted_once() -> None:
    data = diagram(
        '<startEvent id="s"/><userTask id="t"/><boundaryEvent id="b" attachedToRef="t"><conditionalEventDefinition>'
        "<condition>=missing &gt; 3</condition></conditionalEventDefinition></boundaryEvent>"
        '<endEvent id="e"/><endEvent id="f"/>' + chain("s", "t", "e") + flow("b", "f")
    )
    stage = Stage(data).start()
    for number in range(5):
        stage.set(other=number)
    assert [where for where, _ in notes(stage)] == ["b"]
    stage.set(missing=4)
    assert stage.done


def test_the_notes_of_one_step_are_bounded() -> None:
    many = "[" + ", ".join(f"missing{number} + 1" for number in range(80)) + "]"
    script = '<scriptTask id="a">' + ext(f'<zeebe:script expression="={many}" resultVariable="y"/>') + "</scriptTask>"
    ((_, messages),) = notes(Stage(line(script)).start())
    assert len(messages) == 20


def test_a_decision_is_told_with_the_rules_that_matched_and_what_they_saw() -> None:
    model = load(
        definitions(
            decision("inner", literal("n + 1")),
            decision("d", table(["inner", "kind"], ["y"], [("> 3", "-", "1"), ("<= 3", '"a"', "2")]), "decision:inner"),
        )
    )
    rule = '<businessRuleTask id="a">' + ext('<zeebe:calledDecision decisionId="d" resultVariable="y"/>')
    stage = Stage(line(rule + "</businessRuleTask>"), decisions={"d": model}).start(n=5, kind="b")
    (told,) = [data for kind, _, data in stage.players[0].data if kind == "DecisionEvaluated"]
    assert told == {
        "decision": "d",
        "result": 1,
        "matched": [{"decision": "d", "rule": 1, "rule_id": "r1", "inputs": {"inner": 6, "kind": "b"}}],
    }
