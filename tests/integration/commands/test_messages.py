"""Messages and signals: exactly one taker, starts, throws between cases."""

import pytest

from engine.commands.broadcast_signal import BroadcastSignal
from engine.commands.correlate_message import CorrelateMessage
from engine.commands.start_instance import StartInstance
from engine.model.errors import MessageNotAwaited
from engine.queries.instances import get_instance, list_instances
from tests.factories import Plant, deploy, diagram, flow, zeebe

ANSWER = (
    '<bpmn:message id="m" name="answer">' + zeebe('<zeebe:subscription correlationKey="=order"/>') + "</bpmn:message>"
)
WAITS = diagram(
    '<bpmn:startEvent id="s"/><bpmn:receiveTask id="wait" messageRef="m"/><bpmn:endEvent id="e"/>'
    + flow("s", "wait") + flow("wait", "e"),
    outside=ANSWER,
)  # fmt: skip
STARTS = diagram(
    '<bpmn:startEvent id="alarm"><bpmn:messageEventDefinition messageRef="m2"/></bpmn:startEvent>'
    '<bpmn:userTask id="look"/><bpmn:endEvent id="e"/>' + flow("alarm", "look") + flow("look", "e"),
    key="on_alarm",
    outside='<bpmn:message id="m2" name="alarm"/>',
)
SIGNALLED = diagram(
    '<bpmn:startEvent id="s"/><bpmn:intermediateCatchEvent id="wait"><bpmn:signalEventDefinition signalRef="g"/>'
    '</bpmn:intermediateCatchEvent><bpmn:endEvent id="e"/>' + flow("s", "wait") + flow("wait", "e"),
    outside='<bpmn:signal id="g" name="stop"/>',
)
THROWS = diagram(
    '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"><bpmn:signalEventDefinition signalRef="g"/></bpmn:endEvent>'
    + flow("s", "e"),
    key="thrower",
    outside='<bpmn:signal id="g" name="stop"/>',
)


def state(plant: Plant, instance_id: str) -> str:
    return plant.engine.query(get_instance, instance_id=instance_id, actor=plant["chief"]).row.state


def test_a_message_reaches_the_case_with_its_key_and_brings_its_variables(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    one, two = (plant.engine.execute(StartInstance("p", plant["root"], variables={"order": o})).id for o in ("A", "B"))
    taken = plant.engine.execute(CorrelateMessage("answer", plant["root"], "B", {"text": "yes"}))
    assert taken.instance_ids == (two,)
    assert state(plant, one) == "running"
    view = plant.engine.query(get_instance, instance_id=two, actor=plant["chief"])
    assert view.row.state == "completed"
    assert view.variables["text"] == "yes"


def test_of_several_that_wait_exactly_one_takes_it(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    ids = []
    for _ in range(3):
        ids.append(plant.engine.execute(StartInstance("p", plant["root"], variables={"order": "A"})).id)
        plant.clock.move(minutes=1)
    assert plant.engine.execute(CorrelateMessage("answer", plant["root"], "A")).instance_ids == (ids[0],)
    assert [state(plant, i) for i in ids] == ["completed", "running", "running"]


def test_a_message_that_nobody_awaits_is_refused(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    plant.engine.execute(StartInstance("p", plant["root"], variables={"order": "A"}))
    for name, key in (("answer", "B"), ("answer", None), ("other", "A")):
        with pytest.raises(MessageNotAwaited):
            plant.engine.execute(CorrelateMessage(name, plant["root"], key))


def test_a_message_starts_the_newest_version_of_a_process(plant: Plant) -> None:
    deploy(plant.engine, ("alarm.bpmn", STARTS))
    deploy(plant.engine, ("alarm.bpmn", STARTS.replace('id="look"', 'id="look" name="Look"')))
    (started,) = plant.engine.execute(CorrelateMessage("alarm", plant["root"], None, {"value": 7})).instance_ids
    view = plant.engine.query(get_instance, instance_id=started, actor=plant["chief"])
    assert view.row.definition_version == 2
    assert view.variables == {"value": 7}
    assert view.active_elements == ("look",)


def test_a_signal_reaches_all_that_wait(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", SIGNALLED))
    ids = [plant.engine.execute(StartInstance("p", plant["root"])).id for _ in range(3)]
    taken = plant.engine.execute(BroadcastSignal("stop", plant["root"]))
    assert sorted(taken.instance_ids) == sorted(ids)
    assert [state(plant, i) for i in ids] == ["completed"] * 3


def test_a_thrown_signal_reaches_other_cases_after_the_commit(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", SIGNALLED), ("t.bpmn", THROWS))
    waiting = plant.engine.execute(StartInstance("p", plant["root"])).id
    plant.engine.execute(StartInstance("thrower", plant["root"]))
    assert state(plant, waiting) == "running"
    plant.engine.scheduler.run_due()
    assert state(plant, waiting) == "completed"


def test_a_list_of_cases_pages_by_key(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    ids = []
    for _ in range(5):
        ids.append(plant.engine.execute(StartInstance("p", plant["root"], variables={"order": "A"})).id)
        plant.clock.move(seconds=1)
    seen, cursor = [], None
    while True:
        page = plant.engine.query(list_instances, actor=plant["chief"], limit=2, cursor=cursor)
        seen += [row.id for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == ids[::-1]
