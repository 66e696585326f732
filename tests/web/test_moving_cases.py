"""The page that moves cases of an older version to the newest: tried first, then each by itself."""

import re

import pytest

from engine.queries.definitions import get_definition
from engine.queries.instances import get_instance
from tests.factories import deploy
from tests.web.conftest import MODELS, actor

INSPECTION = (MODELS / "inspection.bpmn").read_text()
RENAMED = INSPECTION.replace('name="Pack"', 'name="Pack and label"')


@pytest.fixture
def owen(sign_in):
    return sign_in("owen")


def version(engine, case):
    return engine.query(get_instance, instance_id=case, actor=actor("root")).row.definition_version


def first_task(engine):
    """Return the diagram with its first user task under another id."""
    elements = engine.query(get_definition, key="inspection").elements
    return next(name for name, one in elements.items() if one.kind == "userTask")


def test_a_version_with_cases_offers_their_move_and_tells_what_would_happen(owen, engine, start):
    cases = [start(), start()]
    deploy(engine, ("inspection.bpmn", RENAMED))
    assert "/processes/inspection/versions/1/move" in owen.get("/processes/inspection").text
    page = owen.get("/processes/inspection/versions/1/move").text
    assert "2 cases move" in page
    assert "Move 2 cases" in page
    assert [version(engine, case) for case in cases] == [1, 1]


def test_each_case_is_moved_and_its_result_told(owen, engine, start):
    cases = [start(), start()]
    deploy(engine, ("inspection.bpmn", RENAMED))
    answer = owen.post("/processes/inspection/versions/1/move", {})
    assert answer.status_code == 200
    assert "2 cases moved" in answer.text
    assert [version(engine, case) for case in cases] == [2, 2]
    assert "No case runs on version 1" in owen.get("/processes/inspection/versions/1/move").text
    assert "/versions/1/move" not in owen.get("/processes/inspection").text


def test_a_step_that_is_gone_is_mapped_on_the_page(owen, engine, start):
    case, task = start(), first_task(engine)
    renamed = re.sub(
        rf'((?: id|sourceRef|targetRef|attachedToRef|bpmnElement)=)"{task}"', r'\1"renamed_step"', INSPECTION
    )
    deploy(engine, ("inspection.bpmn", renamed))
    path = "/processes/inspection/versions/1/move"
    page = owen.get(path).text
    assert "1 case stays" in page
    assert f'name="to:{task}"' in page
    assert "1 case moves" in owen.get(f"{path}?to:{task}=renamed_step").text
    assert "1 case stays" in owen.post(path, {}).text
    assert version(engine, case) == 1
    assert "1 case moved" in owen.post(path, {f"to:{task}": "renamed_step"}).text
    assert version(engine, case) == 2


@pytest.mark.parametrize("name", ["chen", "li"])
def test_nobody_but_owners_moves_cases(sign_in, engine, start, name):
    case = start()
    deploy(engine, ("inspection.bpmn", RENAMED))
    person = sign_in(name)
    assert "/versions/1/move" not in person.get("/processes/inspection").text
    assert person.get("/processes/inspection/versions/1/move").status_code == 403
    assert person.post("/processes/inspection/versions/1/move", {}).status_code == 403
    assert version(engine, case) == 1


def test_the_page_shows_owners_no_more_of_a_case_than_where_it_stands(owen, engine, start):
    start(secret_note="only for the plant")
    deploy(engine, ("inspection.bpmn", RENAMED))
    assert "only for the plant" not in owen.get("/processes/inspection/versions/1/move").text


def test_the_newest_version_and_unknown_ones_have_no_such_page(owen):
    assert owen.get("/processes/inspection/versions/1/move").status_code == 404
    assert owen.get("/processes/inspection/versions/9/move").status_code == 404
