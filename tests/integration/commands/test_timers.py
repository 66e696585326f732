"""Timers: armed with the state, fired once when due, also after a restart; moved by managers."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from engine.commands.cancel_instance import CancelInstance
from engine.commands.complete_task import CompleteTask
from engine.commands.fire_timer import FireTimer
from engine.commands.move_timer import MoveTimer
from engine.commands.resume_instance import ResumeInstance
from engine.commands.start_instance import StartInstance
from engine.commands.suspend_instance import SuspendInstance
from engine.model.actor import SYSTEM
from engine.model.errors import Forbidden, InstanceNotRunning
from engine.queries.instances import get_instance, list_history, list_instances
from engine.queries.work import list_timers
from tests.factories import Plant, deploy, diagram, flow, make_engine

REMINDER = diagram(
    '<bpmn:startEvent id="s"/><bpmn:userTask id="answer"/>'
    '<bpmn:boundaryEvent id="remind" attachedToRef="answer" cancelActivity="false"><bpmn:timerEventDefinition>'
    "<bpmn:timeCycle>R/P1D</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    '<bpmn:boundaryEvent id="late" attachedToRef="answer"><bpmn:timerEventDefinition>'
    "<bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    '<bpmn:userTask id="takeover"/><bpmn:endEvent id="reminded"/><bpmn:endEvent id="e"/>'
    + flow("s", "answer") + flow("answer", "e") + flow("remind", "reminded") + flow("late", "takeover")
    + flow("takeover", "e")
)  # fmt: skip


def fired(plant: Plant, instance_id: str) -> list[str]:
    entries = plant.engine.query(list_history, instance_id=instance_id, actor=plant["chief"]).items
    return [entry.element_id or "" for entry in entries if entry.kind == "TimerFired"]


def begin(plant: Plant) -> str:
    deploy(plant.engine, ("p.bpmn", REMINDER))
    return plant.engine.execute(StartInstance("p", plant["root"])).id


def active(plant: Plant, instance_id: str) -> tuple[str, ...]:
    return plant.engine.query(get_instance, instance_id=instance_id, actor=plant["chief"]).active_elements


def test_nothing_fires_before_its_time_and_each_timer_fires_once(plant: Plant) -> None:
    instance_id = begin(plant)
    plant.clock.move(hours=23, minutes=59)
    assert plant.engine.scheduler.run_due() == 0
    plant.clock.move(minutes=1)
    assert plant.engine.scheduler.run_due() == 1
    assert plant.engine.scheduler.run_due() == 0
    assert fired(plant, instance_id) == ["remind"]


def test_timers_due_while_nothing_ran_fire_at_the_restart(plant: Plant, tmp_path, database_url: str) -> None:  # type: ignore[no-untyped-def]
    instance_id = begin(plant)
    plant.engine.stop()
    plant.clock.move(days=4)
    engine = make_engine(tmp_path, plant.clock, database_url)
    engine.scheduler.run_due()
    again = Plant(engine, plant.clock, plant.people)
    assert fired(again, instance_id).count("late") == 1
    assert active(again, instance_id) == ("takeover",)
    assert engine.query(list_timers, actor=plant["chief"]).items == ()
    engine.stop()


def test_an_interrupting_timer_takes_the_task_and_the_reminders_away(plant: Plant) -> None:
    instance_id = begin(plant)
    for _ in range(3):
        plant.clock.move(days=1)
        plant.engine.scheduler.run_due()
    assert fired(plant, instance_id)[:2] == ["remind", "remind"]
    assert "late" in fired(plant, instance_id)
    assert active(plant, instance_id) == ("takeover",)


def test_a_timer_that_is_gone_or_not_due_does_nothing(plant: Plant) -> None:
    begin(plant)
    timers = plant.engine.query(list_timers, actor=plant["chief"]).items
    assert plant.engine.execute(FireTimer(timers[0].id)) is False
    assert plant.engine.execute(FireTimer("0" * 32)) is False


def test_completing_the_task_disarms_its_timers(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", REMINDER))
    started = plant.engine.execute(StartInstance("p", plant["root"]))
    plant.engine.execute(CompleteTask(started.task_ids[0], plant["root"]))
    assert plant.engine.query(list_timers, actor=plant["chief"]).items == ()


def test_a_due_instant_in_the_past_fires_at_once(plant: Plant) -> None:
    instance_id = begin(plant)
    late = next(t for t in plant.engine.query(list_timers, actor=plant["chief"]).items if t.element_id == "late")
    with pytest.raises(Forbidden):
        plant.engine.execute(MoveTimer(late.id, plant["li"], plant.clock.now))
    plant.engine.execute(MoveTimer(late.id, plant["chief"], plant.clock.now - timedelta(hours=1), "customer called"))
    assert fired(plant, instance_id) == ["late"]
    assert active(plant, instance_id) == ("takeover",)


def test_a_moved_timer_fires_at_its_new_instant(plant: Plant) -> None:
    instance_id = begin(plant)
    late = next(t for t in plant.engine.query(list_timers, actor=plant["chief"]).items if t.element_id == "late")
    plant.engine.execute(MoveTimer(late.id, plant["chief"], plant.clock.now + timedelta(hours=2)))
    plant.clock.move(hours=2)
    plant.engine.scheduler.run_due()
    assert fired(plant, instance_id) == ["late"]


def test_a_suspended_case_stands_still_and_catches_up_when_resumed(plant: Plant) -> None:
    instance_id = begin(plant)
    plant.engine.execute(SuspendInstance(instance_id, plant["chief"]))
    plant.clock.move(days=5)
    plant.engine.scheduler.run_due()
    assert fired(plant, instance_id) == []
    task = plant.engine.query(get_instance, instance_id=instance_id, actor=plant["chief"]).row.open_tasks[0]
    with pytest.raises(InstanceNotRunning, match="suspended"):
        plant.engine.execute(CompleteTask(task.id, plant["root"]))
    plant.engine.execute(ResumeInstance(instance_id, plant["chief"]))
    plant.engine.scheduler.run_due()
    assert "late" in fired(plant, instance_id)


def test_a_cancelled_case_leaves_nothing_behind(plant: Plant) -> None:
    instance_id = begin(plant)
    plant.engine.execute(CancelInstance(instance_id, plant["chief"], "ordered twice"))
    view = plant.engine.query(get_instance, instance_id=instance_id, actor=plant["chief"])
    assert view.row.state == "cancelled"
    assert view.row.open_tasks == ()
    assert plant.engine.query(list_timers, actor=plant["chief"]).items == ()
    with pytest.raises(InstanceNotRunning, match="cancelled"):
        plant.engine.execute(CancelInstance(instance_id, plant["chief"]))


def test_staff_may_not_cancel_a_case_of_theirs(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", REMINDER))
    instance_id = plant.engine.execute(StartInstance("p", plant["li"])).id
    with pytest.raises(Forbidden):
        plant.engine.execute(CancelInstance(instance_id, plant["li"]))
    assert plant.engine.query(get_instance, instance_id=instance_id, actor=plant["li"]).row.state == "running"


TICK = diagram(
    '<bpmn:startEvent id="tick"><bpmn:timerEventDefinition><bpmn:timeCycle>R2/PT1H</bpmn:timeCycle>'
    '</bpmn:timerEventDefinition></bpmn:startEvent><bpmn:userTask id="patrol"/><bpmn:endEvent id="e"/>'
    + flow("tick", "patrol") + flow("patrol", "e"),
    key="patrol_round",
)  # fmt: skip


def test_a_timer_start_event_starts_as_often_as_it_says(plant: Plant) -> None:
    deploy(plant.engine, ("patrol.bpmn", TICK))
    for _ in range(4):
        plant.clock.move(hours=1)
        plant.engine.scheduler.run_due()
    assert len(plant.engine.query(list_instances, actor=plant["chief"], definition_key="patrol_round").items) == 2


def test_the_scheduler_sleeps_until_the_next_due_row_and_then_fires_it(tmp_path, database_url: str) -> None:  # type: ignore[no-untyped-def]
    engine = make_engine(tmp_path, lambda: datetime.now(UTC), database_url)  # type: ignore[arg-type]
    engine.start()
    deploy(engine, ("p.bpmn", REMINDER.replace("P3D", "PT0.3S")))
    case = engine.execute(StartInstance("p", SYSTEM))
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        view = engine.query(get_instance, instance_id=case.id, actor=SYSTEM)
        if view.active_elements == ("takeover",):
            break
        time.sleep(0.02)
    assert view.active_elements == ("takeover",)
    engine.stop()
