"""Cases moved to another version: rows stay, the version's changes are stored, refusals change nothing."""

from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.cancel_instance import CancelInstance
from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask
from engine.commands.correlate_message import CorrelateMessage
from engine.commands.migrate_instance import MigrateInstance
from engine.commands.resume_instance import ResumeInstance
from engine.commands.start_instance import StartInstance
from engine.commands.suspend_instance import SuspendInstance
from engine.model.errors import Forbidden, InstanceNotRunning, MigrationRefused, NotFound
from engine.queries.instances import get_instance
from engine.queries.path import list_history, list_steps
from engine.queries.tasks import list_tasks
from engine.queries.work import list_timers
from engine.store.tables import instances, subscriptions, tasks, timers
from tests.factories import Plant, assigned, deploy, diagram, flow, make_user, zeebe

FORM = '{"id": "sheet", "type": "default", "components": [{"type": "textfield", "key": "note", "validate": {"required": true}}]}'
LATE = (
    '<bpmn:boundaryEvent id="late" attachedToRef="check"><bpmn:timerEventDefinition><bpmn:timeDuration>P1D'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
)


def version(name: str, *, task: str = "check", form: str = "", late: bool = False) -> str:
    body = f'<bpmn:userTask id="{task}" name="{name}">{assigned("quality", form=form)}</bpmn:userTask>'
    escape = LATE + '<bpmn:endEvent id="given_up"/>' + flow("late", "given_up") if late else ""
    flows = flow("start", task) + flow(task, "end")
    return diagram('<bpmn:startEvent id="start"/>' + body + escape + '<bpmn:endEvent id="end"/>' + flows)


def begin(plant: Plant) -> str:
    deploy(plant.engine, ("p.bpmn", version("Check")))
    return plant.engine.execute(StartInstance("p", plant["li"], variables={"n": 1})).id


def move(plant: Plant, instance_id: str, to: int = 2, **options: Any) -> Any:
    return plant.engine.execute(MigrateInstance(instance_id, plant["root"], to, **options))


def stored(plant: Plant) -> list[Any]:
    """Return every row that a move may change."""
    with plant.engine.database.read() as connection:
        return [connection.execute(select(table)).all() for table in (instances, tasks, timers, subscriptions)]


def kinds(plant: Plant, instance_id: str) -> list[str]:
    return [e.kind for e in plant.engine.query(list_history, instance_id=instance_id, actor=plant["chief"]).items]


def test_an_open_task_stays_the_same_row_with_the_names_and_form_of_the_version(plant: Plant) -> None:
    case = begin(plant)
    (before,) = plant.engine.query(list_tasks, actor=plant["li"]).items
    plant.engine.execute(ClaimTask(before.id, plant["li"]))
    deploy(plant.engine, ("p.bpmn", version("Check again", form="sheet", late=True)), ("sheet.form", FORM))
    moved = move(plant, case)
    assert (moved.from_version, moved.version, moved.armed, moved.renamed_tasks) == (1, 2, ("late",), (before.id,))
    (after,) = plant.engine.query(list_tasks, actor=plant["li"]).items
    assert (after.id, after.name, after.form_key, after.assignee) == (before.id, "Check again", "sheet", "li")
    (timer,) = plant.engine.query(list_timers, actor=plant["chief"]).items
    assert timer.element_id == "late"
    view = plant.engine.query(get_instance, instance_id=case, actor=plant["chief"])
    assert (view.row.definition_version, view.variables) == (2, {"n": 1})
    assert "InstanceMigrated" in kinds(plant, case)
    assert plant.engine.execute(CompleteTask(after.id, plant["li"], {"note": "x"})).instance_state == "completed"


def test_a_timer_that_the_version_adds_fires_when_it_is_due(plant: Plant) -> None:
    case = begin(plant)
    plant.clock.move(days=3)
    deploy(plant.engine, ("p.bpmn", version("Check", late=True)))
    move(plant, case)
    plant.clock.move(hours=23)
    plant.engine.scheduler.run_due()
    assert plant.engine.query(get_instance, instance_id=case, actor=plant["chief"]).row.state == "running"
    plant.clock.move(hours=2)
    plant.engine.scheduler.run_due()
    assert plant.engine.query(get_instance, instance_id=case, actor=plant["chief"]).row.state == "completed"


def test_a_dry_run_tells_the_same_and_changes_nothing(plant: Plant) -> None:
    case = begin(plant)
    deploy(plant.engine, ("p.bpmn", version("Check again", late=True)))
    before = stored(plant), kinds(plant, case)
    told = move(plant, case, dry_run=True)
    assert (stored(plant), kinds(plant, case)) == before
    done = move(plant, case)
    assert (told.moved, told.armed, told.renamed_tasks) == (done.moved, done.armed, done.renamed_tasks)
    assert (told.dry_run, done.dry_run) == (True, False)


def test_a_refusal_names_the_elements_and_changes_nothing(plant: Plant) -> None:
    case = begin(plant)
    deploy(plant.engine, ("p.bpmn", version("Inspect", task="inspect")))
    before = stored(plant), kinds(plant, case)
    with pytest.raises(MigrationRefused) as refused:
        move(plant, case)
    assert [(p.element, p.rule) for p in refused.value.problems] == [("check", "element-removed")]
    assert (stored(plant), kinds(plant, case)) == before


def test_a_mapped_task_belongs_to_its_new_element(plant: Plant) -> None:
    case = begin(plant)
    deploy(plant.engine, ("p.bpmn", version("Inspect", task="inspect")))
    move(plant, case, mapping={"check": "inspect"})
    (task,) = plant.engine.query(list_tasks, actor=plant["li"]).items
    assert (task.element_id, task.name) == ("inspect", "Inspect")
    plant.engine.execute(ClaimTask(task.id, plant["li"]))
    plant.engine.execute(CompleteTask(task.id, plant["li"]))
    (step,) = plant.engine.query(list_steps, instance_id=case, actor=plant["chief"])
    assert step.state == "completed"


def test_back_to_an_older_version_is_a_move_too(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", version("Check")))
    deploy(plant.engine, ("p.bpmn", version("Check", late=True)))
    case = plant.engine.execute(StartInstance("p", plant["li"])).id
    assert move(plant, case, 1).disarmed == ("late",)
    assert plant.engine.query(list_timers, actor=plant["chief"]).items == ()


def test_moving_to_the_version_it_is_on_writes_nothing(plant: Plant) -> None:
    case = begin(plant)
    before = stored(plant), kinds(plant, case)
    assert move(plant, case, 1).moved == ()
    assert (stored(plant), kinds(plant, case)) == before


def test_a_suspended_case_moves_and_stays_suspended(plant: Plant) -> None:
    case = begin(plant)
    plant.engine.execute(SuspendInstance(case, plant["chief"]))
    deploy(plant.engine, ("p.bpmn", version("Check again")))
    move(plant, case)
    view = plant.engine.query(get_instance, instance_id=case, actor=plant["chief"])
    assert (view.row.state, view.row.definition_version) == ("suspended", 2)
    plant.engine.execute(ResumeInstance(case, plant["chief"]))


def test_owners_move_cases_that_they_may_not_look_into(plant: Plant) -> None:
    case = begin(plant)
    deploy(plant.engine, ("p.bpmn", version("Check again")))
    owner = make_user(plant.engine, "owner", roles=["owner"])
    with pytest.raises(NotFound):
        plant.engine.query(get_instance, instance_id=case, actor=owner)
    assert plant.engine.execute(MigrateInstance(case, owner, 2)).version == 2


def test_a_refusal_tells_owners_nothing_of_the_values_of_a_case_that_they_may_not_see(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", version("Check")))
    case = plant.engine.execute(StartInstance("p", plant["li"], variables={"pause": "a secret"})).id
    deploy(plant.engine, ("p.bpmn", version("Check", late=True).replace("P1D", "=pause")))
    owner = make_user(plant.engine, "owner", roles=["owner"])
    reasons = []
    for actor in (owner, plant["root"]):
        with pytest.raises(MigrationRefused) as refused:
            plant.engine.execute(MigrateInstance(case, actor, 2))
        reasons += [(problem.element, problem.rule, "secret" in str(problem)) for problem in refused.value.problems]
    assert reasons == [("late", "would-stop", False), ("late", "would-stop", True)]


def test_nobody_else_moves_cases(plant: Plant) -> None:
    case = begin(plant)
    for actor, refusal in (("chief", Forbidden), ("li", Forbidden), ("zhao", NotFound)):
        with pytest.raises(refusal):
            plant.engine.execute(MigrateInstance(case, plant[actor], 1))


def test_what_is_over_or_unknown_does_not_move(plant: Plant) -> None:
    case = begin(plant)
    with pytest.raises(NotFound):
        move(plant, case, 7)
    with pytest.raises(NotFound):
        move(plant, "f" * 32)
    plant.engine.execute(CancelInstance(case, plant["chief"]))
    with pytest.raises(InstanceNotRunning):
        move(plant, case)


def test_a_message_is_taken_by_the_name_of_the_new_version(plant: Plant) -> None:
    def waits(name: str) -> str:
        subscription = zeebe('<zeebe:subscription correlationKey="=order"/>')
        return diagram(
            '<bpmn:startEvent id="s"/><bpmn:receiveTask id="wait" messageRef="m"/><bpmn:endEvent id="e"/>'
            + flow("s", "wait")
            + flow("wait", "e"),
            outside=f'<bpmn:message id="m" name="{name}">{subscription}</bpmn:message>',
        )

    deploy(plant.engine, ("p.bpmn", waits("answer")))
    case = plant.engine.execute(StartInstance("p", plant["root"], variables={"order": "A"})).id
    other = plant.engine.execute(StartInstance("p", plant["root"], variables={"order": "B"})).id
    deploy(plant.engine, ("p.bpmn", waits("reply")))
    move(plant, case)
    assert plant.engine.execute(CorrelateMessage("reply", plant["root"], "A")).instance_ids == (case,)
    assert plant.engine.execute(CorrelateMessage("reply", plant["root"], "B", ttl_s=60)).instance_ids == ()
    move(plant, other)
    assert plant.engine.query(get_instance, instance_id=other, actor=plant["chief"]).row.state == "completed"
