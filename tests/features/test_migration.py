"""A running case moved to another version: what waits stays as it was, what the version adds is armed, or nothing moves."""

import pytest

from engine.model.errors import MigrationRefused
from tests.features.stage import Stage, chain, diagram, ext, flow

START = '<startEvent id="s"/>'
TASK = '<userTask id="a"/>'


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def boundary(name: str, definition: str, host: str = "a", *, interrupting: bool = True) -> str:
    return f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}">{definition}</boundaryEvent>'


def message(name: str = "paid", key: str = "=order") -> str:
    return f'<message id="m" name="{name}">{ext(f"""<zeebe:subscription correlationKey="{key}"/>""")}</message>'


def event_sub_process(start: str, task: str = "x", *, interrupting: bool = False) -> str:
    flag = str(interrupting).lower()
    return (
        f'<subProcess id="es" triggeredByEvent="true"><startEvent id="es_s" isInterrupting="{flag}">{start}</startEvent>'
        f'<userTask id="{task}"/>{chain("es_s", task)}</subProcess>'
    )


def refusal(stage: Stage, *data: bytes, **mapping: str) -> dict[str, str]:
    """Return the rules by element, having seen that nothing moved."""
    before = stage.run.snapshot(), list(stage.players[0].history)
    with pytest.raises(MigrationRefused) as caught:
        stage.migrate(*data, mapping=mapping)
    assert (stage.run.snapshot(), stage.players[0].history) == before
    for problem in caught.value.problems:
        assert problem.message.endswith(".")
        assert problem.template.format_map(problem.params) == problem.message
    return {problem.element: problem.rule for problem in caught.value.problems}


PLAIN = diagram(START + TASK + chain("s", "a"))


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


def test_a_removed_element_needs_a_mapping():
    stage = Stage(PLAIN).start()
    renamed = diagram(START + '<userTask id="z" name="Zeta"/>' + chain("s", "z"))
    assert refusal(stage, renamed) == {"a": "element-removed"}
    before = stage.task("a").id
    done = stage.migrate(renamed, mapping={"a": "z"})
    assert [(place.element, place.target) for place in done.moved] == [("a", "z")]
    assert (stage.task("z").id, stage.task("z").name) == (before, "Zeta")
    assert stage.complete("z").done


def test_everything_that_is_in_the_way_is_told_at_once():
    split = START + '<parallelGateway id="g"/><userTask id="a"/><userTask id="b"/>'
    stage = Stage(diagram(split + chain("s", "g", "a") + flow("g", "b"))).start()
    assert refusal(stage, diagram(START + '<task id="z"/>' + chain("s", "z"))) == {
        "a": "element-removed",
        "b": "element-removed",
    }


def test_a_mapping_must_name_elements_of_both_versions():
    stage = Stage(PLAIN).start()
    found = refusal(stage, PLAIN, nowhere="a", s="nothing")
    assert found == {"nowhere": "mapping-unknown", "s": "mapping-unknown"}


def test_a_task_becomes_no_other_kind_of_element():
    stage = Stage(PLAIN).start()
    service = f'<serviceTask id="a">{ext("""<zeebe:taskDefinition type="t"/>""")}</serviceTask>'
    assert refusal(stage, diagram(START + service + chain("s", "a"))) == {"a": "other-kind"}


def test_a_task_does_not_move_into_a_sub_process():
    stage = Stage(PLAIN).start()
    inside = f'<subProcess id="p1"><startEvent id="s1"/>{TASK}{chain("s1", "a")}</subProcess>'
    assert refusal(stage, diagram(START + inside + chain("s", "p1"))) == {"a": "other-scope"}


def repeated(inner: str = "", *, sequential: bool = False, collection: str = "=[1, 2, 3]") -> str:
    loop = f'<zeebe:loopCharacteristics inputCollection="{collection}" inputElement="i"{inner}/>'
    return (
        f'<userTask id="a"><multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{ext(loop)}</multiInstanceLoopCharacteristics></userTask>"
    )


def test_a_repetition_that_changes_its_kind_does_not_move():
    stage = Stage(diagram(START + repeated() + chain("s", "a"))).start()
    assert refusal(stage, PLAIN) == {"a": "repetition-changed"}
    assert refusal(stage, diagram(START + repeated(sequential=True) + chain("s", "a"))) == {"a": "repetition-changed"}
    stage = Stage(PLAIN).start()
    assert refusal(stage, diagram(START + repeated() + chain("s", "a"))) == {"a": "repetition-changed"}


def test_open_instances_stay_and_are_collected_as_the_new_version_says():
    stage = Stage(diagram(START + repeated() + '<userTask id="b"/>' + chain("s", "a", "b"))).start()
    ids = [task.id for task in stage.players[0].tasks.values()]
    collected = repeated(' outputCollection="found" outputElement="=i * 10"', collection="=[9]")
    late = boundary("late", timer("timeDuration", "PT1H"))
    stage.migrate(diagram(START + collected + late + '<userTask id="b"/>' + chain("s", "a", "b")))
    assert [task.id for task in stage.players[0].tasks.values()] == ids
    assert sorted(stage.timers) == ["late"]
    stage.complete("a").complete("a").complete("a")
    assert stage.variables["found"] == [10, 20, 30]
    assert stage.tasks == ["b"]


def caller(called: str) -> str:
    return f'<callActivity id="c">{ext(f"""<zeebe:calledElement processId="{called}"/>""")}</callActivity>'


def process(key: str, body: str) -> bytes:
    return diagram(body, key=key)


def test_a_case_inside_a_called_process_moves_with_it():
    main = diagram(START + caller("q") + chain("s", "c"))
    stage = Stage(main, process("q", '<startEvent id="qs"/><userTask id="qa"/>' + chain("qs", "qa"))).start(order=1)
    longer = '<startEvent id="qs"/><userTask id="qa"/>' + boundary("qb", timer("timeDuration", "PT1H"), "qa")
    done = stage.migrate(main, process("q", longer + '<userTask id="qz"/>' + chain("qs", "qa", "qz")))
    assert done.armed == ["qb"]
    assert stage.complete("qa").tasks == ["qz"]
    assert stage.complete("qz").done


def test_a_case_inside_a_called_process_stays_when_another_is_called_unless_mapped():
    called = '<startEvent id="qs"/><userTask id="qa"/>' + chain("qs", "qa")
    stage = Stage(diagram(START + caller("q") + chain("s", "c")), process("q", called)).start()
    other = diagram(START + caller("r") + chain("s", "c")), process("r", called)
    assert refusal(stage, *other) == {"c": "called-process"}
    stage.migrate(*other, mapping={"q": "r"})
    assert stage.complete("qa").done


def test_sub_processes_move_with_all_inside():
    def version(extra: str = "") -> bytes:
        inner = f'<subProcess id="p2"><startEvent id="s2"/>{TASK}{chain("s2", "a")}{extra}</subProcess>'
        outer = f'<subProcess id="p1"><startEvent id="s1"/>{inner}{chain("s1", "p2")}</subProcess>'
        return diagram(START + outer + chain("s", "p1"))

    stage = Stage(version()).start()
    assert stage.migrate(version(event_sub_process(timer("timeDuration", "PT1H")))).armed == ["es_s"]
    assert stage.fire("es_s").tasks == ["a", "x"]
    assert stage.complete("a").complete("x").done


FORK = START + '<parallelGateway id="g"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/>'
FORK_FLOWS = chain("s", "g", "a") + flow("g", "b") + flow("b", "j")


def test_a_branch_that_waits_at_a_join_stays_there():
    stage = Stage(diagram(FORK + FORK_FLOWS + flow("a", "j"))).start().complete("a")
    stage.migrate(diagram(FORK + FORK_FLOWS + flow("a", "j") + '<userTask id="z"/>' + flow("j", "z")))
    assert stage.complete("b").tasks == ["z"]


def test_a_branch_that_came_by_a_removed_flow_needs_it_mapped():
    stage = Stage(diagram(FORK + FORK_FLOWS + flow("a", "j"))).start().complete("a")
    other = diagram(FORK + '<task id="n"/>' + FORK_FLOWS + flow("a", "n") + flow("n", "j"))
    assert refusal(stage, other) == {"j": "flow-removed"}
    stage.migrate(other, mapping={"a_j": "n_j"})
    assert stage.complete("b").done


def test_a_join_that_waits_for_fewer_branches_goes_on():
    stage = Stage(diagram(FORK + FORK_FLOWS + flow("a", "j") + '<userTask id="z"/>' + flow("j", "z"))).start()
    stage.complete("a")
    alone = FORK + chain("s", "g", "a", "j") + flow("g", "b") + '<userTask id="z"/>' + flow("j", "z")
    stage.migrate(diagram(alone))
    assert stage.tasks == ["b", "z"]


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


def test_what_would_stop_at_once_is_refused():
    stage = Stage(PLAIN).start()
    added = START + TASK + boundary("late", timer("timeDuration", "=pause")) + chain("s", "a")
    assert refusal(stage, diagram(added)) == {"late": "would-stop"}


def undoing(handler: str = '<userTask id="h" isForCompensation="true"/>') -> bytes:
    link = '<association id="as" sourceRef="b1" targetRef="h"/>' if handler else ""
    mark = '<boundaryEvent id="b1" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>' if handler else ""
    throw = '<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent>'
    return diagram(START + TASK + mark + handler + link + '<userTask id="b"/>' + throw + chain("s", "a", "b", "t"))


def test_what_was_done_can_still_be_undone_after_the_move():
    stage = Stage(undoing()).start().complete("a")
    stage.migrate(undoing())
    assert stage.complete("b").tasks == ["h"]
    assert refusal(stage, undoing()) == {"t": "undoing"}
    assert stage.complete("h").done


def test_what_the_new_version_cannot_undo_is_not_undone():
    stage = Stage(undoing()).start().complete("a")
    stage.migrate(undoing(""))
    assert stage.complete("b").done
