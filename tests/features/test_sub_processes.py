import pytest

from engine.bpmn import NoPlainStart, build
from tests.features.stage import NOW, Stage, chain, diagram, ext, read_good

START = '<startEvent id="s"/>'


def sub(body: str, name: str = "p1", attributes: str = "", head: str = "") -> str:
    return f'<subProcess id="{name}" {attributes}>{head}<startEvent id="{name}s"/>{body}</subProcess>'


def test_an_embedded_sub_process_runs_inside_and_then_goes_on():
    body = (
        START
        + sub('<userTask id="a"/><userTask id="b"/>' + chain("p1s", "a") + chain("p1s", "b"))
        + '<userTask id="z"/>'
        + chain("s", "p1", "z")
    )
    stage = Stage(diagram(body)).start()
    assert sorted(stage.run.active_elements) == ["a", "b", "p1"]
    stage.complete("a", x=1).complete("b")
    assert stage.tasks == ["z"]
    assert stage.variables == {"x": 1}
    assert stage.path == ["s", "p1s", "a", "b", "p1"]


def test_inputs_of_a_sub_process_are_its_local_variables():
    head = ext(
        '<zeebe:ioMapping><zeebe:input source="=order.id" target="id"/><zeebe:output source="=found" target="result"/></zeebe:ioMapping>'
    )
    body = START + sub('<userTask id="a"/>' + chain("p1s", "a"), head=head) + chain("s", "p1")
    stage = Stage(diagram(body)).start(order={"id": 4})
    assert stage.task("a").locals == {"id": 4}
    stage.complete("a", id=5, found="f")
    assert stage.done
    assert stage.variables == {"order": {"id": 4}, "found": "f", "result": "f"}


def test_interrupting_a_sub_process_cancels_all_inside():
    inner = (
        '<userTask id="a"/>'
        + sub('<userTask id="b"/>' + chain("p2s", "b"), "p2")
        + chain("p1s", "a")
        + chain("p1s", "p2")
    )
    timer = '<boundaryEvent id="t" attachedToRef="p1"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>'
    stage = Stage(
        diagram(START + sub(inner) + timer + '<userTask id="z"/>' + chain("s", "p1") + chain("t", "z"))
    ).start()
    assert stage.tasks == ["a", "b"]
    stage.fire("t")
    assert stage.tasks == ["z"]
    assert stage.run.active_elements == ["z"]
    assert sorted(map(str, stage.told("ElementCancelled"))) == ["a", "b", "p1", "p2"]


def test_terminate_ends_its_own_scope_only():
    inner = (
        '<userTask id="a"/><userTask id="k"/><endEvent id="te"><terminateEventDefinition/></endEvent>'
        + chain("p1s", "a", "te")
        + chain("p1s", "k")
    )
    stage = Stage(diagram(START + sub(inner) + '<userTask id="z"/>' + chain("s", "p1", "z"))).start().complete("a")
    assert stage.tasks == ["z"]
    assert stage.path == ["s", "p1s", "a", "te", "p1"]


def test_terminate_ends_the_case():
    body = (
        START
        + '<userTask id="a"/><userTask id="b"/><endEvent id="e"><terminateEventDefinition/></endEvent>'
        + chain("s", "a", "e")
        + chain("s", "b")
    )
    assert Stage(diagram(body)).start().complete("a").done


def event_sub(definition: str, *, interrupting: bool = True, inner: str = '<userTask id="x"/>') -> str:
    return (
        f'<subProcess id="es" triggeredByEvent="true"><startEvent id="ess" isInterrupting="{str(interrupting).lower()}">{definition}</startEvent>'
        + inner
        + chain("ess", "x")
        + "</subProcess>"
    )


TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"


def test_an_interrupting_event_sub_process_cancels_the_rest_of_its_scope():
    stage = Stage(diagram(START + '<userTask id="a"/>' + event_sub(TIMER) + chain("s", "a"))).start()
    assert stage.tasks == ["a"]
    assert stage.run.active_elements == ["a"]
    stage.fire("ess")
    assert stage.tasks == ["x"]
    assert stage.complete("x").done
    assert stage.path == ["s", "ess", "x", "es"]


def test_a_non_interrupting_event_sub_process_runs_beside():
    cycle = "<timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition>"
    stage = Stage(
        diagram(START + '<userTask id="a"/>' + event_sub(cycle, interrupting=False) + chain("s", "a"))
    ).start()
    stage.fire("ess").fire("ess")
    assert stage.tasks == ["a", "x", "x"]
    assert stage.timers == {}
    stage.complete("a")
    assert not stage.done
    assert stage.complete("x").complete("x").done


def test_the_end_of_its_scope_disarms_an_event_sub_process():
    stage = Stage(diagram(START + '<userTask id="a"/>' + event_sub(TIMER) + chain("s", "a"))).start()
    assert stage.complete("a").done


ERROR = '<error id="err" errorCode="E1"/>'


def test_an_event_sub_process_for_an_error_waits_until_the_error_comes():
    thrower = '<userTask id="a"/><endEvent id="ee"><errorEventDefinition errorRef="err"/></endEvent>' + chain(
        "s", "a", "ee"
    )
    stage = Stage(diagram(START + thrower + event_sub('<errorEventDefinition errorRef="err"/>'), ERROR)).start()
    assert stage.tasks == ["a"]
    stage.complete("a")
    assert stage.tasks == ["x"]
    assert stage.complete("x").done


CALLED = (
    '<process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="qa"/><endEvent id="qe"/>'
    + chain("qs", "qa", "qe")
    + "</process>"
)


def call(attributes: str = "", mapping: str = "", inner: str = "") -> str:
    target = ext(f'<zeebe:calledElement processId="q" {attributes}/>', mapping)
    return f'<callActivity id="c">{target}{inner}</callActivity>'


def test_a_called_process_sees_and_gives_back_all_variables_by_default():
    stage = Stage(diagram(START + call() + chain("s", "c"), after=CALLED)).start(x=1)
    assert stage.task("qa").locals == {"x": 1}
    stage.complete("qa", y=2)
    assert stage.done
    assert stage.variables == {"x": 1, "y": 2}
    assert stage.path == ["s", "qs", "qa", "qe", "c"]
    assert [data for kind, name, data in stage.players[0].data if (kind, name) == ("ElementCompleted", "qa")] == [
        {"process": "q"}
    ]


def test_a_called_process_keeps_its_variables_where_outputs_are_mapped():
    mapping = '<zeebe:ioMapping><zeebe:input source="=x" target="n"/><zeebe:output source="=n * 2" target="result"/></zeebe:ioMapping>'
    stage = Stage(
        diagram(START + call('propagateAllParentVariables="false"', mapping) + chain("s", "c"), after=CALLED)
    ).start(x=1)
    assert stage.task("qa").locals == {"n": 1}
    stage.complete("qa", n=5, secret=1)
    assert stage.variables == {"x": 1, "result": 10}


def test_a_process_that_calls_itself_without_end_is_stopped():
    data = diagram(
        START
        + '<callActivity id="c">'
        + ext('<zeebe:calledElement processId="p"/>')
        + "</callActivity>"
        + chain("s", "c")
    )
    stage = Stage(data).start()
    assert "deeper" in stage.incidents["c"]


def test_a_called_process_that_is_missing_is_an_incident():
    stage = Stage(diagram(START + call() + chain("s", "c"))).start()
    assert "“q”" in stage.incidents["c"]


def test_an_error_in_one_of_two_parallel_sub_processes_fires_only_its_own_boundary():
    def part(n: str) -> str:
        end = f'<endEvent id="e{n}"><errorEventDefinition errorRef="err"/></endEvent>'
        return (
            sub(f'<userTask id="a{n}"/>{end}' + chain(f"q{n}s", f"a{n}", f"e{n}"), f"q{n}")
            + f'<boundaryEvent id="b{n}" attachedToRef="q{n}"><errorEventDefinition errorRef="err"/></boundaryEvent><userTask id="x{n}"/>'
            + chain("s", f"q{n}")
            + chain(f"b{n}", f"x{n}")
        )

    stage = Stage(diagram(START + part("1") + part("2"), ERROR)).start().complete("a1")
    assert stage.tasks == ["a2", "x1"]


def test_a_process_without_plain_start_is_not_started_by_hand():
    body = '<startEvent id="m"><messageEventDefinition messageRef="x"/></startEvent><task id="a"/>' + chain("m", "a")
    with pytest.raises(NoPlainStart):
        Stage(diagram(body, '<message id="x" name="X"/>')).start()


def test_an_ad_hoc_sub_process_activates_what_is_named_and_ends_by_its_condition():
    inner = (
        '<userTask id="a"/><userTask id="b"/><userTask id="c"/>'
        + chain("a", "c")
        + "<completionCondition>=done</completionCondition>"
    )
    active = ext('<zeebe:adHoc activeElementsCollection="=which"/>')
    body = (
        START + f'<adHocSubProcess id="ah">{active}{inner}</adHocSubProcess><userTask id="z"/>' + chain("s", "ah", "z")
    )
    stage = Stage(diagram(body)).start(which=["a", "b"])
    assert stage.tasks == ["a", "b"]
    assert stage.complete("a").tasks == ["b", "c"]
    assert stage.complete("b", done=True).tasks == ["z"]


def test_an_ad_hoc_sub_process_ends_when_nothing_is_open_in_it():
    inner = '<userTask id="a"/><userTask id="b"/>'
    body = (
        START
        + f'<adHocSubProcess id="ah" ordering="Sequential">{inner}</adHocSubProcess><userTask id="z"/>'
        + chain("s", "ah", "z")
    )
    stage = Stage(diagram(body)).start()
    assert stage.tasks == ["a"]
    assert stage.complete("a").tasks == ["b"]
    assert stage.complete("b").tasks == ["z"]


MESSAGE = '<message id="m" name="M">' + ext('<zeebe:subscription correlationKey="=order"/>') + "</message>"


def test_an_event_sub_process_for_a_message_can_be_triggered_again_and_again():
    body = (
        START
        + '<userTask id="a"/>'
        + event_sub('<messageEventDefinition messageRef="m"/>', interrupting=False)
        + chain("s", "a")
    )
    stage = Stage(diagram(body, MESSAGE)).start(order=1)
    stage.deliver("ess", n=1).deliver("ess", n=2)
    assert stage.tasks == ["a", "x", "x"]
    assert stage.variables == {"order": 1, "n": 2}
    stage.complete("a").complete("x")
    assert stage.subscriptions == ["ess"]
    assert stage.complete("x").done


def test_an_event_sub_process_for_a_condition_interrupts_when_it_turns_true():
    condition = "<conditionalEventDefinition><condition>=alarm</condition></conditionalEventDefinition>"
    stage = Stage(diagram(START + '<userTask id="a"/>' + event_sub(condition) + chain("s", "a"))).start(alarm=False)
    assert stage.set(alarm=True).tasks == ["x"]


def test_an_escalation_reaches_an_event_sub_process_beside_the_work():
    thrower = '<intermediateThrowEvent id="th"><escalationEventDefinition escalationRef="esc"/></intermediateThrowEvent><userTask id="a"/>'
    sub_process = event_sub('<escalationEventDefinition escalationRef="esc"/>', interrupting=False)
    extra = '<escalation id="esc" escalationCode="1"/>'
    assert Stage(diagram(START + thrower + sub_process + chain("s", "th", "a"), extra)).start().tasks == ["a", "x"]


def test_an_error_inside_an_event_sub_process_goes_outward_and_not_to_itself():
    inner = '<userTask id="x"/><endEvent id="xe"><errorEventDefinition errorRef="err"/></endEvent>' + chain("x", "xe")
    work = '<startEvent id="p1s"/><endEvent id="ee"><errorEventDefinition errorRef="err"/></endEvent>' + chain(
        "p1s", "ee"
    )
    catcher = '<boundaryEvent id="b" attachedToRef="p1"><errorEventDefinition errorRef="err"/></boundaryEvent><userTask id="z"/>'
    body = (
        START
        + '<subProcess id="p1">'
        + work
        + event_sub('<errorEventDefinition errorRef="err"/>', inner=inner)
        + "</subProcess>"
    )
    stage = Stage(diagram(body + catcher + chain("s", "p1") + chain("b", "z"), ERROR)).start()
    assert stage.tasks == ["x"]
    assert stage.complete("x").tasks == ["z"]


def test_expressions_may_read_the_business_key():
    task = (
        '<userTask id="a">'
        + ext('<zeebe:assignmentDefinition assignee="=businessKey"/>')
        + '</userTask><userTask id="b">'
        + ext('<zeebe:assignmentDefinition assignee="=businessKey"/>')
        + "</userTask>"
    )
    definition = build("p", [read_good(diagram(START + task + chain("s", "a", "b")))], {})
    run, advance = definition.start({}, now=NOW, business_key="K-7")
    assert advance.tasks_opened[0].assignee == "K-7"
    restored = definition.restore(run.snapshot(), {})
    assert restored.complete_task(advance.tasks_opened[0].id, {}, now=NOW).tasks_opened[0].assignee == "K-7"
