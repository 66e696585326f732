"""Messages with a time to live: kept for the first case that comes to await them, taken once, forgotten when they expire."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine.commands.complete_task import CompleteTask
from engine.commands.correlate_message import CorrelateMessage
from engine.commands.resume_instance import ResumeInstance
from engine.commands.start_instance import StartInstance
from engine.commands.suspend_instance import SuspendInstance
from engine.model.errors import Forbidden, MessageNotAwaited
from engine.queries.instances import get_instance
from engine.queries.path import list_history
from engine.store.messages import buffered_messages
from tests.factories import Plant, deploy, diagram, flow
from tests.integration.commands.test_messages import ANSWER, STARTS, WAITS

LATER = diagram(
    '<bpmn:startEvent id="s"/><bpmn:userTask id="first"/><bpmn:receiveTask id="wait" messageRef="m"/>'
    '<bpmn:userTask id="after"/>' + flow("s", "first") + flow("first", "wait") + flow("wait", "after"),
    outside=ANSWER,
)  # fmt: skip
RACE = diagram(
    '<bpmn:startEvent id="s"/><bpmn:eventBasedGateway id="g"/><bpmn:intermediateCatchEvent id="a">'
    '<bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent><bpmn:intermediateCatchEvent id="t">'
    "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    '</bpmn:intermediateCatchEvent><bpmn:endEvent id="answered"/><bpmn:endEvent id="late"/>'
    + flow("s", "g") + flow("g", "a") + flow("g", "t") + flow("a", "answered") + flow("t", "late"),
    outside=ANSWER,
)  # fmt: skip
NOTES = diagram(
    '<bpmn:startEvent id="s"/><bpmn:userTask id="work"/><bpmn:boundaryEvent id="note" attachedToRef="work" '
    'cancelActivity="false"><bpmn:messageEventDefinition messageRef="m"/></bpmn:boundaryEvent>'
    '<bpmn:userTask id="read"/>' + flow("s", "work") + flow("note", "read"),
    outside=ANSWER,
)  # fmt: skip


def send(plant: Plant, key: str = "A", ttl_s: float = 60, **variables: object) -> tuple[str, ...]:
    command = CorrelateMessage("answer", plant["root"], key, variables, ttl_s=ttl_s)
    return plant.engine.execute(command).instance_ids


def begin(plant: Plant, key: str = "A") -> str:
    return plant.engine.execute(StartInstance("p", plant["root"], variables={"order": key})).id


def state(plant: Plant, instance_id: str) -> str:
    return plant.engine.query(get_instance, instance_id=instance_id, actor=plant["chief"]).row.state


def left(plant: Plant) -> int:
    with plant.engine.database.read() as connection:
        return connection.execute(select(func.count()).select_from(buffered_messages)).scalar_one()


def test_a_message_waits_for_the_case_that_comes_to_await_it(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    assert send(plant, text="yes") == ()
    plant.clock.move(seconds=59)
    started = plant.engine.execute(StartInstance("p", plant["root"], variables={"order": "A"}))
    assert started.state == "completed"  # the answer tells what the message brought about
    view = plant.engine.query(get_instance, instance_id=started.id, actor=plant["chief"])
    assert view.variables["text"] == "yes"
    kinds = [e.kind for e in plant.engine.query(list_history, instance_id=started.id, actor=plant["chief"]).items]
    assert kinds.index("MessageWaited") < kinds.index("MessageReceived")


def test_it_is_taken_once(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    send(plant)
    assert [state(plant, begin(plant)) for _ in range(2)] == ["completed", "running"]
    assert left(plant) == 0


def test_the_oldest_is_taken_first_and_only_by_its_key(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    for number in (1, 2):
        send(plant, n=number)
        plant.clock.move(seconds=1)
    assert state(plant, begin(plant, "B")) == "running"
    first, second = begin(plant), begin(plant)
    views = [plant.engine.query(get_instance, instance_id=one, actor=plant["chief"]) for one in (first, second)]
    assert [view.variables["n"] for view in views] == [1, 2]


def test_one_that_expired_is_not_taken_and_is_forgotten_by_the_scheduler(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    send(plant)
    assert plant.engine.scheduler._work.next_due() == plant.clock.now + timedelta(seconds=60)
    plant.clock.move(seconds=60)
    assert state(plant, begin(plant)) == "running"
    plant.engine.scheduler.run_due()
    assert left(plant) == 0
    assert plant.engine.scheduler._work.next_due() is None


def test_one_that_is_awaited_already_is_handed_over_at_once(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    case = begin(plant)
    assert send(plant) == (case,)
    assert left(plant) == 0


def test_one_that_starts_a_process_does_not_wait(plant: Plant) -> None:
    deploy(plant.engine, ("alarm.bpmn", STARTS))
    taken = plant.engine.execute(CorrelateMessage("alarm", plant["root"], ttl_s=60))
    assert len(taken.instance_ids) == 1
    assert left(plant) == 0


def test_without_a_time_to_live_it_is_refused_as_ever(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    with pytest.raises(MessageNotAwaited):
        send(plant, ttl_s=0)
    assert left(plant) == 0


def test_completing_a_task_answers_with_the_tasks_behind_the_message(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", LATER))
    started = plant.engine.execute(StartInstance("p", plant["root"], variables={"order": "A"}))
    send(plant)
    done = plant.engine.execute(CompleteTask(started.task_ids[0], plant["root"]))
    assert len(done.next_task_ids) == 1
    view = plant.engine.query(get_instance, instance_id=started.id, actor=plant["chief"])
    assert view.active_elements == ("after",)


def test_behind_a_gateway_a_waiting_message_wins_over_the_timer(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", RACE))
    send(plant)
    case = begin(plant)
    view = plant.engine.query(get_instance, instance_id=case, actor=plant["chief"])
    assert view.completed_elements[-1] == "answered"
    assert plant.engine.scheduler._work.next_due() is None


def test_a_boundary_event_that_does_not_interrupt_takes_all_that_wait(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", NOTES))
    for _ in range(3):
        send(plant)
    started = plant.engine.execute(StartInstance("p", plant["root"], variables={"order": "A"}))
    assert len(started.task_ids) == 4
    assert send(plant) == (started.id,)


def test_a_suspended_case_takes_it_when_it_is_resumed(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    case = begin(plant)
    plant.engine.execute(SuspendInstance(case, plant["chief"]))
    assert send(plant) == ()
    assert state(plant, case) == "suspended"
    plant.engine.execute(ResumeInstance(case, plant["chief"]))
    assert state(plant, case) == "completed"


def test_only_those_who_see_every_case_let_messages_wait(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    with pytest.raises(Forbidden):
        plant.engine.execute(CorrelateMessage("answer", plant["li"], "A", ttl_s=60))
    plant.engine.execute(CorrelateMessage("answer", plant["chief"], "A", ttl_s=60))


def test_messages_and_cases_that_come_at_the_same_time_never_miss_each_other(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    keys = [str(number) for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        cases = [pool.submit(begin, plant, key) for key in keys]
        sent = [pool.submit(send, plant, key) for key in keys]
    assert [state(plant, case.result()) for case in cases] == ["completed"] * len(keys)
    assert all(len(answer.result()) <= 1 for answer in sent)
    assert left(plant) == 0


def test_of_cases_that_come_at_the_same_time_one_takes_it(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", WAITS))
    send(plant)
    with ThreadPoolExecutor(4) as pool:
        cases = list(pool.map(lambda _: begin(plant), range(8)))
    assert sorted(state(plant, case) for case in cases) == ["completed"] + ["running"] * 7
