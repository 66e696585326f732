import pytest

from tests.features.stage import CAMUNDA_7, Stage, chain, diagram, ext

START = '<startEvent id="s"/>'


def loop(sequential: bool, attributes: str, done: str = "") -> str:
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">{ext(f"<zeebe:loopCharacteristics {attributes}/>")}'
        + (f"<completionCondition>{done}</completionCondition>" if done else "")
        + "</multiInstanceLoopCharacteristics>"
    )


EACH = 'inputCollection="=xs" inputElement="x" outputCollection="out" outputElement="=r"'


def process(sequential: bool, attributes: str = EACH, done: str = "", more: str = "") -> bytes:
    task = f'<userTask id="a">{loop(sequential, attributes, done)}</userTask>'
    return diagram(START + task + more + '<endEvent id="e"/>' + chain("s", "a", "e"))


def test_parallel_instances_are_open_together_and_the_output_keeps_the_order_of_the_items():
    stage = Stage(process(False)).start(xs=["p", "q", "r"])
    assert stage.tasks == ["a", "a", "a"]
    assert [task.locals for task in stage.players[0].tasks.values()] == [
        {"x": n, "loopCounter": i, "r": None} for i, n in enumerate("pqr", 1)
    ]
    stage.complete("a", 2, r=3).complete("a", 0, r=1).complete("a", 0, r=2)
    assert stage.done
    assert stage.variables == {"xs": ["p", "q", "r"], "out": [1, 2, 3]}
    assert stage.path == ["s", "a", "a", "a", "e"]


def test_sequential_instances_follow_one_another():
    stage = Stage(process(True)).start(xs=["p", "q"])
    assert [task.locals["x"] for task in stage.players[0].tasks.values()] == ["p"]
    stage.complete("a", r=1)
    assert [task.locals["x"] for task in stage.players[0].tasks.values()] == ["q"]
    assert stage.complete("a", r=2).variables["out"] == [1, 2]


@pytest.mark.parametrize("sequential", [False, True])
def test_an_empty_list_is_passed(sequential):
    stage = Stage(process(sequential)).start(xs=[])
    assert stage.done
    assert stage.variables["out"] == []
    assert stage.path == ["s", "a", "e"]


@pytest.mark.parametrize("sequential", [False, True])
def test_the_completion_condition_cancels_the_rest(sequential):
    stage = Stage(process(sequential, done="=r = &quot;stop&quot; or numberOfCompletedInstances = 2")).start(
        xs=[1, 2, 3, 4]
    )
    stage.complete("a", r="go").complete("a", r="go")
    assert stage.done
    assert stage.variables["out"] == ["go", "go", None, None]


def test_what_is_no_list_is_an_incident():
    assert "list" in Stage(process(False)).start(xs=5).incidents["a"]


def test_a_complex_output_element_does_not_leak_its_parts():
    attributes = 'inputCollection="=xs" inputElement="x" outputCollection="out" outputElement="={item: x, mark: mark}"'
    stage = Stage(process(False, attributes)).start(xs=[1, 2])
    stage.complete("a", 1, mark="b").complete("a", mark="a")
    assert stage.variables == {"xs": [1, 2], "out": [{"item": 1, "mark": "a"}, {"item": 2, "mark": "b"}]}


def test_a_boundary_event_belongs_to_all_instances_together():
    timer = '<boundaryEvent id="t" attachedToRef="a"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><userTask id="x"/>'
    stage = Stage(process(False, more=timer + chain("t", "x"))).start(xs=[1, 2, 3])
    assert list(stage.timers) == ["t"]
    stage.complete("a").fire("t")
    assert stage.tasks == ["x"]


def test_sub_processes_are_repeated_each_with_its_own_item():
    inner = '<startEvent id="ps"/><userTask id="u"/><userTask id="v"/>' + chain("ps", "u", "v")
    body = START + f'<subProcess id="p1">{loop(False, EACH)}{inner}</subProcess>' + chain("s", "p1")
    stage = Stage(diagram(body)).start(xs=["p", "q"])
    stage.complete("u", 1).complete("v", r=9).complete("u").complete("v", r=8)
    assert stage.done
    assert stage.variables["out"] == [8, 9]
    assert stage.path.count("p1") == 2


def test_an_interrupted_repetition_leaves_no_task_behind():
    inner = '<startEvent id="ps"/><userTask id="u"/>' + chain("ps", "u")
    timer = '<boundaryEvent id="t" attachedToRef="p1"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><userTask id="x"/>'
    body = (
        START
        + f'<subProcess id="p1">{loop(False, EACH)}{inner}</subProcess>'
        + timer
        + chain("s", "p1")
        + chain("t", "x")
    )
    assert Stage(diagram(body)).start(xs=[1, 2]).fire("t").tasks == ["x"]


def test_called_processes_are_repeated():
    called = (
        '<process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="qa"/>'
        + chain("qs", "qa")
        + "</process>"
    )
    mapping = '<zeebe:ioMapping><zeebe:output source="=y" target="r"/></zeebe:ioMapping>'
    target = ext('<zeebe:calledElement processId="q"/>', mapping)
    call = f'<callActivity id="c">{target}{loop(False, EACH)}</callActivity>'
    stage = Stage(diagram(START + call + chain("s", "c"), after=called)).start(xs=[1, 2])
    stage.complete("qa", 1, y="b").complete("qa", y="a")
    assert stage.variables == {"xs": [1, 2], "out": ["a", "b"]}


def test_what_a_repeated_call_gives_back_stays_with_its_instance():
    called = (
        '<process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="u"/>' + chain("qs", "u") + "</process>"
    )
    target = ext('<zeebe:calledElement processId="q" propagateAllChildVariables="true"/>')
    call = f'<callActivity id="c">{target}{loop(False, EACH)}</callActivity>'
    stage = Stage(diagram(START + call + chain("s", "c"), after=called)).start(xs=[1, 2])
    stage.complete("u", 1, r="second").complete("u", 0, r="first")
    assert stage.variables == {"xs": [1, 2], "out": ["first", "second"]}


def test_scripts_in_parallel_are_all_run():
    script = ext('<zeebe:script expression="=x * x" resultVariable="r"/>')
    stage = Stage(
        diagram(START + f'<scriptTask id="a">{script}{loop(False, EACH)}</scriptTask>' + chain("s", "a"))
    ).start(xs=[1, 2, 3])
    assert stage.done
    assert stage.variables["out"] == [1, 4, 9]


def test_other_dialects_name_collection_and_number():
    task = '<userTask id="a" camunda:assignee="${who}"><multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="who"><completionCondition>${nrOfCompletedInstances == 2}</completionCondition></multiInstanceLoopCharacteristics></userTask>'
    number = '<userTask id="b"><multiInstanceLoopCharacteristics><loopCardinality>${n}</loopCardinality></multiInstanceLoopCharacteristics></userTask>'
    stage = Stage(diagram(START + task + number + chain("s", "a", "b"), namespaces=CAMUNDA_7)).start(
        people=["x", "y", "z"], n=2
    )
    assert [task.assignee for task in stage.players[0].tasks.values()] == ["x", "y", "z"]
    stage.complete("a").complete("a")
    assert stage.tasks == ["b", "b"]
    assert stage.complete("b").complete("b").done


def standard(attributes: str, condition: str = "") -> bytes:
    inner = f"<loopCondition>{condition}</loopCondition>" if condition else ""
    return diagram(
        START
        + f'<userTask id="a"><standardLoopCharacteristics {attributes}>{inner}</standardLoopCharacteristics></userTask>'
        + chain("s", "a")
    )


def test_a_standard_loop_repeats_while_its_condition_holds():
    stage = Stage(standard("", "=again")).start()
    assert stage.complete("a", again=True).tasks == ["a"]
    assert stage.complete("a", again=False).done
    assert stage.path == ["s", "a", "a"]


def test_a_standard_loop_may_look_before_and_counts():
    assert Stage(standard('testBefore="true"', "=again")).start(again=False).done
    stage = Stage(standard('loopMaximum="2"')).start()
    assert stage.complete("a").complete("a").done
