"""Registers and files: who may write, what is refused, which file belongs to which case."""

import json
from io import BytesIO

import pytest

from engine.commands.add_attachment import AddAttachment
from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask
from engine.commands.delete_record import DeleteRecord
from engine.commands.import_records import ImportRecords
from engine.commands.put_record import PutRecord
from engine.commands.start_instance import StartInstance
from engine.model.actor import Actor
from engine.model.errors import DeploymentRefused, Forbidden, InvalidInput, NotFound, RevisionConflict
from engine.queries.instances import get_attachment, list_attachments
from engine.queries.records import get_record, list_records
from tests.factories import Plant, deploy, one_task

REGISTER = json.dumps(
    {
        "id": "equipment",
        "type": "default",
        "schemaVersion": 16,
        "properties": {"record:key": "serial", "record:title": '=model + " " + serial', "record:name": "Equipment"},
        "components": [
            {"id": "a", "type": "textfield", "key": "serial", "label": "Serial", "validate": {"required": True}},
            {"id": "b", "type": "textfield", "key": "model", "label": "Model", "validate": {"required": True}},
        ],
    }
)
PICKER = json.dumps(
    {
        "id": "pick",
        "type": "default",
        "schemaVersion": 16,
        "components": [{"id": "a", "type": "recordpicker", "key": "machine", "recordType": "equipment", "label": "M"}],
    }
)
PHOTO = json.dumps(
    {
        "id": "photo",
        "type": "default",
        "schemaVersion": 16,
        "components": [{"id": "a", "type": "filepicker", "key": "photos", "label": "Photos", "multiple": True}],
    }
)


def attach(plant: Plant, actor: Actor, **where: str) -> str:
    stored = plant.engine.files.put(BytesIO(b"picture"), 100)
    command = AddAttachment(actor, "a.png", "image/png", stored.size, stored.sha256, **where)
    return plant.engine.execute(command).id


def test_a_record_is_written_found_and_deleted(plant: Plant) -> None:
    deploy(plant.engine, ("equipment.form", REGISTER))
    chief = plant["chief"]
    plant.engine.execute(PutRecord("equipment", "C-1", chief, {"serial": "C-1", "model": "Belt 带"}))
    assert [r.title for r in plant.engine.query(list_records, type="equipment", text="带 c-1").items] == ["Belt 带 C-1"]
    plant.engine.execute(DeleteRecord("equipment", "C-1", chief))
    with pytest.raises(NotFound):
        plant.engine.query(get_record, type="equipment", key="C-1")


def test_staff_read_records_and_do_not_write_them(plant: Plant) -> None:
    deploy(plant.engine, ("equipment.form", REGISTER))
    for command in (
        PutRecord("equipment", "C-1", plant["li"], {"serial": "C-1", "model": "B"}),
        DeleteRecord("equipment", "C-1", plant["li"]),
        ImportRecords("equipment", ({"serial": "C-1", "model": "B"},), plant["li"]),
    ):
        with pytest.raises(Forbidden):
            plant.engine.execute(command)


def test_a_new_record_does_not_overwrite_one_that_is_there(plant: Plant) -> None:
    deploy(plant.engine, ("equipment.form", REGISTER))
    values = {"serial": "C-1", "model": "B"}
    first = plant.engine.execute(PutRecord("equipment", "C-1", plant["chief"], values, revision=0))
    assert first.revision == 1
    with pytest.raises(RevisionConflict):
        plant.engine.execute(PutRecord("equipment", "C-1", plant["chief"], values, revision=0))
    with pytest.raises(RevisionConflict):
        plant.engine.execute(PutRecord("equipment", "C-1", plant["chief"], values, revision=7))


def test_one_wrong_row_and_nothing_is_imported(plant: Plant) -> None:
    deploy(plant.engine, ("equipment.form", REGISTER))
    rows = ({"serial": "C-1", "model": "B"}, {"serial": "C-2"}, {"serial": "C-3", "model": "B", "price": 1})
    with pytest.raises(InvalidInput) as refusal:
        plant.engine.execute(ImportRecords("equipment", rows, plant["chief"]))
    assert set(refusal.value.errors) == {"2.model", "3.price"}
    assert plant.engine.query(list_records, type="equipment").items == ()


def test_a_form_that_chooses_from_an_unknown_register_is_refused(plant: Plant) -> None:
    with pytest.raises(DeploymentRefused) as refusal:
        deploy(plant.engine, ("pick.form", PICKER))
    assert [problem.rule for problem in refusal.value.problems] == ["unknown-register"]
    deploy(plant.engine, ("pick.form", PICKER), ("equipment.form", REGISTER))


def test_a_file_of_another_case_is_unknown_to_a_form(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task(form="photo")), ("photo.form", PHOTO))
    mine, other = (plant.engine.execute(StartInstance("p", plant["root"])) for _ in range(2))
    for case in (mine, other):
        plant.engine.execute(ClaimTask(case.task_ids[0], plant["li"]))
    foreign = attach(plant, plant["li"], task_id=other.task_ids[0])
    with pytest.raises(InvalidInput) as refusal:
        plant.engine.execute(CompleteTask(mine.task_ids[0], plant["li"], {"photos": [foreign]}))
    assert next(iter(refusal.value.errors)).startswith("photos")
    own = attach(plant, plant["li"], task_id=mine.task_ids[0])
    done = plant.engine.execute(CompleteTask(mine.task_ids[0], plant["li"], {"photos": [own]}))
    assert done.instance_state == "completed"


def test_files_of_a_start_form_become_the_case_s(plant: Plant) -> None:
    start = one_task().replace(
        "</bpmn:process>", ""
    ).replace("<bpmn:startEvent", '<bpmn:extensionElements><zeebe:properties><zeebe:property name="start_form" '
              'value="photo"/></zeebe:properties></bpmn:extensionElements><bpmn:startEvent', 1)  # fmt: skip
    deploy(plant.engine, ("p.bpmn", start.replace("</bpmn:definitions>", "</bpmn:process></bpmn:definitions>")), ("photo.form", PHOTO))  # fmt: skip
    theirs, own = attach(plant, plant["wang"]), attach(plant, plant["li"])
    with pytest.raises(InvalidInput):
        plant.engine.execute(StartInstance("p", plant["li"], variables={"photos": [theirs]}, from_form=True))
    case = plant.engine.execute(StartInstance("p", plant["li"], variables={"photos": [own]}, from_form=True))
    assert [a.id for a in plant.engine.query(list_attachments, instance_id=case.id, actor=plant["li"])] == [own]


def test_a_file_is_unknown_to_people_who_do_not_see_its_case(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    case = plant.engine.execute(StartInstance("p", plant["root"]))
    attachment = attach(plant, plant["root"], instance_id=case.id)
    assert plant.engine.query(get_attachment, attachment_id=attachment, actor=plant["li"]).name == "a.png"
    with pytest.raises(NotFound):
        plant.engine.query(get_attachment, attachment_id=attachment, actor=plant["zhao"])
    with pytest.raises(NotFound):
        attach(plant, plant["zhao"], instance_id=case.id)
    with pytest.raises(NotFound):
        attach(plant, plant["zhao"], task_id=case.task_ids[0])
