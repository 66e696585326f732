from tests.features.stage import Stage, chain, diagram, ext

START = '<startEvent id="s"/>'
ANSWER = '<message id="m" name="Answer">' + ext('<zeebe:subscription correlationKey="=order"/>') + "</message>"
EVENT = '<messageEventDefinition messageRef="m"/>'


def test_a_receive_task_waits_for_its_message_and_takes_its_variables():
    stage = Stage(diagram(START + '<receiveTask id="a" messageRef="m"/>' + chain("s", "a"), ANSWER)).start(order=17)
    (waiting,) = stage.players[0].subscriptions.values()
    assert (waiting.kind, waiting.name, waiting.correlation_key) == ("message", "Answer", "17")
    assert stage.run.active_elements == ["a"]
    assert stage.deliver("a", text="yes").done
    assert stage.variables == {"order": 17, "text": "yes"}


def test_an_empty_correlation_key_is_an_incident():
    stage = Stage(diagram(START + '<receiveTask id="a" messageRef="m"/>' + chain("s", "a"), ANSWER)).start()
    assert "order" in stage.incidents["a"]
    assert stage.set(order="7").retry("a").subscriptions == ["a"]


def test_a_non_interrupting_boundary_message_can_come_again_and_again():
    body = (
        START
        + '<userTask id="a"/><boundaryEvent id="b" attachedToRef="a" cancelActivity="false">'
        + EVENT
        + "</boundaryEvent>"
        + '<userTask id="r"/>'
        + chain("s", "a")
        + chain("b", "r")
    )
    stage = Stage(diagram(body, ANSWER)).start(order="x")
    stage.deliver("b").deliver("b")
    assert stage.tasks == ["a", "r", "r"]
    assert stage.subscriptions == ["b"]
    stage.complete("a")
    assert stage.subscriptions == []


def test_an_interrupting_boundary_message_takes_over():
    body = (
        START
        + '<userTask id="a"/><boundaryEvent id="b" attachedToRef="a">'
        + EVENT
        + "</boundaryEvent>"
        + '<userTask id="r"/>'
        + chain("s", "a")
        + chain("b", "r")
    )
    stage = Stage(diagram(body, ANSWER)).start(order="x").deliver("b", why="late")
    assert stage.tasks == ["r"]
    assert stage.variables == {"order": "x", "why": "late"}


def test_a_message_start_event_is_a_trigger_and_starts_where_it_stands():
    body = (
        f'<startEvent id="s"/><startEvent id="m1">{EVENT}</startEvent><userTask id="a"/><userTask id="b"/>'
        + chain("s", "a")
        + chain("m1", "b")
    )
    stage = Stage(diagram(body, ANSWER))
    (trigger,) = stage.definition.triggers
    assert (trigger.kind, trigger.name, trigger.element_id) == ("message", "Answer", "m1")
    assert stage.start("m1", order=1).tasks == ["b"]


def test_a_thrown_message_carries_only_what_is_mapped():
    mapping = ext('<zeebe:ioMapping><zeebe:input source="=order" target="id"/></zeebe:ioMapping>')
    body = START + f'<intermediateThrowEvent id="t">{mapping}{EVENT}' + "</intermediateThrowEvent>" + chain("s", "t")
    stage = Stage(diagram(body, ANSWER)).start(order="o1", secret=1)
    assert stage.done
    (thrown,) = stage.throws
    assert (thrown.kind, thrown.name, thrown.correlation_key, thrown.variables) == (
        "message",
        "Answer",
        "o1",
        {"id": "o1"},
    )


def test_a_message_end_event_with_a_job_type_waits_for_the_job():
    definition = ext('<zeebe:taskDefinition type="send"/>')
    body = START + f'<endEvent id="e">{definition}{EVENT}</endEvent>' + chain("s", "e")
    stage = Stage(diagram(body, ANSWER)).start(order="o")
    assert stage.jobs == ["e"]
    assert stage.job("e").done
    assert stage.path == ["s", "e"]


SIGNAL = '<signal id="sig" name="Stop"/>'
STOP = '<signalEventDefinition signalRef="sig"/>'


def test_a_signal_end_event_tells_everyone_and_the_case_ends():
    body = START + f'<userTask id="a"/><endEvent id="e">{STOP}</endEvent>' + chain("s", "a", "e")
    stage = Stage(diagram(body, SIGNAL)).start().complete("a")
    assert stage.done
    assert [(thrown.kind, thrown.name) for thrown in stage.throws] == [("signal", "Stop")]


def test_a_signal_from_outside_is_delivered_to_its_subscription():
    stage = Stage(
        diagram(START + f'<intermediateCatchEvent id="c">{STOP}</intermediateCatchEvent>' + chain("s", "c"), SIGNAL)
    ).start()
    assert next(iter(stage.players[0].subscriptions.values())).kind == "signal"
    assert stage.deliver("c", why="x").done


def test_link_events_continue_at_their_target():
    body = (
        START
        + '<userTask id="a"/><intermediateThrowEvent id="out"><linkEventDefinition name="L"/></intermediateThrowEvent>'
        + '<intermediateCatchEvent id="in"><linkEventDefinition name="L"/></intermediateCatchEvent><userTask id="z"/>'
        + chain("s", "a", "out")
        + chain("in", "z")
    )
    stage = Stage(diagram(body)).start().complete("a")
    assert stage.tasks == ["z"]
    assert stage.path == ["s", "a", "out", "in"]


def test_a_condition_fires_when_it_becomes_true_and_not_before():
    body = (
        START
        + '<intermediateCatchEvent id="c"><conditionalEventDefinition><condition>=stock &gt; 3</condition></conditionalEventDefinition></intermediateCatchEvent>'
        + chain("s", "c")
    )
    stage = Stage(diagram(body)).start()
    assert stage.run.active_elements == ["c"]
    assert not stage.set(stock=2).done
    assert stage.set(stock=5).done


def test_a_non_interrupting_condition_fires_once_for_each_time_it_turns_true():
    body = (
        START
        + '<userTask id="a"/><boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><conditionalEventDefinition>'
        + '<condition>=hot</condition></conditionalEventDefinition></boundaryEvent><userTask id="r"/>'
        + chain("s", "a")
        + chain("b", "r")
    )
    stage = Stage(diagram(body)).start(hot=False)
    for value, expected in ((True, 1), (True, 1), (False, 1), (True, 2)):
        stage.set(hot=value)
        assert stage.tasks.count("r") == expected
