from tests.features.stage import Stage, chain, diagram, ext

START = '<startEvent id="s"/>'


def undoable(name: str) -> str:
    return (
        f'<userTask id="{name}"/><boundaryEvent id="c{name}" attachedToRef="{name}"><compensateEventDefinition/></boundaryEvent>'
        f'<userTask id="undo_{name}" isForCompensation="true"/><association id="as{name}" sourceRef="c{name}" targetRef="undo_{name}"/>'
    )


def throw(kind: str = "intermediateThrowEvent", activity: str = "") -> str:
    reference = f' activityRef="{activity}"' if activity else ""
    return f'<{kind} id="th"><compensateEventDefinition{reference}/></{kind}>'


def test_completed_activities_are_undone_in_reverse_order():
    body = (
        START
        + undoable("a")
        + undoable("b")
        + undoable("c")
        + throw()
        + '<userTask id="z"/>'
        + chain("s", "a", "b", "th", "z")
        + chain("z", "c")
    )
    stage = Stage(diagram(body)).start().complete("a").complete("b")
    assert stage.tasks == ["undo_b"]
    assert stage.complete("undo_b").tasks == ["undo_a"]
    assert stage.complete("undo_a").tasks == ["z"]
    assert stage.path == ["s", "a", "b", "undo_b", "undo_a", "th"]


def test_one_activity_alone_can_be_undone_and_only_once():
    body = (
        START
        + undoable("a")
        + undoable("b")
        + throw(activity="a")
        + '<endEvent id="e"><compensateEventDefinition/></endEvent>'
        + chain("s", "a", "b", "th", "e")
    )
    stage = Stage(diagram(body)).start().complete("a").complete("b")
    assert stage.tasks == ["undo_a"]
    stage.complete("undo_a")
    assert stage.tasks == ["undo_b"]
    assert stage.complete("undo_b").done


def test_nothing_completed_means_nothing_to_undo():
    body = START + undoable("a") + throw() + '<userTask id="z"/>' + chain("s", "th", "z") + chain("z", "a")
    assert Stage(diagram(body)).start().tasks == ["z"]


def test_a_completed_sub_process_is_opened_again_to_undo_what_is_inside():
    inner = '<startEvent id="ps"/>' + undoable("a") + undoable("b") + chain("ps", "a", "b")
    body = (
        START
        + f'<subProcess id="p1">{inner}</subProcess>'
        + throw()
        + '<userTask id="z"/>'
        + chain("s", "p1", "th", "z")
    )
    stage = Stage(diagram(body)).start().complete("a").complete("b")
    assert stage.tasks == ["undo_b"]
    assert stage.complete("undo_b").tasks == ["undo_a"]
    assert stage.complete("undo_a").tasks == ["z"]
    assert stage.path == ["s", "ps", "a", "b", "p1", "undo_b", "undo_a", "th"]


def test_every_instance_is_undone_with_its_own_item():
    loop = (
        "<multiInstanceLoopCharacteristics>"
        + ext('<zeebe:loopCharacteristics inputCollection="=xs" inputElement="x"/>')
        + "</multiInstanceLoopCharacteristics>"
    )
    body = (
        START
        + undoable("a").replace('<userTask id="a"/>', f'<userTask id="a">{loop}</userTask>')
        + throw()
        + chain("s", "a", "th")
    )
    stage = Stage(diagram(body)).start(xs=["p", "q"]).complete("a").complete("a")
    assert stage.task("undo_a").locals["x"] == "q"
    stage.complete("undo_a")
    assert stage.task("undo_a").locals["x"] == "p"
    assert stage.complete("undo_a").done


def test_cancelling_a_transaction_undoes_it_and_leaves_by_the_cancel_boundary():
    inner = (
        '<startEvent id="ps"/>'
        + undoable("a")
        + '<userTask id="k"/><endEvent id="ce"><cancelEventDefinition/></endEvent>'
        + chain("ps", "a", "ce")
        + chain("ps", "k")
    )
    body = (
        START
        + f'<transaction id="t">{inner}</transaction><boundaryEvent id="b" attachedToRef="t"><cancelEventDefinition/></boundaryEvent><userTask id="x"/><userTask id="z"/>'
        + chain("s", "t", "z")
        + chain("b", "x")
    )
    stage = Stage(diagram(body)).start()
    assert stage.tasks == ["a", "k"]
    stage.complete("a")
    assert stage.tasks == ["undo_a"]
    stage.complete("undo_a")
    assert stage.tasks == ["x"]
    assert stage.complete("x").done


def test_a_transaction_that_is_not_cancelled_goes_on():
    inner = '<startEvent id="ps"/>' + undoable("a") + chain("ps", "a")
    body = START + f'<transaction id="t">{inner}</transaction><userTask id="z"/>' + chain("s", "t", "z")
    assert Stage(diagram(body)).start().complete("a").tasks == ["z"]


def test_an_event_sub_process_for_compensation_undoes_its_completed_sub_process():
    inner = (
        '<startEvent id="ps"/>'
        + undoable("a")
        + chain("ps", "a")
        + '<subProcess id="es" triggeredByEvent="true"><startEvent id="ess"><compensateEventDefinition/></startEvent><userTask id="x"/>'
        + '<intermediateThrowEvent id="rest"><compensateEventDefinition/></intermediateThrowEvent>'
        + chain("ess", "x", "rest")
        + "</subProcess>"
    )
    body = (
        START
        + f'<subProcess id="p1">{inner}</subProcess>'
        + throw()
        + '<userTask id="z"/>'
        + chain("s", "p1", "th", "z")
    )
    stage = Stage(diagram(body)).start().complete("a")
    assert stage.tasks == ["x"]
    assert stage.complete("x").tasks == ["undo_a"]
    assert stage.complete("undo_a").tasks == ["z"]


def test_an_interrupted_compensation_leaves_nothing_open():
    timer = '<boundaryEvent id="t" attachedToRef="p1"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent><userTask id="x"/>'
    inner = '<startEvent id="ps"/>' + undoable("a") + throw() + chain("ps", "a", "th")
    stage = (
        Stage(diagram(START + f'<subProcess id="p1">{inner}</subProcess>{timer}' + chain("s", "p1") + chain("t", "x")))
        .start()
        .complete("a")
    )
    assert stage.tasks == ["undo_a"]
    assert stage.fire("t").tasks == ["x"]
    assert stage.complete("x").done
