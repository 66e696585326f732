"""Deploying: versions, bundles, and refusals that store nothing."""

import pytest

from engine.commands.complete_task import CompleteTask
from engine.commands.deploy_bundle import DeployBundle
from engine.commands.start_instance import StartInstance
from engine.model.errors import Conflict, DeploymentRefused, Forbidden, NotFound
from engine.queries.definitions import get_definition, get_xml, list_definitions
from engine.services.deployment import DeployFile
from tests.factories import Plant, deploy, diagram, flow, one_task
from tests.integration.commands.test_user_tasks import FORM


def versions(plant: Plant) -> dict[str, int]:
    return {row.key: row.version for row in plant.engine.query(list_definitions)}


def test_the_same_files_again_are_the_version_there_is(plant: Plant) -> None:
    first = deploy(plant.engine, ("p.bpmn", one_task()))
    again = deploy(plant.engine, ("p.bpmn", one_task()))
    assert [d.version for d in first.definitions] == [d.version for d in again.definitions] == [1]


def test_a_changed_form_gives_the_definitions_that_use_it_a_new_version(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task(form="check_form")), ("f.form", FORM), ("q.bpmn", one_task("q")))
    changed = deploy(plant.engine, ("f.form", FORM.replace("Amount", "Quantity")))
    assert [(f.key, f.version) for f in changed.forms] == [("check_form", 2)]
    assert versions(plant) == {"p": 2, "q": 1}


def test_a_running_case_keeps_the_bundle_that_it_started_with(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task(form="check_form")), ("f.form", FORM))
    started = plant.engine.execute(StartInstance("p", plant["root"]))
    stricter = FORM.replace('"max": 10', '"max": 5')
    deploy(plant.engine, ("f.form", stricter))
    done = plant.engine.execute(CompleteTask(started.task_ids[0], plant["root"], {"finding": "x", "amount": 9}))
    assert done.instance_state == "completed"


def test_a_given_version_starts_and_an_unknown_one_is_refused(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    deploy(plant.engine, ("p.bpmn", one_task(groups="sales")))
    plant.engine.execute(StartInstance("p", plant["root"], version=1))
    with pytest.raises(NotFound):
        plant.engine.execute(StartInstance("p", plant["root"], version=3))
    with pytest.raises(NotFound):
        plant.engine.execute(StartInstance("nothing", plant["root"]))


def test_all_problems_of_all_files_come_at_once_and_nothing_is_stored(plant: Plant) -> None:
    broken = one_task(form="nowhere")
    gateway = diagram(
        '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g"/><bpmn:endEvent id="e"/><bpmn:endEvent id="e2"/>'
        + flow("s", "g") + flow("g", "e", "=1 +") + flow("g", "e2", "=true"),
        key="q",
    )  # fmt: skip
    with pytest.raises(DeploymentRefused) as refusal:
        deploy(plant.engine, ("p.bpmn", broken), ("q.bpmn", gateway), ("bad.form", "{"), ("fine.bpmn", one_task("ok")))
    found = {(problem.file, problem.element) for problem in refusal.value.problems if problem.is_error}
    assert ("p.bpmn", "check") in found
    assert any(file == "q.bpmn" for file, _ in found)
    assert any(file == "bad.form" for file, _ in found)
    assert versions(plant) == {}


def test_an_unknown_candidate_group_is_a_warning(plant: Plant) -> None:
    deployment = deploy(plant.engine, ("p.bpmn", one_task(groups="nobody_knows")))
    assert [(problem.severity, problem.element) for problem in deployment.problems] == [("warning", "check")]


def test_checking_stores_nothing(plant: Plant) -> None:
    files = (DeployFile("p.bpmn", one_task(form="nowhere").encode()),)
    deployment = plant.engine.execute(DeployBundle(files, plant["root"], check_only=True))
    assert any(problem.is_error for problem in deployment.problems)
    assert versions(plant) == {}


def test_deploying_needs_the_role(plant: Plant) -> None:
    for name in ("li", "chief"):
        with pytest.raises(Forbidden):
            deploy(plant.engine, ("p.bpmn", one_task()), actor=plant[name])


def test_the_file_comes_back_byte_for_byte(plant: Plant) -> None:
    data = one_task()
    deploy(plant.engine, ("p.bpmn", data))
    assert plant.engine.query(get_xml, key="p", version=1) == data.encode()
    view = plant.engine.query(get_definition, key="p")
    assert set(view.elements) >= {"start", "check", "end"}


def test_two_files_with_the_same_process_are_refused(plant: Plant) -> None:
    with pytest.raises(DeploymentRefused, match="error"):
        deploy(plant.engine, ("a.bpmn", one_task()), ("b.bpmn", one_task(groups="sales")))


def test_a_process_that_only_others_call_is_not_started_by_hand(plant: Plant) -> None:
    waits = diagram(
        '<bpmn:startEvent id="s"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>'
        '<bpmn:userTask id="u"/><bpmn:endEvent id="e"/>' + flow("s", "u") + flow("u", "e"),
        outside='<bpmn:message id="m" name="alarm"/>',
    )
    deploy(plant.engine, ("p.bpmn", waits))
    with pytest.raises(Conflict):
        plant.engine.execute(StartInstance("p", plant["root"]))
