import pytest

from tests.features.stage import Stage, chain, diagram, flow

START = '<startEvent id="s"/>'
CHOICE = (
    START
    + '<exclusiveGateway id="g" default="other"/><userTask id="a"/><userTask id="b"/><userTask id="c"/>'
    + flow("s", "g")
    + flow("g", "a", "=n > 10")
    + flow("g", "b", "=n > 5")
    + flow("g", "c", None, "other")
)


@pytest.mark.parametrize(("n", "taken"), [(20, ["a"]), (7, ["b"]), (1, ["c"])])
def test_an_exclusive_gateway_takes_the_first_flow_that_holds(n, taken):
    assert Stage(diagram(CHOICE)).start(n=n).tasks == taken


def test_a_condition_on_a_missing_variable_is_an_incident_that_can_be_retried():
    stage = Stage(diagram(CHOICE)).start()
    assert "n > 10" in stage.incidents["g"]
    assert "null" in stage.incidents["g"]
    stage.set(n=7).retry("g")
    assert stage.incidents == {}
    assert stage.tasks == ["b"]


def test_a_gateway_without_a_matching_flow_is_an_incident():
    body = START + '<exclusiveGateway id="g"/><task id="a"/><task id="b"/>'
    stage = Stage(diagram(body + flow("s", "g") + flow("g", "a", "=n = 1") + flow("g", "b", "=n = 2"))).start(n=3)
    assert "no condition holds" in stage.incidents["g"]
    assert stage.path == ["s"]
    stage.set(n=2).retry("g")
    assert stage.path == ["s", "g", "b"]
    assert stage.done


PARALLEL = (
    START
    + '<parallelGateway id="f"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/><userTask id="z"/>'
    + chain("s", "f", "a", "j", "z")
    + chain("f", "b", "j")
)


def test_a_parallel_join_waits_for_every_flow_and_passes_once():
    stage = Stage(diagram(PARALLEL)).start()
    assert stage.tasks == ["a", "b"]
    stage.complete("a", x=1)
    assert stage.tasks == ["b"]
    assert stage.run.active_elements == ["b", "j"] or stage.run.active_elements == ["j", "b"]
    stage.complete("b", x=2)
    assert stage.tasks == ["z"]
    assert stage.variables == {"x": 2}
    assert stage.path.count("j") == 1
    assert stage.complete("z").done


def test_two_tokens_on_one_flow_do_not_satisfy_a_join():
    body = (
        START
        + '<parallelGateway id="f"/><task id="m"/><userTask id="b"/><parallelGateway id="j"/><userTask id="z"/>'
        + flow("s", "f")
        + flow("f", "m", None, "one")
        + flow("f", "m", None, "two")
        + flow("m", "j")
        + chain("f", "b", "j", "z")
    )
    stage = Stage(diagram(body)).start()
    assert stage.tasks == ["b"]
    assert stage.complete("b").tasks == ["z"]


INCLUSIVE = (
    START
    + '<inclusiveGateway id="g" default="none"/><userTask id="a"/><userTask id="b"/><userTask id="c"/><inclusiveGateway id="j"/><userTask id="z"/>'
    + flow("s", "g")
    + flow("g", "a", "=x > 0")
    + flow("g", "b", "=x > 1")
    + flow("g", "c", None, "none")
    + chain("a", "j", "z")
    + chain("b", "j")
    + chain("c", "j")
)


@pytest.mark.parametrize(("x", "opened"), [(0, ["c"]), (1, ["a"]), (2, ["a", "b"])])
def test_an_inclusive_join_waits_only_for_the_flows_that_were_taken(x, opened):
    stage = Stage(diagram(INCLUSIVE)).start(x=x)
    assert stage.tasks == opened
    for name in opened:
        assert "z" not in stage.tasks
        stage.complete(name)
    assert stage.tasks == ["z"]
    assert stage.path.count("j") == 1


def test_an_inclusive_join_waits_for_a_token_on_a_boundary_path():
    body = (
        START
        + '<parallelGateway id="f"/><userTask id="a"/><boundaryEvent id="late" attachedToRef="a"><timerEventDefinition>'
        + '<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><userTask id="b"/><userTask id="x"/><userTask id="y"/>'
        + '<inclusiveGateway id="j"/><userTask id="z"/>'
        + chain("s", "f", "a", "y")
        + chain("f", "b", "j", "z")
        + chain("late", "x", "j")
    )
    stage = Stage(diagram(body)).start()
    assert stage.complete("b").tasks == ["a"]
    stage.complete("a")
    assert stage.tasks == ["y", "z"]


def test_several_flows_from_a_task_all_are_taken_and_conditions_hold_there_too():
    body = START + '<task id="a"/><userTask id="b"/><userTask id="c"/><userTask id="d"/>'
    stage = Stage(
        diagram(body + flow("s", "a") + flow("a", "b") + flow("a", "c", "=n > 5") + flow("a", "d", "=n > 50"))
    ).start(n=7)
    assert stage.tasks == ["b", "c"]


def test_the_default_flow_of_a_task_is_taken_when_no_condition_holds():
    body = START + '<userTask id="a" default="rest"/><userTask id="b"/><userTask id="c"/>'
    stage = Stage(diagram(body + flow("s", "a") + flow("a", "b", "=ok") + flow("a", "c", None, "rest"))).start()
    assert stage.complete("a", ok=False).tasks == ["c"]


def test_the_process_ends_without_an_end_event():
    assert Stage(diagram(START + '<userTask id="a"/>' + chain("s", "a"))).start().complete("a").done


EVENTS = (
    START
    + '<eventBasedGateway id="g"/><intermediateCatchEvent id="m"><messageEventDefinition messageRef="paid"/></intermediateCatchEvent>'
    + '<intermediateCatchEvent id="t1"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>'
    + '<intermediateCatchEvent id="t2"><timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition></intermediateCatchEvent>'
    + '<userTask id="a"/><userTask id="b"/><userTask id="c"/>'
    + chain("s", "g", "m", "a")
    + chain("g", "t1", "b")
    + chain("g", "t2", "c")
)
PAID = '<message id="paid" name="Paid"><extensionElements><zeebe:subscription correlationKey="=order"/></extensionElements></message>'


def test_an_event_based_gateway_goes_where_the_first_event_leads():
    stage = Stage(diagram(EVENTS, PAID)).start(order="o1")
    assert stage.run.active_elements == ["g"]
    assert stage.timers == {"t1": "2026-01-31T09:00:00+00:00", "t2": "2026-01-31T10:00:00+00:00"}
    assert stage.subscriptions == ["m"]
    stage.deliver("m", amount=5)
    assert stage.timers == {}
    assert stage.tasks == ["a"]
    assert stage.variables == {"order": "o1", "amount": 5}
    assert stage.path == ["s", "g", "m"]


def test_each_timer_behind_an_event_based_gateway_has_its_own_due_instant():
    stage = Stage(diagram(EVENTS, PAID)).start(order="o1")
    stage.fire("t2")
    assert stage.tasks == ["c"]
    assert stage.subscriptions == []
    assert stage.told("ElementCancelled") == []
