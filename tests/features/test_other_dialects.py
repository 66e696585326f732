"""Camunda 7, Operaton, Flowable and Activiti: what their attributes and elements mean here."""

import pytest

from tests.features.stage import CAMUNDA_7, PLAIN, Stage, chain, diagram

START = '<startEvent id="s"/>'
FLOWABLE = PLAIN + ' xmlns:flowable="http://flowable.org/bpmn"'


def c7(body: str, **more: str) -> Stage:
    return Stage(diagram(START + body, namespaces=CAMUNDA_7, **more))


def test_called_processes_get_and_give_what_in_and_out_say():
    call = (
        '<callActivity id="c" calledElement="q"><extensionElements><camunda:in source="x" target="n"/><camunda:in sourceExpression="${x + 1}" target="m"/>'
        '<camunda:out source="r" target="result"/></extensionElements></callActivity>'
    )
    called = (
        '<process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="qa"/>'
        + chain("qs", "qa")
        + "</process>"
    )
    stage = c7(call + chain("s", "c"), after=called).start(x=1, secret=2)
    assert stage.task("qa").locals == {"n": 1, "m": 2}
    stage.complete("qa", r=7, own=8)
    assert stage.variables == {"x": 1, "secret": 2, "result": 7}


@pytest.mark.parametrize("platform", ["", ' modeler:executionPlatform="Camunda Platform"'])
def test_a_declared_native_namespace_alone_does_not_hide_what_another_dialect_says(platform):
    more = ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0"'
    task = '<userTask id="a" camunda:assignee="${who}"/>'
    stage = Stage(diagram(START + task + chain("s", "a"), namespaces=CAMUNDA_7 + more + platform))
    assert stage.start(who="li").task("a").assignee == "li"


def test_input_and_output_parameters_are_mappings():
    task = (
        '<serviceTask id="a" camunda:type="external" camunda:topic="t"><extensionElements><camunda:inputOutput>'
        '<camunda:inputParameter name="text">Order ${id}</camunda:inputParameter>'
        '<camunda:inputParameter name="list"><camunda:list><camunda:value>${id}</camunda:value><camunda:value>b</camunda:value></camunda:list></camunda:inputParameter>'
        '<camunda:inputParameter name="map"><camunda:map><camunda:entry key="k">${id}</camunda:entry></camunda:map></camunda:inputParameter>'
        '<camunda:outputParameter name="total">${amount * 2}</camunda:outputParameter>'
        "</camunda:inputOutput></extensionElements></serviceTask>"
    )
    stage = c7(task + chain("s", "a")).start(id=4)
    (job,) = stage.players[0].jobs.values()
    assert job.variables == {"id": 4, "text": "Order 4", "list": [4, "b"], "map": {"k": 4}}
    assert stage.job("a", amount=3).variables == {"id": 4, "total": 6}


def test_a_script_of_another_language_waits_for_a_worker_that_knows_it():
    script = '<scriptTask id="a" scriptFormat="groovy" camunda:resultVariable="r"><script>1 + 1</script></scriptTask>'
    stage = c7(script + chain("s", "a")).start()
    (job,) = stage.players[0].jobs.values()
    assert (job.type, job.headers) == ("a", {"language": "groovy", "script": "1 + 1"})
    assert stage.job("a", value=2).variables == {"r": 2}


def test_feel_and_juel_scripts_are_run():
    scripts = (
        '<scriptTask id="a" scriptFormat="feel" camunda:resultVariable="x"><script>1 + 1</script></scriptTask>'
        '<scriptTask id="b" scriptFormat="juel" camunda:resultVariable="y"><script>${x * 2}</script></scriptTask>'
    )
    assert c7(scripts + chain("s", "a", "b")).start().variables == {"x": 2, "y": 4}


def test_potential_owners_and_performers_are_candidates_and_assignee():
    owner = "<potentialOwner><resourceAssignmentExpression><formalExpression>{}</formalExpression></resourceAssignmentExpression></potentialOwner>"
    body = (
        f'<userTask id="a">{owner.format("user(li), group(desk), sales")}</userTask>'
        '<userTask id="b"><humanPerformer><resourceAssignmentExpression><formalExpression>${who}</formalExpression></resourceAssignmentExpression></humanPerformer></userTask>'
    )
    stage = c7(body + chain("s", "a") + chain("s", "b")).start(who="wang")
    assert (stage.task("a").candidate_users, stage.task("a").candidate_groups) == (("li",), ("desk", "sales"))
    assert stage.task("b").assignee == "wang"


def test_flowable_fields_are_headers_and_its_receive_task_waits_by_its_id():
    body = (
        '<serviceTask id="a" flowable:class="org.example.Mail"><extensionElements><flowable:field name="to" stringValue="desk"/>'
        '<flowable:field name="text"><flowable:expression>${x}</flowable:expression></flowable:field></extensionElements></serviceTask>'
        '<receiveTask id="r"/>'
    )
    stage = Stage(diagram(START + body + chain("s", "a", "r"), namespaces=FLOWABLE)).start()
    (job,) = stage.players[0].jobs.values()
    assert (job.type, job.headers) == ("org.example.Mail", {"to": "desk", "text": "${x}"})
    stage.job("a")
    assert [waiting.name for waiting in stage.players[0].subscriptions.values()] == ["r"]
    assert stage.deliver("r").done


def test_decisions_are_named_by_reference():
    task = '<businessRuleTask id="a" camunda:decisionRef="level" camunda:resultVariable="found"/>'
    assert "level" in c7(task + chain("s", "a")).start().incidents["a"]


def test_a_caught_error_hands_its_code_to_a_variable():
    body = (
        '<serviceTask id="a" camunda:type="external" camunda:topic="t"/><boundaryEvent id="b" attachedToRef="a">'
        '<errorEventDefinition camunda:errorCodeVariable="code"/></boundaryEvent>' + chain("s", "a")
    )
    assert c7(body).start().throw("a", "E9").variables == {"code": "E9"}


def test_an_error_without_a_code_reaches_only_those_who_catch_all():
    inner = '<startEvent id="ps"/><endEvent id="ee"><errorEventDefinition/></endEvent>' + chain("ps", "ee")
    body = f'<subProcess id="p1">{inner}</subProcess><boundaryEvent id="b" attachedToRef="p1"><errorEventDefinition/></boundaryEvent><userTask id="x"/>'
    assert c7(body + chain("s", "p1") + chain("b", "x")).start().tasks == ["x"]


def test_a_date_timer_with_a_duration_counts_from_now():
    event = "<timerEventDefinition><timeDate>PT1H</timeDate></timerEventDefinition>"
    stage = c7(f'<intermediateCatchEvent id="t">{event}</intermediateCatchEvent>' + chain("s", "t")).start()
    assert stage.timers == {"t": "2026-01-31T09:00:00+00:00"}


def test_mapped_inputs_belong_to_each_instance():
    task = (
        '<userTask id="a"><extensionElements><camunda:inputOutput><camunda:inputParameter name="twice">${n * 2}</camunda:inputParameter></camunda:inputOutput></extensionElements>'
        '<multiInstanceLoopCharacteristics camunda:collection="${ns}" camunda:elementVariable="n"/></userTask>'
    )
    stage = c7(task + chain("s", "a")).start(ns=[1, 2])
    assert [opened.locals["twice"] for opened in stage.players[0].tasks.values()] == [2, 4]
