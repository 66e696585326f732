from tests.features.stage import Stage, chain, diagram, ext, flow

START = '<startEvent id="s"/>'
ERRORS = '<error id="e1" errorCode="E1"/><error id="e2" errorCode="E2"/>'
SERVICE = '<serviceTask id="a">' + ext('<zeebe:taskDefinition type="t"/>') + "</serviceTask>"


def catcher(name: str, error: str | None, on: str = "a") -> str:
    reference = f' errorRef="{error}"' if error else ""
    return (
        f'<boundaryEvent id="{name}" attachedToRef="{on}"><errorEventDefinition{reference}/></boundaryEvent><userTask id="{name}x"/>'
        + chain(name, name + "x")
    )


def test_an_error_of_a_job_goes_to_the_boundary_event_with_its_code():
    stage = Stage(
        diagram(START + SERVICE + catcher("all", None) + catcher("b2", "e2") + chain("s", "a"), ERRORS)
    ).start()
    stage.throw("a", "E2", why="empty")
    assert stage.tasks == ["b2x"]
    assert stage.jobs == []
    assert stage.variables == {"why": "empty"}


def test_an_error_without_its_own_boundary_goes_to_the_one_for_all():
    stage = Stage(
        diagram(START + SERVICE + catcher("all", None) + catcher("b2", "e2") + chain("s", "a"), ERRORS)
    ).start()
    assert stage.throw("a", "OTHER").tasks == ["allx"]


def test_an_error_that_nothing_catches_is_an_incident():
    stage = Stage(diagram(START + SERVICE + catcher("b2", "e2") + chain("s", "a"), ERRORS)).start().throw("a", "E1")
    assert "E1" in stage.incidents["a"]
    assert stage.retry("a").jobs == ["a"]


def test_an_error_end_event_reaches_the_boundary_of_its_sub_process():
    inner = (
        '<subProcess id="p1"><startEvent id="ps"/><userTask id="u"/><endEvent id="ee"><errorEventDefinition errorRef="e1"/></endEvent>'
        + chain("ps", "u", "ee")
        + "</subProcess>"
    )
    stage = Stage(diagram(START + inner + catcher("b", "e1", "p1") + chain("s", "p1"), ERRORS)).start().complete("u")
    assert stage.tasks == ["bx"]
    assert stage.path == ["s", "ps", "u", "ee", "b"]


def test_an_error_crosses_a_call_activity():
    called = (
        '<process id="q" isExecutable="true"><startEvent id="qs"/><endEvent id="qe"><errorEventDefinition errorRef="e1"/></endEvent>'
        + chain("qs", "qe")
        + "</process>"
    )
    call = '<callActivity id="c">' + ext('<zeebe:calledElement processId="q"/>') + "</callActivity>"
    stage = Stage(diagram(START + call + catcher("b", "e1", "c") + chain("s", "c"), ERRORS, after=called)).start()
    assert stage.tasks == ["bx"]


def test_an_uncaught_error_end_event_is_an_incident():
    body = START + '<endEvent id="ee"><errorEventDefinition errorRef="e1"/></endEvent>' + chain("s", "ee")
    assert "E1" in Stage(diagram(body, ERRORS)).start().incidents["ee"]


ESCALATION = '<escalation id="esc" escalationCode="S1"/>'


def escalating(kind: str, interrupting: str) -> str:
    inner = (
        f'<subProcess id="p1"><startEvent id="ps"/><{kind} id="th"><escalationEventDefinition escalationRef="esc"/></{kind}>'
        + ('<userTask id="u"/>' + chain("ps", "th", "u") if kind == "intermediateThrowEvent" else chain("ps", "th"))
        + "</subProcess>"
    )
    boundary = f'<boundaryEvent id="b" attachedToRef="p1" cancelActivity="{interrupting}"><escalationEventDefinition escalationRef="esc"/></boundaryEvent>'
    return START + inner + boundary + '<userTask id="x"/><userTask id="z"/>' + chain("s", "p1", "z") + chain("b", "x")


def test_a_non_interrupting_escalation_goes_beside_the_work():
    assert Stage(diagram(escalating("intermediateThrowEvent", "false"), ESCALATION)).start().tasks == ["u", "x"]


def test_an_interrupting_escalation_takes_over():
    stage = Stage(diagram(escalating("intermediateThrowEvent", "true"), ESCALATION)).start()
    assert stage.tasks == ["x"]
    assert "th" in stage.path


def test_an_escalation_end_event_lets_the_sub_process_complete():
    assert Stage(diagram(escalating("endEvent", "false"), ESCALATION)).start().tasks == ["x", "z"]


def test_an_escalation_that_nothing_catches_has_no_effect():
    body = (
        START
        + '<intermediateThrowEvent id="th"><escalationEventDefinition escalationRef="esc"/></intermediateThrowEvent>'
        + chain("s", "th")
    )
    assert Stage(diagram(body, ESCALATION)).start().done


def test_an_endless_loop_is_stopped_with_an_incident():
    body = (
        START
        + '<task id="a"/><exclusiveGateway id="g" default="out"/><endEvent id="e"/>'
        + chain("s", "a", "g")
        + flow("g", "a", "=true")
        + flow("g", "e", None, "out")
    )
    stage = Stage(diagram(body)).start()
    (message,) = stage.incidents.values()
    assert "loop" in message


def test_what_is_opened_and_cancelled_within_one_step_is_never_shown():
    inner = (
        '<subProcess id="p1"><startEvent id="ps"/><userTask id="u"/><serviceTask id="j">'
        + ext('<zeebe:taskDefinition type="t"/>')
        + '</serviceTask><intermediateCatchEvent id="w"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>'
        + '<endEvent id="ee"><errorEventDefinition errorRef="e1"/></endEvent>'
        + chain("ps", "u")
        + chain("ps", "j")
        + chain("ps", "w")
        + chain("ps", "ee")
        + "</subProcess>"
    )
    stage = Stage(diagram(START + inner + catcher("b", "e1", "p1") + chain("s", "p1"), ERRORS)).start()
    assert stage.tasks == ["bx"]
    assert (stage.jobs, stage.timers) == ([], {})
    assert stage.told("TaskOpened", "TaskCancelled") == ["u", "u", "bx"]
