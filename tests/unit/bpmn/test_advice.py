"""Advice on diagrams that can be run: each rule where it must speak, and where it must be silent."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.bpmn import Known, check
from engine.model.problem import Problem
from engine.services.deployment import FUNCTIONS
from tests.features.stage import chain, diagram, ext, flow, read_good

START = '<startEvent id="s"/>'
OFFERED = ext('<zeebe:assignmentDefinition candidateGroups="desk"/>')
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def found(body: str, outside: str = "", **known: Any) -> list[Problem]:
    everything = {"groups": frozenset({"desk"}), "functions": FUNCTIONS, "now": NOW, **known}
    problems = check(read_good(diagram(body, outside)), Known(**everything))
    for problem in problems:
        assert problem.template.format_map(problem.params) == problem.message
        assert problem.message.endswith((".", "?"))
    return problems


def rules(body: str, outside: str = "", **known: Any) -> list[tuple[str, str, str]]:
    return [(p.rule, p.element, p.severity) for p in found(body, outside, **known)]


def task(extensions: str = OFFERED, name: str = "Look", id: str = "u") -> str:
    return f'<userTask id="{id}" name="{name}">{extensions}</userTask>'


def script(id: str, expression: str, result: str = "r") -> str:
    return f'<scriptTask id="{id}">{ext(f"""<zeebe:script expression="{expression}" resultVariable="{result}"/>""")}</scriptTask>'


def job(id: str) -> str:
    return f'<serviceTask id="{id}">{ext("""<zeebe:taskDefinition type="t"/>""")}</serviceTask>'


def timer(kind: str, text: str) -> str:
    inner = f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"
    return START + f'<intermediateCatchEvent id="t" name="Wait">{inner}</intermediateCatchEvent>' + chain("s", "t")


def test_a_task_without_a_name_is_noted():
    assert rules(START + task(name="") + chain("s", "u")) == [("name-missing", "u", "warning")]


@pytest.mark.parametrize("given", ["assignee", "candidateGroups", "candidateUsers"])
def test_a_task_is_for_somebody_by_any_way_of_naming_them(given):
    body = START + task(ext(f'<zeebe:assignmentDefinition {given}="desk"/>')) + chain("s", "u")
    assert rules(body) == []
    assert rules(START + task("") + chain("s", "u")) == [("nobody-may-do", "u", "warning")]


def test_a_lane_offers_the_task_too():
    lanes = '<laneSet id="l"><lane id="l1" name="desk"><flowNodeRef>u</flowNodeRef></lane></laneSet>'
    assert rules(lanes + START + task("") + chain("s", "u")) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDate", "2026-05-31T23:00:00Z"),
        ("timeDate", '=date and time("2026-05-31T23:00:00Z")'),
        ("timeCycle", "R/P1D/2026-05-01T00:00:00Z"),
    ],
)
def test_a_timer_in_the_past_is_noted(kind, text):
    assert rules(timer(kind, text)) == [("timer-in-the-past", "t", "warning")]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDate", "2026-06-01T01:00:00Z"),
        ("timeDate", "=due"),
        ("timeDate", '=now() - duration("P1D")'),
        ("timeDuration", "PT1H"),
        ("timeCycle", "R/P1D"),
        ("timeCycle", "R3/2026-05-01T00:00:00Z/P1D"),
        ("timeCycle", "0 0 8 * * *"),
    ],
)
def test_a_timer_that_can_still_come_is_not(kind, text):
    assert rules(timer(kind, text)) == []


def test_without_the_present_no_timer_is_in_the_past():
    assert rules(timer("timeDate", "2001-01-01T00:00:00Z"), now=None) == []


def test_a_function_that_there_is_not_is_an_error():
    body = START + script("x", "=sum([1]) + summe([a])") + chain("s", "x")
    (problem,) = found(body)
    assert (problem.rule, problem.element, problem.severity) == ("unknown-function", "x", "error")
    assert "summe" in problem.message


@pytest.mark.parametrize(
    "expression",
    [
        "=record(&quot;customer&quot;, &quot;C1&quot;)",
        "=current_user()",
        "={f: function(x) x + 1, y: f(2)}.y",
        "=string length(&quot;a&quot;)",
    ],
)
def test_functions_of_feel_of_the_engine_and_of_the_text_are_known(expression):
    assert rules(START + script("x", expression) + chain("s", "x")) == []


def test_a_condition_that_calls_an_unknown_function_is_found_at_its_flow():
    body = START + '<exclusiveGateway id="x" default="x_b"/>' + task(id="a") + task(id="b")
    assert rules(body + chain("s", "x") + flow("x", "a", "=is_ready(1)") + flow("x", "b")) == [
        ("unknown-function", "x_a", "error")
    ]


def test_a_loop_without_a_way_out_is_an_error():
    assert rules(START + '<task id="a"/><task id="b"/>' + chain("s", "a", "b", "a")) == [("endless-loop", "a", "error")]


GATE = '<exclusiveGateway id="x" default="x_e"/><endEvent id="e"/>' + flow("x", "e")


def test_a_loop_of_machines_with_a_way_out_is_noted():
    body = START + job("a") + GATE + chain("s", "a", "x") + flow("x", "a", "=again")
    assert rules(body) == [("loop-without-pause", "a", "warning")]


@pytest.mark.parametrize(
    "pause",
    [
        task(id="p"),
        '<intermediateCatchEvent id="p"><timerEventDefinition><timeDuration>PT1M</timeDuration></timerEventDefinition></intermediateCatchEvent>',
        f'<subProcess id="p"><startEvent id="ps"/>{task(id="pu")}{chain("ps", "pu")}</subProcess>',
        f'<callActivity id="p">{ext("""<zeebe:calledElement processId="q"/>""")}</callActivity>',
    ],
)
def test_a_loop_with_a_person_or_a_timer_is_not(pause):
    body = START + job("a") + pause + GATE + chain("s", "a", "p", "x") + flow("x", "a", "=again")
    assert rules(body, processes=frozenset({"q"})) == []


def test_a_loop_that_counts_its_rounds_is_not():
    body = START + script("a", "=n + 1", "n") + GATE + chain("s", "a", "x") + flow("x", "a", "=n < 5")
    assert rules(body) == []


FIELDS = {"sheet": frozenset({"amount", "customer"})}
WITH_FORM = ext('<zeebe:formDefinition formId="sheet"/>', '<zeebe:assignmentDefinition candidateGroups="desk"/>')
START_FORM = ext('<zeebe:properties><zeebe:property name="start_form" value="sheet"/></zeebe:properties>')


def reading(expression: str, before: str = "") -> str:
    return START + task(WITH_FORM) + before + script("r", expression, "total")


def test_a_name_nearly_like_one_that_is_written_is_noted_as_mistyped():
    (problem,) = found(reading("=ammount * 2") + chain("s", "u", "r"), forms=frozenset(FIELDS), form_fields=FIELDS)
    assert (problem.rule, problem.element, problem.severity) == ("variable-never-written", "r", "warning")
    assert problem.params["alike"] == "amount"


def test_a_name_that_nothing_writes_is_noted_where_every_writer_is_known():
    body = START_FORM + reading("=discount * 2") + chain("s", "u", "r")
    (problem,) = found(body, forms=frozenset(FIELDS), form_fields=FIELDS)
    assert (problem.rule, problem.params) == ("variable-never-written", {"name": "discount"})


@pytest.mark.parametrize(
    ("expression", "start", "before"),
    [
        ("=amount * 2", START_FORM, ""),  # written by the form
        ("=discount * 2", "", ""),  # a program may start the case with it
        ("=discount * 2", START_FORM, job("j")),  # the service may set it
        ("=businessKey", START_FORM, ""),
        ("=for x in [1] return x", START_FORM, ""),
        ("=[{price: 1}][price &gt; 0]", START_FORM, ""),
    ],
)
def test_a_name_that_something_may_write_is_not(expression, start, before):
    path = ("s", "u", "j", "r") if before else ("s", "u", "r")
    body = start + reading(expression, before) + chain(*path)
    assert rules(body, forms=frozenset(FIELDS), form_fields=FIELDS) == []


def test_a_service_reads_its_own_result_in_its_output_mapping():
    mapped = ext(
        '<zeebe:taskDefinition type="t"/>',
        '<zeebe:ioMapping><zeebe:output source="=answer.sum" target="sum"/></zeebe:ioMapping>',
    )
    body = START_FORM + START + task(WITH_FORM) + f'<serviceTask id="j">{mapped}</serviceTask>' + chain("s", "u", "j")
    assert rules(body, forms=frozenset(FIELDS), form_fields=FIELDS) == []


def test_a_list_is_no_slip_for_its_item():
    loop = '<zeebe:loopCharacteristics inputCollection="=orders" inputElement="order"/>'
    repeated = f"<multiInstanceLoopCharacteristics>{ext(loop)}</multiInstanceLoopCharacteristics>"
    assert rules(START + task(OFFERED + repeated) + chain("s", "u")) == []
