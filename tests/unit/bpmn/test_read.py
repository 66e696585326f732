"""Rules of reading: each refused thing by its name, at its element, all at once."""

import pytest

from engine.bpmn import Known, check, read
from tests.features.stage import CAMUNDA_7, PLAIN, chain, diagram, ext, flow

START = '<startEvent id="s"/>'


def rules(data: bytes, severity: str = "error") -> list[tuple[str, str]]:
    found = read(data, "f.bpmn")
    assert all(problem.file == "f.bpmn" for problem in found.problems)
    return sorted((problem.rule, problem.element) for problem in found.problems if problem.severity == severity)


def of(body: str, extra: str = "", **kinds: str) -> list[tuple[str, str]]:
    return rules(diagram(body, extra, **kinds))


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "xml-invalid"),
        (b"<a><b></a>", "xml-invalid"),
        (b"<a/>", "not-bpmn"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "xml-invalid"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "no-process"),
    ],
)
def test_what_is_no_diagram_is_refused(data, rule):
    assert rules(data) == [(rule, "")]


def test_all_problems_are_found_at_once():
    body = (
        START
        + '<exclusiveGateway id="g"/><task id="a"/><task id="b"/><complexGateway id="x"/>'
        + '<scriptTask id="py" scriptFormat="python"><script>total = price * 2</script></scriptTask>'
        + '<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>5 minutes</timeDuration></timerEventDefinition></intermediateCatchEvent>'
        + flow("s", "g")
        + flow("g", "a", "=1 +")
        + flow("g", "b")
        + flow("b", "nowhere")
        + chain("a", "py", "t")
    )
    assert of(body) == [
        ("complex-gateway", "x"),
        ("feel-syntax", "g_a"),
        ("flow-leads-nowhere", "b_nowhere"),
        ("flow-without-condition", "g_b"),
        ("python-script", "py"),
        ("timer-invalid", "t"),
    ]


def test_a_python_script_is_refused_with_the_feel_to_write():
    body = (
        START
        + '<scriptTask id="a" scriptFormat="python"><script>total = price * 2 if ok else 0</script></scriptTask>'
        + chain("s", "a")
    )
    simple = START + '<scriptTask id="a"><script>total = price * 2</script></scriptTask>' + chain("s", "a")
    assert "FEEL" in read(diagram(body), "f").problems[0].message
    assert "“=price * 2” and the result variable “total”" in read(diagram(simple), "f").problems[0].message


def test_a_plain_condition_needs_its_equals_sign_in_the_native_dialect():
    body = (
        START
        + '<exclusiveGateway id="g" default="d"/><task id="a"/><task id="b"/>'
        + flow("s", "g")
        + flow("g", "a", "x > 1")
        + flow("g", "b", None, "d")
    )
    assert of(body) == [("condition-without-equals", "g_a")]
    assert of(body, namespaces=PLAIN) == []
    assert of(body, namespaces=CAMUNDA_7) == []


def test_a_start_event_is_needed_in_the_native_dialect_and_implied_elsewhere():
    body = '<task id="a"/><task id="b"/>' + chain("a", "b")
    assert of(body) == [("no-start-event", "p")]
    assert of(body, namespaces=PLAIN) == []
    assert rules(diagram(body, namespaces=PLAIN), "warning") == [("no-start-event", "p")]
    assert of('<task id="a"/>' + flow("a", "a"), namespaces=PLAIN) == [("no-start-event", "p")]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('<receiveTask id="a"/>', [("message-missing", "a")]),
        ('<intermediateCatchEvent id="a"/>', [("event-definition-missing", "a")]),
        ('<intermediateCatchEvent id="a"><signalEventDefinition signalRef="x"/></intermediateCatchEvent>', [("signal-missing", "a")]),
        ('<endEvent id="a"><errorEventDefinition errorRef="x"/></endEvent>', [("error-missing", "a")]),
        ('<endEvent id="a"><cancelEventDefinition/></endEvent>', [("cancel-outside-transaction", "a")]),
        ('<intermediateThrowEvent id="a"><linkEventDefinition name="L"/></intermediateThrowEvent>', [("link-missing", "a")]),
        ('<callActivity id="a"/>', [("called-process-missing", "a")]),
        ('<businessRuleTask id="a"/>', [("decision-missing", "a")]),
        ('<task id="a" default="zzz"/>', [("default-unknown", "a")]),
        ('<task id="a"><standardLoopCharacteristics/></task>', [("loop-endless", "a")]),
        ('<task id="a"><multiInstanceLoopCharacteristics/></task>', [("collection-missing", "a")]),
        ('<task id="a" completionQuantity="2"/>', [("token-quantity", "a")]),
        ('<intermediateThrowEvent id="a"><compensateEventDefinition waitForCompletion="false"/></intermediateThrowEvent>', [("compensation-not-awaited", "a")]),
        ('<eventBasedGateway id="a"/>', [("event-gateway-target", "a")]),
        ('<subProcess id="a"><startEvent id="b"><timerEventDefinition><timeDate>2026-01-01</timeDate></timerEventDefinition></startEvent></subProcess>',
         [("no-start-event", "a"), ("sub-process-start", "b"), ]),
        ('<task id="a"/><boundaryEvent id="b"><timerEventDefinition><timeDate>2026-01-01</timeDate></timerEventDefinition></boundaryEvent>', [("boundary-unattached", "b")]),
        ('<task id="a"/><boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>', [("compensation-handler-missing", "b")]),
        ('<userTask id="a">' + ext('<zeebe:assignmentDefinition candidateGroups="=[1,"/>') + "</userTask>", [("feel-syntax", "a")]),
        ('<userTask id="a">' + ext('<zeebe:formDefinition formKey="camunda-forms:bpmn:x"/>') + "</userTask>", [("form-embedded", "a")]),
        ('<serviceTask id="a">' + ext('<zeebe:taskDefinition/>') + "</serviceTask>", [("job-type-missing", "a")]),
        ('<task id="a"/><subProcess id="b" triggeredByEvent="true"><startEvent id="c"/></subProcess>', [("event-sub-process-start", "b")]),
    ],
)  # fmt: skip
def test_each_rule_names_its_element(body, found):
    assert of(START + body + flow("s", "a")) == found


def test_a_missing_correlation_key_is_refused_where_a_case_waits():
    message = '<message id="m" name="M"/>'
    event = '<messageEventDefinition messageRef="m"/>'
    assert of(START + '<receiveTask id="a" messageRef="m"/>' + chain("s", "a"), message) == [
        ("correlation-key-missing", "a")
    ]
    assert of(f'<startEvent id="s">{event}</startEvent><task id="a"/>' + chain("s", "a"), message) == []
    sub = f'<subProcess id="b" triggeredByEvent="true"><startEvent id="c">{event}</startEvent></subProcess>'
    assert of(START + '<task id="a"/>' + sub + chain("s", "a"), message) == [("correlation-key-missing", "c")]


def test_the_same_id_twice_is_refused():
    assert ("duplicate-id", "a") in of(
        START
        + '<task id="a"/><subProcess id="b"><startEvent id="c"/><task id="a"/></subProcess>'
        + chain("s", "a", "b")
    )


def test_flows_without_an_id_get_one_and_are_not_dropped():
    data = diagram(START + '<task id="a"/><sequenceFlow sourceRef="s" targetRef="a"/>')
    (info,) = read(data, "f").processes
    assert [(one.source, one.target) for one in info.contents.flows] == [("s", "a")]
    assert info.contents.flows[0].id


def test_the_only_process_is_run_though_it_is_not_marked():
    data = diagram(START + '<task id="a"/>' + chain("s", "a")).replace(b'isExecutable="true"', b'isExecutable="false"')
    assert rules(data) == []
    assert rules(data, "warning") == [("not-executable", "p")]


def test_the_executable_pool_is_run_beside_others():
    other = '<process id="q"><task id="x"/><task id="y"/>' + chain("x", "y") + "</process>"
    assert [
        info.key for info in read(diagram(START + '<task id="a"/>' + chain("s", "a"), after=other), "f").processes
    ] == ["p"]


def test_other_encodings_are_read():
    text = diagram(START + '<userTask id="a" name="检验"/>' + chain("s", "a")).decode()
    for encoding in ("utf-16", "gb18030"):
        data = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
        (info,) = read(data, "f").processes
        assert info.elements["a"].name == "检验"


def test_a_start_timer_must_be_known_without_variables():
    def start(text: str) -> bytes:
        return diagram(
            f'<startEvent id="s"><timerEventDefinition><timeCycle>{text}</timeCycle></timerEventDefinition></startEvent><task id="a"/>'
            + chain("s", "a")
        )

    assert rules(start("=spacing")) == [("start-needs-variables", "s")]
    assert rules(start('="R/" + "PT1H"')) == []
    assert read(start('="R/" + "PT1H"'), "f").processes[0].triggers[0].schedule == "R/PT1H"


def test_references_are_checked_against_what_is_known():
    body = (
        START
        + '<userTask id="u" name="Look">'
        + ext('<zeebe:formDefinition formId="f1"/>', '<zeebe:assignmentDefinition candidateGroups="desk, ghosts"/>')
        + "</userTask>"
        + '<businessRuleTask id="d">'
        + ext('<zeebe:calledDecision decisionId="d1" resultVariable="r"/>')
        + "</businessRuleTask>"
        + '<callActivity id="c">'
        + ext('<zeebe:calledElement processId="q"/>')
        + "</callActivity>"
        + chain("s", "u", "d", "c")
    )
    found = read(diagram(body), "f")
    (info,) = found.processes
    assert (info.references.forms, info.references.decisions, info.references.processes) == ({"f1"}, {"d1"}, {"q"})
    problems = check(found, Known(groups=frozenset({"desk"})))
    assert sorted((p.rule, p.element, p.severity) for p in problems) == [
        ("unknown-decision", "d", "error"),
        ("unknown-form", "u", "error"),
        ("unknown-group", "u", "warning"),
        ("unknown-process", "c", "error"),
    ]
    everything = Known(frozenset({"f1"}), frozenset({"d1"}), frozenset({"q"}), frozenset({"desk", "ghosts"}))
    assert check(found, everything) == []


def test_unknown_references_of_other_dialects_are_warnings():
    body = (
        START
        + '<userTask id="u" name="Look" camunda:formKey="embedded:app:x" camunda:assignee="li"/><callActivity id="c" calledElement="q"/>'
        + chain("s", "u", "c")
    )
    problems = check(read(diagram(body, namespaces=CAMUNDA_7), "f"), Known())
    assert {(p.rule, p.severity) for p in problems} == {("unknown-form", "warning"), ("unknown-process", "warning")}


def test_what_other_dialects_say_without_a_meaning_here_is_named():
    body = (
        START
        + '<userTask id="a" camunda:asyncBefore="true" camunda:assignee="x"><extensionElements><camunda:taskListener event="create"/></extensionElements></userTask>'
    )
    data = diagram(body + chain("s", "a"), namespaces=CAMUNDA_7)
    assert [(p.rule, p.element) for p in read(data, "f").problems] == [("left-out", "a")]
    assert "taskListener" in read(data, "f").problems[0].message


def test_listeners_of_the_native_dialect_are_refused():
    body = START + '<userTask id="a">' + ext("<zeebe:taskListeners/>") + "</userTask>" + chain("s", "a")
    assert of(body) == [("listener-unsupported", "a")]


@pytest.mark.parametrize(("tag", "code"), [("error", "errorCode"), ("escalation", "escalationCode")])
def test_a_computed_code_can_be_thrown_but_not_caught(tag, code):
    named = f'<{tag} id="x" {code}="=kind"/>'
    throw = START + f'<endEvent id="e"><{tag}EventDefinition {tag}Ref="x"/></endEvent>' + chain("s", "e")
    catch = (
        START
        + f'<subProcess id="p"><startEvent id="ps"/></subProcess><boundaryEvent id="b" attachedToRef="p"><{tag}EventDefinition {tag}Ref="x"/></boundaryEvent>'
        + '<task id="a"/>'
        + chain("s", "p")
        + chain("b", "a")
    )
    assert of(throw, named) == []
    assert of(catch, named) == [("code-computed", "b")]


def test_a_task_definition_without_a_type_is_one_error():
    definition = ext('<zeebe:taskDefinition type=""/>')
    data = diagram(START + f'<serviceTask id="a">{definition}</serviceTask>' + chain("s", "a"))
    assert rules(data) == [("job-type-missing", "a")]
    assert rules(data, "warning") == []
