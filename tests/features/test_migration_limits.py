"""What cannot move to another version is refused whole, and what mappings, repetitions, scopes and joins make of it."""

import pytest

from engine.model.errors import MigrationRefused
from tests.features.stage import Stage, chain, diagram, ext, flow
from tests.features.versions import PLAIN, START, TASK, boundary, event_sub_process, timer


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
