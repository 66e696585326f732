"""A user task from start to completion, and every refusal on the way."""

import threading

import pytest

from engine.commands.assign_task import AssignTask
from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask, TaskCompletion
from engine.commands.release_task import ReleaseTask
from engine.commands.start_instance import StartInstance
from engine.model.errors import (
    EngineError,
    Forbidden,
    InvalidInput,
    NotFound,
    RevisionConflict,
    TaskAlreadyClaimed,
    TaskNotOpen,
)
from engine.queries.instances import get_instance, list_history
from engine.queries.tasks import get_task, get_task_form, list_tasks
from engine.store.idempotency import IdempotencyKey
from tests.factories import Plant, deploy, diagram, flow, make_plant, one_task, zeebe

FORM = """{"id": "check_form", "type": "default", "schemaVersion": 16, "components": [
  {"type": "textfield", "key": "finding", "label": "Finding", "id": "f1", "validate": {"required": true}},
  {"type": "number", "key": "amount", "label": "Amount", "id": "f2", "validate": {"min": 0, "max": 10}}]}"""


def start(plant: Plant, key: str = "p", **variables: object) -> tuple[str, str]:
    """Start a case and return its id and that of its one task."""
    started = plant.engine.execute(StartInstance(key, plant["root"], variables=variables))
    (task_id,) = started.task_ids
    return started.id, task_id


def test_a_claimed_task_is_completed_and_the_case_ends(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    instance_id, task_id = start(plant, amount=3)
    plant.engine.execute(ClaimTask(task_id, plant["li"]))
    done = plant.engine.execute(CompleteTask(task_id, plant["li"], {"finding": "fine"}))
    assert done == TaskCompletion(instance_id, "completed", ())
    case = plant.engine.query(get_instance, instance_id=instance_id, actor=plant["chief"])
    assert case.row.state == "completed"
    assert case.row.ended_at == plant.clock.now
    assert case.variables == {"amount": 3, "finding": "fine"}
    assert case.completed_elements == ("start", "check", "end")
    assert case.completed_flows == ("f_start_check", "f_check_end")
    assert case.active_elements == ()


def test_history_tells_all_in_order_and_without_a_gap(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    instance_id, task_id = start(plant)
    plant.engine.execute(ClaimTask(task_id, plant["li"]))
    plant.engine.execute(ReleaseTask(task_id, plant["li"]))
    plant.engine.execute(AssignTask(task_id, plant["chief"], "wang"))
    plant.engine.execute(CompleteTask(task_id, plant["wang"]))
    entries = plant.engine.query(list_history, instance_id=instance_id, actor=plant["chief"]).items
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    told = [(entry.kind, entry.actor) for entry in entries if entry.kind.startswith(("Task", "Instance"))]
    assert told == [
        ("InstanceStarted", "root"),
        ("TaskOpened", "root"),
        ("TaskClaimed", "li"),
        ("TaskReleased", "li"),
        ("TaskAssigned", "chief"),
        ("TaskCompleted", "wang"),
        ("InstanceCompleted", "wang"),
    ]


def test_history_pages_continue_where_the_last_one_ended(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    instance_id, task_id = start(plant)
    plant.engine.execute(ClaimTask(task_id, plant["li"]))
    plant.engine.execute(CompleteTask(task_id, plant["li"]))
    chief = plant["chief"]
    whole = plant.engine.query(list_history, instance_id=instance_id, actor=chief).items
    pieces, cursor = [], None
    while True:
        page = plant.engine.query(list_history, instance_id=instance_id, actor=chief, limit=2, cursor=cursor)
        pieces += page.items
        cursor = page.next
        if cursor is None:
            break
    assert tuple(pieces) == whole


def test_claim_is_refused_when_already_claimed(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    _, task_id = start(plant)
    plant.engine.execute(ClaimTask(task_id, plant["li"]))
    with pytest.raises(TaskAlreadyClaimed, match="li"):
        plant.engine.execute(ClaimTask(task_id, plant["wang"]))
    plant.engine.execute(ClaimTask(task_id, plant["li"]))  # one's own again is fine


def test_a_task_is_unknown_to_people_it_is_not_offered_to(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    instance_id, task_id = start(plant)
    for command in (
        ClaimTask(task_id, plant["zhao"]),
        CompleteTask(task_id, plant["zhao"]),
        AssignTask(task_id, plant["zhao"], "zhao"),
    ):
        with pytest.raises(NotFound):
            plant.engine.execute(command)
    with pytest.raises(NotFound):
        plant.engine.query(get_task, task_id=task_id, actor=plant["zhao"])
    with pytest.raises(NotFound):
        plant.engine.query(get_instance, instance_id=instance_id, actor=plant["zhao"])
    assert plant.engine.query(list_tasks, actor=plant["zhao"]).items == ()


def test_only_the_assignee_completes_and_nothing_changes_otherwise(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    instance_id, task_id = start(plant)
    with pytest.raises(Forbidden, match="Claim the task"):
        plant.engine.execute(CompleteTask(task_id, plant["li"]))
    plant.engine.execute(ClaimTask(task_id, plant["li"]))
    with pytest.raises(Forbidden, match="belongs to li"):
        plant.engine.execute(CompleteTask(task_id, plant["wang"], {"finding": "mine"}))
    case = plant.engine.query(get_instance, instance_id=instance_id, actor=plant["chief"])
    assert case.row.state == "running"
    assert case.variables == {}


def test_a_task_completed_twice_is_refused_with_who_was_first(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    _, task_id = start(plant)
    plant.engine.execute(ClaimTask(task_id, plant["li"]))
    plant.engine.execute(CompleteTask(task_id, plant["li"]))
    with pytest.raises(TaskNotOpen, match="completed by li"):
        plant.engine.execute(CompleteTask(task_id, plant["li"]))


def test_an_admin_completes_an_unclaimed_task(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    _, task_id = start(plant)
    assert plant.engine.execute(CompleteTask(task_id, plant["root"])).instance_state == "completed"


def test_an_old_revision_is_refused(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    _, task_id = start(plant)
    before = plant.engine.query(get_task, task_id=task_id, actor=plant["li"])
    plant.engine.execute(ClaimTask(task_id, plant["li"], revision=before.revision))
    with pytest.raises(RevisionConflict):
        plant.engine.execute(CompleteTask(task_id, plant["li"], revision=before.revision))


def test_wrong_form_values_come_back_by_field_and_change_nothing(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task(form="check_form")), ("check_form.form", FORM))
    instance_id, task_id = start(plant)
    plant.engine.execute(ClaimTask(task_id, plant["li"]))
    with pytest.raises(InvalidInput) as refusal:
        plant.engine.execute(CompleteTask(task_id, plant["li"], {"amount": 11, "severity": "admin"}))
    assert set(refusal.value.errors) == {"finding", "amount", "severity"}
    assert plant.engine.query(get_task, task_id=task_id, actor=plant["li"]).state == "open"
    done = plant.engine.execute(CompleteTask(task_id, plant["li"], {"amount": 10, "finding": "ok"}))
    assert done.instance_state == "completed"
    assert plant.engine.query(get_instance, instance_id=instance_id, actor=plant["li"]).variables["amount"] == 10


CALLED = (
    '<bpmn:process id="q" isExecutable="true"><bpmn:startEvent id="qs"/><bpmn:userTask id="one"/><bpmn:userTask id="two"/>'
    + flow("qs", "one") + flow("qs", "two") + "</bpmn:process>"
)  # fmt: skip
CALLS = diagram(
    '<bpmn:startEvent id="s"/><bpmn:callActivity id="c">'
    + zeebe(
        '<zeebe:calledElement processId="q" propagateAllParentVariables="false"/>',
        '<zeebe:ioMapping><zeebe:input source="=order" target="number"/></zeebe:ioMapping>',
    )
    + "</bpmn:callActivity>" + flow("s", "c"),
    outside=CALLED,
)  # fmt: skip


def test_a_task_of_a_called_process_sees_what_that_process_has_now(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", CALLS))
    started = plant.engine.execute(StartInstance("p", plant["root"], variables={"order": 7, "secret": 1}))
    one, two = started.task_ids

    def seen(task_id: str) -> object:
        return plant.engine.query(get_task_form, task_id=task_id, actor=plant["root"]).data

    assert seen(two) == {"number": 7}
    plant.engine.execute(CompleteTask(one, plant["root"], {"number": 8}))
    assert seen(two) == {"number": 8}


def test_the_same_request_again_gets_the_same_answer(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    instance_id, task_id = start(plant)
    plant.engine.execute(ClaimTask(task_id, plant["li"]))
    key = IdempotencyKey("li", "k1", "f" * 64)

    def to_json(done: TaskCompletion) -> list[str]:
        return [done.instance_id, done.instance_state]

    first = plant.engine.execute_once(CompleteTask(task_id, plant["li"]), key, to_json)
    again = plant.engine.execute_once(CompleteTask(task_id, plant["li"]), key, to_json)
    assert first == again == [instance_id, "completed"]
    with pytest.raises(EngineError, match="different request"):
        plant.engine.execute_once(CompleteTask(task_id, plant["li"]), IdempotencyKey("li", "k1", "0" * 64), to_json)


def test_a_case_goes_on_after_a_restart(plant: Plant, tmp_path, database_url: str) -> None:  # type: ignore[no-untyped-def]
    deploy(plant.engine, ("p.bpmn", one_task()))
    _, task_id = start(plant, amount=1)
    plant.engine.execute(ClaimTask(task_id, plant["li"]))
    plant.engine.stop()
    again = make_plant(tmp_path, database_url)
    assert again.engine.execute(CompleteTask(task_id, again["li"])).instance_state == "completed"
    again.engine.stop()


def test_two_people_claim_at_once_and_exactly_one_wins(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    _, task_id = start(plant)
    barrier, outcomes = threading.Barrier(2), []

    def claim(name: str) -> None:
        barrier.wait()
        try:
            plant.engine.execute(ClaimTask(task_id, plant[name]))
            outcomes.append("won")
        except EngineError:
            outcomes.append("lost")

    threads = [threading.Thread(target=claim, args=(name,)) for name in ("li", "wang")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["lost", "won"]


def test_two_tasks_completed_at_once_both_count(plant: Plant) -> None:
    both = diagram(
        '<bpmn:startEvent id="s"/><bpmn:parallelGateway id="split"/><bpmn:userTask id="a"/><bpmn:userTask id="b"/>'
        '<bpmn:parallelGateway id="join"/><bpmn:endEvent id="e"/>'
        + flow("s", "split") + flow("split", "a") + flow("split", "b") + flow("a", "join") + flow("b", "join")
        + flow("join", "e")
    )  # fmt: skip
    deploy(plant.engine, ("p.bpmn", both))
    started = plant.engine.execute(StartInstance("p", plant["root"]))
    barrier, states = threading.Barrier(2), []

    def complete(task_id: str) -> None:
        barrier.wait()
        states.append(plant.engine.execute(CompleteTask(task_id, plant["root"])).instance_state)

    threads = [threading.Thread(target=complete, args=(task_id,)) for task_id in started.task_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == ["completed", "running"]
