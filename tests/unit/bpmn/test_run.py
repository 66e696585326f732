"""What a run refuses, and what it says of itself."""

from itertools import pairwise

import orjson
import pytest
import zstandard

from engine.bpmn import TokenNotFound, build, read
from engine.model.errors import NotFound
from tests.features.stage import NOW, chain, diagram, ext, flow, read_good

START = '<startEvent id="s"/>'
TIMER = '<boundaryEvent id="t" attachedToRef="a"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>'
BODY = START + '<userTask id="a"/>' + TIMER + '<userTask id="b"/>' + chain("s", "a", "b")


def started(body: str = BODY, **variables: object):
    definition = build("p", [read_good(diagram(body))], {})
    return definition, *definition.start(variables, now=NOW)


def test_a_task_is_completed_once():
    _, run, advance = started()
    task = advance.tasks_opened[0].id
    run.complete_task(task, {}, now=NOW)
    with pytest.raises(TokenNotFound):
        run.complete_task(task, {}, now=NOW)


def test_a_disarmed_timer_does_not_fire():
    _, run, advance = started()
    timer = advance.timers_armed[0].id
    run.complete_task(advance.tasks_opened[0].id, {}, now=NOW)
    with pytest.raises(TokenNotFound):
        run.fire_timer(timer, now=NOW)


def test_ids_of_one_kind_are_not_taken_for_another():
    _, run, advance = started()
    task, timer = advance.tasks_opened[0].id, advance.timers_armed[0].id
    for act in (
        lambda: run.fire_timer(task, now=NOW),
        lambda: run.complete_task(timer, {}, now=NOW),
        lambda: run.deliver(timer, {}, now=NOW),
        lambda: run.complete_job(task, {}, now=NOW),
        lambda: run.retry(task, now=NOW),
    ):
        with pytest.raises(TokenNotFound):
            act()


def test_nothing_can_be_done_in_a_case_that_is_over():
    _, run, _ = started(START + '<task id="a"/>' + chain("s", "a"))
    with pytest.raises(TokenNotFound):
        run.set_variables({"x": 1}, now=NOW)
    with pytest.raises(TokenNotFound):
        run.cancel(now=NOW)


def test_ids_survive_a_restart():
    definition, run, advance = started()
    task, timer = advance.tasks_opened[0].id, advance.timers_armed[0].id
    assert len(task) == len(timer) == 32
    again = definition.restore(run.snapshot(), {})
    assert again.complete_task(task, {}, now=NOW).timers_disarmed == [timer]


def test_an_open_task_sees_the_variables_of_its_case_and_its_own():
    task = (
        '<userTask id="a">'
        + ext('<zeebe:ioMapping><zeebe:input source="=x + 1" target="y"/></zeebe:ioMapping>')
        + "</userTask>"
    )
    _, run, advance = started(START + task + chain("s", "a"), x=1)
    run.set_variables({"x": 5}, now=NOW)
    assert run.visible_variables(advance.tasks_opened[0].id) == {"x": 5, "y": 2}


def test_the_caller_keeps_its_variables():
    definition = build("p", [read_good(diagram(BODY))], {})
    given = {"x": 1}
    run, _ = definition.start(given, now=NOW)
    run.set_variables({"x": 2}, now=NOW)
    assert given == {"x": 1}


def test_an_unknown_start_event_or_process_is_not_found():
    definition = build("p", [read_good(diagram(BODY))], {})
    with pytest.raises(NotFound):
        definition.start({}, now=NOW, element_id="a")
    with pytest.raises(NotFound):
        build("q", [read_good(diagram(BODY))], {})


def test_a_snapshot_of_another_release_is_refused():
    definition, _, _ = started()
    other = zstandard.compress(orjson.dumps([99, None, []]))
    with pytest.raises(ValueError, match="99"):
        definition.restore(other, {})


def test_two_endless_loops_are_both_stopped_and_can_go_on_after_a_restart():
    loops = "".join(
        f'<task id="a{n}"/><exclusiveGateway id="g{n}" default="o{n}"/><endEvent id="e{n}"/>'
        + chain("s", f"a{n}", f"g{n}") + flow(f"g{n}", f"a{n}", "=on") + flow(f"g{n}", f"e{n}", None, f"o{n}")
        for n in (1, 2)
    )  # fmt: skip
    definition, run, advance = started(START + loops, on=True)
    assert len(advance.incidents) == 2
    run = definition.restore(run.snapshot(), {"on": False})
    for incident in advance.incidents:
        last = run.retry(incident.id, now=NOW)
    assert last.state == "completed"


def test_reading_says_the_same_twice():
    data = diagram(BODY.replace("<userTask", "<complexGateway id='x'/><userTask", 1))
    first, second = read(data, "f"), read(data, "f")
    assert first.problems == second.problems
    assert first.sha256 == second.sha256


def test_history_is_told_in_order():
    _, _, advance = started()
    told = [(entry.kind, entry.element_id) for entry in advance.history]
    assert told == [
        ("ElementCompleted", "s"), ("FlowTaken", "s_a"), ("ElementStarted", "a"), ("TaskOpened", "a"), ("TimerArmed", "t"),
    ]  # fmt: skip
    assert all(before != after for before, after in pairwise(told))
