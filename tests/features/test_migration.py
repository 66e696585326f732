"""A running case moved to another version: what waits stays as it was, what the version adds is armed."""

from tests.features.stage import Stage, chain, diagram, ext, flow
from tests.features.versions import PLAIN, START, TASK, boundary, event_sub_process, message, timer


def test_an_open_task_keeps_its_id_and_goes_on_by_the_new_version():
    stage = Stage(PLAIN).start()
    before = stage.task("a").id
    done = stage.migrate(diagram(START + TASK + '<userTask id="b"/>' + chain("s", "a", "b")))
    assert stage.task("a").id == before
    assert [(place.element, place.target) for place in done.moved] == [("a", "a")]
    assert stage.complete("a").tasks == ["b"]
    assert stage.complete("b").done


def test_a_boundary_event_added_to_an_open_task_is_armed_at_the_move():
    stage = Stage(PLAIN).start()
    stage.now = stage.now.replace(hour=12)
    added = START + TASK + boundary("late", timer("timeDuration", "PT1H")) + '<userTask id="b"/>'
    done = stage.migrate(diagram(added + chain("s", "a") + chain("late", "b")))
    assert done.armed == ["late"]
    assert stage.timers == {"late": "2026-01-31T13:00:00+00:00"}
    assert stage.fire("late").tasks == ["b"]


def test_a_boundary_event_left_out_is_disarmed():
    stage = Stage(diagram(START + TASK + boundary("late", timer("timeDuration", "PT1H")) + chain("s", "a"))).start()
    done = stage.migrate(PLAIN)
    assert done.disarmed == ["late"]
    assert stage.timers == {}
    assert stage.complete("a").done


def test_an_armed_timer_keeps_its_due_instant_when_its_span_changes():
    def version(span: str) -> bytes:
        return diagram(START + TASK + boundary("late", timer("timeDuration", span)) + chain("s", "a"))

    stage = Stage(version("PT1H")).start()
    due = stage.timers
    stage.now = stage.now.replace(hour=12)
    assert stage.migrate(version("PT5H")).armed == []
    assert stage.timers == due


def test_a_timer_follows_its_variables_only_while_its_version_asks_for_it():
    def version(value: str) -> bytes:
        event = ext(f'<zeebe:properties><zeebe:property name="timer:follows" value="{value}"/></zeebe:properties>')
        return diagram(START + TASK + boundary("late", event + timer("timeDuration", "=span")) + chain("s", "a"))

    stage = Stage(version("variables")).start(span="PT1H")
    stage.set(span="PT2H")
    due = stage.timers
    stage.migrate(version("nothing"))
    stage.set(span="PT3H")
    assert stage.timers == due == {"late": "2026-01-31T10:00:00+00:00"}


def test_a_reminder_that_has_come_is_not_armed_again():
    def version(name: str) -> bytes:
        late = boundary("late", timer("timeDuration", "PT1H"), interrupting=False)
        return diagram(START + f'<userTask id="a" name="{name}"/>' + late + chain("s", "a"))

    stage = Stage(version("old")).start().fire("late")
    assert stage.migrate(version("new")).armed == []
    assert stage.timers == {}
    assert stage.task("a").name == "new"


def test_a_cycle_keeps_its_armed_instant_and_repeats_as_the_new_version_says():
    def version(cycle: str) -> bytes:
        again = boundary("again", timer("timeCycle", cycle), interrupting=False)
        return diagram(START + TASK + again + chain("s", "a"))

    stage = Stage(version("R/P1D")).start()
    stage.migrate(version("R2/PT1H"))
    dues = []
    while stage.timers:
        dues.append(stage.timers["again"])
        stage.fire("again")
    assert dues == ["2026-02-01T08:00:00+00:00", "2026-02-01T09:00:00+00:00", "2026-02-01T10:00:00+00:00"]


def test_a_duration_that_became_a_cycle_repeats_from_its_armed_instant():
    def version(kind: str, text: str) -> bytes:
        again = boundary("again", timer(kind, text), interrupting=False)
        return diagram(START + TASK + again + chain("s", "a"))

    stage = Stage(version("timeDuration", "PT1H")).start()
    stage.migrate(version("timeCycle", "R/P1D"))
    assert stage.timers == {"again": "2026-01-31T09:00:00+00:00"}
    assert stage.fire("again").timers == {"again": "2026-02-01T09:00:00+00:00"}


def test_an_event_of_another_kind_takes_the_place_of_the_armed_one():
    stage = Stage(diagram(START + TASK + boundary("b", timer("timeDuration", "PT1H")) + chain("s", "a"))).start(order=7)
    waits = diagram(
        START + TASK + boundary("b", '<messageEventDefinition messageRef="m"/>') + chain("s", "a"), message()
    )
    done = stage.migrate(waits)
    assert (done.disarmed, done.armed) == (["b"], ["b"])
    assert stage.timers == {}
    assert stage.subscriptions == ["b"]


def test_an_event_sub_process_is_armed_where_it_is_new_and_disarmed_where_it_is_gone():
    stage = Stage(PLAIN).start()
    with_event = diagram(START + TASK + chain("s", "a") + event_sub_process(timer("timeDuration", "PT1H")))
    assert stage.migrate(with_event).armed == ["es_s"]
    assert stage.fire("es_s").tasks == ["a", "x"]
    stage.complete("x")
    stage = Stage(with_event).start()
    assert stage.migrate(PLAIN).disarmed == ["es_s"]
    assert stage.timers == {}
    assert stage.complete("a").done


def test_an_event_sub_process_is_not_armed_beside_one_that_interrupted():
    first = event_sub_process(timer("timeDuration", "PT1H"), interrupting=True)
    stage = Stage(diagram(START + TASK + chain("s", "a") + first)).start().fire("es_s")
    second = first.replace('id="es', 'id="zs').replace('"es_s', '"zs_s').replace('"x', '"y').replace("es_s_x", "zs_s_y")
    assert stage.migrate(diagram(START + TASK + chain("s", "a") + first + second)).armed == []
    assert stage.complete("x").done


def test_what_waits_behind_an_event_based_gateway_follows_the_new_version():
    def version(*events: str) -> bytes:
        catches = "".join(
            f'<intermediateCatchEvent id="{name}">{timer("timeDuration", span)}</intermediateCatchEvent>'
            for name, span in (event.split() for event in events)
        )
        flows = "".join(flow("g", event.split()[0]) for event in events)
        return diagram(START + '<eventBasedGateway id="g"/>' + catches + flow("s", "g") + flows)

    stage = Stage(version("t1 PT1H", "t2 PT2H")).start()
    due = stage.timers["t1"]
    done = stage.migrate(version("t1 PT9H", "t3 PT3H"))
    assert (done.armed, done.disarmed) == (["t3"], ["t2"])
    assert stage.timers == {"t1": due, "t3": "2026-01-31T11:00:00+00:00"}
    assert stage.fire("t3").done
    assert "g_t3" in stage.told("FlowTaken")


def test_a_message_is_awaited_by_the_name_of_the_new_version_under_the_same_id():
    def version(name: str, key: str) -> bytes:
        return diagram(START + '<receiveTask id="r" messageRef="m"/>' + chain("s", "r"), message(name, key))

    stage = Stage(version("paid", "=order")).start(order="A", bill="B")
    (before,) = stage.players[0].subscriptions.values()
    assert stage.migrate(version("paid", "=order")).resubscribed == []
    (change,) = stage.migrate(version("settled", "=bill")).resubscribed
    assert (change.id, change.name, change.correlation_key) == (before.id, "settled", "B")
    assert stage.deliver("r").done


def test_a_job_keeps_its_id_and_an_incident_its_place():
    service = f'<serviceTask id="w">{ext("""<zeebe:taskDefinition type="t"/>""")}</serviceTask>'
    stage = Stage(diagram(START + service + chain("s", "w"))).start()
    (job,) = stage.players[0].jobs
    renamed = diagram(START + service.replace('"w"', '"v"') + chain("s", "v"))
    stage.migrate(renamed, mapping={"w": "v"})
    assert list(stage.players[0].jobs) == [job]
    stage.fail("v")
    stage.migrate(diagram(START + service + chain("s", "w")), mapping={"v": "w"})
    assert list(stage.incidents) == ["w"]
    assert stage.retry("w").job("w").done


def test_a_condition_that_stopped_a_case_is_mended_by_the_new_version():
    def version(condition: str) -> bytes:
        body = START + '<exclusiveGateway id="x"/><userTask id="a"/><userTask id="b"/>' + chain("s", "x")
        return diagram(body + flow("x", "a", condition) + flow("x", "b", "=false"))

    stage = Stage(version("=amount > 5")).start()
    assert list(stage.incidents) == ["x"]
    stage.migrate(version("=amount = null"))
    assert stage.retry("x").tasks == ["a"]
