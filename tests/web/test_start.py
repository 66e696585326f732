"""Starting a process from its page."""

import re

import pytest

from engine.commands.deploy_bundle import DeployBundle
from engine.model.actor import SYSTEM
from engine.queries.instances import get_instance
from engine.services.deployment import DeployFile
from tests.web.conftest import MODELS, actor

FORM = b"""{"type": "default", "id": "report", "schemaVersion": 18, "components": [
  {"type": "textfield", "id": "a", "key": "fault", "label": "What is wrong", "validate": {"required": true},
   "properties": {"label:zh_Hans": "\xe6\x95\x85\xe9\x9a\x9c"}},
  {"type": "number", "id": "b", "key": "hours", "label": "Hours", "validate": {"max": 10}}]}"""


@pytest.fixture
def reported(engine):
    """Deploy a process that asks for a form, and whose first task is the starter's own."""
    text = (MODELS / "inspection.bpmn").read_text()
    text = text.replace('id="inspection"', 'id="reported"').replace('"inspection"', '"reported"')
    text = text.replace(
        '<zeebe:property name="business_key:prefix" value="I" />',
        '<zeebe:property name="start_form" value="report" /><zeebe:property name="description" value="Tell a fault." />',
    ).replace(
        '<zeebe:assignmentDefinition candidateGroups="quality" />', '<zeebe:assignmentDefinition assignee="chen" />'
    )
    files = (DeployFile("reported.bpmn", text.encode()), DeployFile("report.form", FORM))
    engine.execute(DeployBundle(files=files, actor=SYSTEM))


def test_the_choice_has_a_card_and_a_digit_for_each_process(chen, reported):
    page = chen.get("/start").text
    assert re.findall(r'href="/start/(\w+)" data-digit="(\d)"', page) == [("inspection", "1"), ("reported", "2")]
    assert "Tell a fault." in page


def test_a_process_that_is_only_called_by_others_is_not_offered(chen, engine):
    text = (MODELS / "inspection.bpmn").read_text().replace('id="inspection"', 'id="called"')
    start = re.compile(r"<bpmn:startEvent.*?</bpmn:startEvent>", re.DOTALL)
    message = '<bpmn:startEvent id="start"><bpmn:outgoing>to_inspect</bpmn:outgoing><bpmn:messageEventDefinition messageRef="m" /></bpmn:startEvent>'
    text = start.sub(message, text).replace("<bpmn:process", '<bpmn:message id="m" name="arrived" /><bpmn:process', 1)
    text = re.sub(r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", text, flags=re.DOTALL)
    engine.execute(DeployBundle(files=(DeployFile("called.bpmn", text.encode()),), actor=SYSTEM))
    assert "/start/called" not in chen.get("/start").text
    assert chen.get("/start/called").status_code == 404


def test_a_refused_form_comes_back_with_its_values_and_a_message_beside_the_field(chen, engine, reported):
    answer = chen.post("/start/reported", {"f.fault": "", "f.hours": "99"})
    assert answer.status_code == 422
    assert 'value="99"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 2
    assert started(engine, answer) is None


def test_a_started_case_leads_to_the_starters_own_task(chen, engine, reported):
    answer = chen.post("/start/reported", {"f.fault": "Belt slips", "f.hours": "3"})
    assert answer.status_code == 302
    assert answer.location.startswith("/tasks/")
    page = chen.get(answer.location).text
    assert "Inspect" in page


def test_a_case_whose_first_task_is_someone_elses_leads_to_the_case(sign_in, engine, reported):
    li = sign_in("li")
    answer = li.post("/start/reported", {"f.fault": "Belt slips", "f.hours": "3"})
    case_id = started(engine, answer)
    assert case_id
    variables = engine.query(get_instance, instance_id=case_id, actor=actor("li")).variables
    assert (variables["fault"], variables["hours"]) == ("Belt slips", 3)
    assert "is started." in li.get(answer.location).text


def test_a_process_without_a_form_starts_with_a_key_of_ones_own(sign_in, engine):
    li = sign_in("li")
    assert 'name="business_key"' in li.get("/start/inspection").text
    case_id = started(engine, li.post("/start/inspection", {"business_key": "SO-88231"}))
    assert engine.query(get_instance, instance_id=case_id, actor=actor("li")).row.business_key == "SO-88231"


def test_a_key_that_is_too_long_is_refused_beside_its_field(sign_in):
    answer = sign_in("li").post("/start/inspection", {"business_key": "x" * 256})
    assert answer.status_code == 422
    assert 'id="business_key-e"' in answer.text
    assert "x" * 256 in answer.text


def test_the_form_is_in_the_language_of_the_page(chen, reported):
    assert "故障" in chen.get("/start/reported", headers={"Accept-Language": "zh-CN"}).text


def test_an_unknown_process_is_not_found(chen):
    assert chen.get("/start/nothing").status_code == 404


def started(engine, answer):
    found = re.fullmatch(r"/cases/(\w+)", answer.location or "")
    return found.group(1) if found else None
