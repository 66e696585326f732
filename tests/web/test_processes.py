"""Processes, their versions and files, deploying and the editor's answers."""

import io
import json
import re
from pathlib import Path

import pytest

from engine.queries.definitions import get_definition, get_xml, list_definitions
from tests.factories import diagram, flow, zeebe
from tests.unit.dmn.drawing import decision, definitions, literal
from tests.web.conftest import MODELS

PROJECT = Path(__file__).resolve().parents[2]
INSPECTION = (MODELS / "inspection.bpmn").read_text()
RENAMED = INSPECTION.replace('name="Pack"', 'name="Pack and label"')
BROKEN = INSPECTION.replace('formId="inspect"', 'formId="nowhere"').replace('targetRef="pack"', 'targetRef="gone"')
GROUPLESS = INSPECTION.replace('candidateGroups="quality"', 'candidateGroups="nobody"')

LIBRARY = definitions(decision("rate", literal("2")), namespace="urn:rates")
PRICE = definitions(
    '<import name="rates" namespace="urn:rates" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
    decision("price", literal("rates.rate * 10"), "decision:x").replace("#x", "urn:rates#rate"),
    namespace="urn:price",
)
PRICED = diagram(
    '<bpmn:startEvent id="start"/><bpmn:businessRuleTask id="rule">'
    + zeebe('<zeebe:calledDecision decisionId="price" resultVariable="price"/>')
    + '</bpmn:businessRuleTask><bpmn:endEvent id="end"/>'
    + flow("start", "rule")
    + flow("rule", "end")
)


@pytest.fixture
def owen(sign_in):
    return sign_in("owen")


def send(person, path, **body):
    answer = person.client.post(path, json=body, headers={"X-CSRFToken": person.token()})
    return answer.status_code, answer.get_json(silent=True)


def upload(person, path, *files):
    data = {"csrf_token": person.token(), "files": [(io.BytesIO(text.encode()), name) for name, text in files]}
    return person.client.post(path, data=data, content_type="multipart/form-data")


def version_of(engine, key="inspection"):
    return engine.query(get_definition, key=key).row.version


def test_the_list_shows_version_running_and_late(owen, sign_in, clock, start):
    start()
    clock.move(hours=4)
    start()
    page = sign_in("li").get("/processes").text
    assert "inspection, 1 form" in page
    assert '<a href="/cases?process=inspection">2</a>' in page
    assert '<span class="late-n">1</span>' in page
    assert "2 running cases, 1 late." in page


def test_a_process_shows_its_files_and_versions(owen, engine):
    assert upload(owen, "/processes/deploy", ("inspection.bpmn", RENAMED)).status_code == 302
    page = owen.get("/processes/inspection").text
    assert "inspect.form" in page
    assert "Version 2 against 1" in page
    assert 'aria-label="changed">~</span>Pack and label' in page
    assert json.loads(re.search(r'id="marks">(.*?)</script>', page).group(1)) == {"added": [], "changed": ["pack"]}
    assert "Version 1</h2>" in owen.get("/processes/inspection?version=1").text


def test_xml_is_the_file_as_it_was_deployed(chen):
    answer = chen.get("/processes/inspection/versions/1/xml")
    assert answer.data == (MODELS / "inspection.bpmn").read_bytes()
    assert answer.mimetype == "application/xml"
    assert "attachment" in chen.get("/processes/inspection/versions/1/xml?download=1").headers["Content-Disposition"]
    assert chen.get("/processes/inspection/versions/9/xml").status_code == 404
    assert chen.get(f"/processes/inspection/versions/{10**20}/xml").status_code == 404


def test_a_form_of_the_bundle_is_downloaded_and_a_new_version_of_it_uploaded(owen, engine):
    answer = owen.get("/processes/inspection/versions/1/form/inspect")
    assert answer.data == (MODELS / "inspect.form").read_bytes()
    changed = answer.text.replace("Fault class", "Kind of fault")
    assert upload(owen, "/processes/inspection/deploy", ("inspect.form", changed)).status_code == 302
    assert version_of(engine) == 2
    assert owen.get("/processes/inspection/versions/2/form/nothing").status_code == 404


def test_an_upload_with_errors_lists_all_of_them_and_deploys_nothing(owen, engine):
    answer = upload(owen, "/processes/deploy", ("inspection.bpmn", BROKEN), ("odd.form", "{"))
    assert answer.status_code == 422
    assert "Nothing was deployed" in answer.text
    assert answer.text.count('class="tag late">error') >= 3
    assert "odd.form" in answer.text
    assert version_of(engine) == 1


def test_an_upload_with_a_warning_is_deployed_and_shows_it(owen, engine):
    answer = upload(owen, "/processes/deploy", ("inspection.bpmn", GROUPLESS))
    assert answer.status_code == 200
    assert "Deployed with warnings" in answer.text
    assert version_of(engine) == 2


def test_a_file_that_is_no_model_is_refused(owen):
    assert upload(owen, "/processes/deploy", ("evil.sh", "rm")).status_code == 415
    assert "Choose at least one" in owen.post("/processes/deploy", {}, follow_redirects=True).text


def test_the_editor_opens_the_newest_diagram(owen):
    upload(owen, "/processes/deploy", ("inspection.bpmn", RENAMED))
    page = owen.get("/processes/inspection/edit").text
    assert json.loads(re.search(r'id="file">(.*?)</script>', page, re.DOTALL).group(1)) == RENAMED
    assert 'data-version="2"' in page


def test_a_table_is_opened_in_its_editor_and_saved_as_a_new_version(owen, engine):
    table = (PROJECT / "processes/delivery/acceptance_mode.dmn").read_text()
    decided = INSPECTION.replace('id="inspection"', 'id="decided"').replace('"inspection"', '"decided"')
    decided = decided.replace("<bpmn:userTask", "<bpmn:businessRuleTask", 1).replace(
        "</bpmn:userTask>", "</bpmn:businessRuleTask>", 1
    )
    rule = '<zeebe:calledDecision decisionId="acceptance_mode" resultVariable="mode" />'
    decided = re.sub(
        r"<zeebe:userTask />.*?<zeebe:properties>", f"{rule}<zeebe:properties>", decided, count=1, flags=re.DOTALL
    )
    assert upload(owen, "/processes/deploy", ("decided.bpmn", decided), ("mode.dmn", table)).status_code == 302
    page = owen.get("/processes/decided/decision/acceptance_mode/edit").text
    assert json.loads(re.search(r'id="file">(.*?)</script>', page, re.DOTALL).group(1)) == table
    assert owen.get("/processes/decided/decision/nothing/edit").status_code == 404
    assert owen.get("/processes/decided/process/decided/edit").status_code == 404
    assert "formeditor" in owen.get("/processes/inspection/form/inspect/edit").text
    changed = table.replace("</decision>", "<!-- changed --></decision>", 1)
    status, body = send(owen, "/processes/save", file="mode.dmn", key="decided", version=1, content=changed)
    assert (status, body["key"], body["version"]) == (200, "decided", 2)


def test_checking_names_the_elements_and_changes_nothing(owen, engine):
    status, body = send(owen, "/processes/check", file="inspection.bpmn", content=BROKEN)
    assert status == 200
    found = {(one["element"], one["severity"]) for one in body["problems"]}
    assert ("inspect", "error") in found
    assert version_of(engine) == 1
    status, body = send(owen, "/processes/check", file="inspection.bpmn", content=GROUPLESS)
    assert [one["severity"] for one in body["problems"]] == ["warning"]


def test_a_checked_diagram_is_saved_as_a_new_version(owen, engine):
    status, body = send(owen, "/processes/save", file="inspection.bpmn", key="inspection", version=1, content=RENAMED)
    assert (status, body["version"], body["same"]) == (200, 2, False)
    assert engine.query(get_xml, key="inspection", version=2).decode() == RENAMED
    status, body = send(owen, "/processes/save", file="inspection.bpmn", key="inspection", version=2, content=RENAMED)
    assert (status, body["version"], body["same"]) == (200, 2, True)


def test_a_diagram_with_errors_is_not_saved(owen, engine):
    status, body = send(owen, "/processes/save", file="inspection.bpmn", key="inspection", version=1, content=BROKEN)
    assert status == 422
    assert any(one["severity"] == "error" for one in body["problems"])
    assert version_of(engine) == 1


def test_a_version_that_someone_else_deployed_meanwhile_is_not_overwritten_unasked(owen, sign_in, engine):
    upload(sign_in("root"), "/processes/deploy", ("inspection.bpmn", GROUPLESS))
    given = {"file": "inspection.bpmn", "key": "inspection", "version": 1, "content": RENAMED}
    status, body = send(owen, "/processes/save", **given)
    assert status == 409
    assert body["meanwhile"] == "Root deployed version 2 meanwhile. Your diagram is kept here."
    assert version_of(engine) == 2
    status, body = send(owen, "/processes/save", **given, anyway=True)
    assert (status, body["version"]) == (200, 3)


def test_a_new_process_is_asked_its_name_and_key_then_drawn_and_deployed(owen, engine):
    assert "New process" in owen.get("/processes/new").text
    wrong = owen.get("/processes/new?name=&key=9+lives")
    assert wrong.status_code == 422
    assert 'id="name-e"' in wrong.text
    assert 'id="key-e"' in wrong.text
    assert 'value="9 lives"' in wrong.text
    assert owen.get("/processes/new?name=Inspection&key=inspection").status_code == 422
    page = owen.get("/processes/new?name=Tools+%22%26%22+lent&key=tools").text
    drawn = json.loads(re.search(r'id="file">(.*?)</script>', page, re.DOTALL).group(1))
    status, body = send(owen, "/processes/save", file="tools.bpmn", key="tools", version=0, content=drawn)
    assert (status, body["key"], body["version"]) == (200, "tools", 1)
    assert [one["rule"] for one in body["problems"]] == ["nobody-may-do"]  # a first task, to be given to someone
    assert engine.query(get_definition, key="tools").row.name == 'Tools "&" lent'


@pytest.mark.parametrize("name", ["chen", "li"])
def test_only_owners_may_deploy_and_edit(sign_in, engine, name):
    person = sign_in(name)
    assert person.get("/processes/new").status_code == 403
    assert person.get("/processes/inspection/edit").status_code == 403
    assert person.get("/processes/inspection/decision/any/edit").status_code == 403
    assert upload(person, "/processes/deploy", ("inspection.bpmn", RENAMED)).status_code == 403
    assert upload(person, "/processes/inspection/deploy", ("inspection.bpmn", RENAMED)).status_code == 403
    for path in ("/processes/check", "/processes/save"):
        status, _ = send(person, path, file="inspection.bpmn", key="inspection", version=1, content=RENAMED)
        assert status == 403
    page = person.get("/processes").text
    assert "New process" not in page
    assert version_of(engine) == 1


def test_a_save_needs_what_it_saves(owen, engine):
    for body in ({}, {"file": "inspection.bpmn"}, [], "x"):
        answer = owen.client.post("/processes/save", json=body, headers={"X-CSRFToken": owen.token()})
        assert answer.status_code == 400
    assert {row.version for row in engine.query(list_definitions)} == {1}


def test_a_file_that_tables_import_is_shown_and_can_be_fetched(owen):
    assert (
        upload(
            owen, "/processes/deploy", ("p.bpmn", PRICED), ("price.dmn", PRICE.decode()), ("lib.dmn", LIBRARY.decode())
        ).status_code
        == 302
    )
    page = owen.get("/processes/p")
    assert "Imported by tables" in page.text
    (link,) = re.findall(r'href="(/processes/p/versions/1/decision_file/[^"]+)"', page.text)
    assert owen.get(link, follow_redirects=True).data == LIBRARY
    assert owen.get("/processes/p/edit").status_code == 200
