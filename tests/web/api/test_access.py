"""Who gets in, and what every error looks like."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.api.plant import Plant, is_problem


@pytest.mark.parametrize(
    "authorization", [None, "Bearer", "Bearer nonsense", "Basic YWRtaW46YWRtaW4=", "bearer \u00e9"]
)
def test_a_call_without_a_valid_token_is_refused_with_a_challenge(plant: Plant, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    response = plant.app.test_client().get("/api/v1/tasks", headers=headers)
    assert is_problem(response, 401)
    assert response.headers["WWW-Authenticate"].lower().startswith("bearer")


def test_a_session_cookie_does_not_open_the_api(plant: Plant) -> None:
    client = plant.app.test_client()
    with client.session_transaction() as session:
        session.update(_user_id="admin", _fresh=True, epoch=1)
    assert client.get("/profile/").status_code != 401
    assert client.get("/api/v1/tasks").status_code == 401
    assert client.post("/api/v1/instances", json={"definition_key": "open_task"}).status_code == 401


def test_the_scheme_is_read_without_regard_to_case(plant: Plant) -> None:
    headers = {"Authorization": f"bearer {plant.admin.token}"}
    assert plant.app.test_client().get("/api/v1/tasks", headers=headers).status_code == 200


def test_only_the_hash_of_a_token_is_stored(plant: Plant, tmp_path: Path) -> None:
    plant.engine.query(lambda reader: None)
    data = b"".join(path.read_bytes() for path in plant.engine.settings.data_dir.glob("closeloop.db*"))
    assert plant.admin.token.encode() not in data


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/tasks/0123456789abcdef0123456789abcdef", 404),
        ("GET", "/instances/x%00y", 404),
        ("GET", "/instances/%F0%9F%98%80", 404),
        ("GET", "/instances/" + "x" * 300, 404),
        ("DELETE", "/tasks", 405),
        ("GET", "/definitions/none", 404),
        ("GET", "/records/none", 404),
        ("GET", "/attachments/0123456789abcdef0123456789abcdef", 404),
        ("POST", "/decisions/none/evaluate", 404),
        ("PATCH", "/timers/none", 422),
    ],
)
def test_errors_are_problem_documents(plant: Plant, method: str, path: str, status: int) -> None:
    assert is_problem(plant.admin.call(method, path), status)


def test_wrong_json_is_a_problem_document(plant: Plant) -> None:
    for body in ("{", "NaN", '{"definition_key": "\\ud800"}'):
        response = plant.admin.post("/instances", data=body, content_type="application/json")
        assert is_problem(response, 400), body
        assert "JSON" in response.json["detail"]  # type: ignore[index]


def test_another_content_type_is_refused(plant: Plant) -> None:
    response = plant.admin.post("/instances", data="definition_key=open_task", content_type="text/plain")
    assert is_problem(response, 415)
    assert is_problem(plant.admin.post("/deployments", {"files": []}), 415)


def test_wrong_fields_are_named(plant: Plant) -> None:
    body = {"definition_key": 7, "version": "1", "variables": [], "colour": "red", "business_key": "a\x00b"}
    response = plant.admin.post("/instances", body)
    assert is_problem(response, 422)
    assert response.json is not None
    assert set(response.json["errors"]) == {"definition_key", "version", "variables", "colour", "business_key"}
    assert all(isinstance(text, str) for texts in response.json["errors"].values() for text in texts)


def test_variables_have_a_bound_of_depth(plant: Plant) -> None:
    deep: dict[str, object] = {}
    for _ in range(80):
        deep = {"a": deep}
    response = plant.admin.post("/instances", {"definition_key": "open_task", "variables": {"deep": deep}})
    assert is_problem(response, 422)


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=many", "state=lost", "cursor=%00", "colour=red"])
def test_wrong_queries_are_refused(plant: Plant, query: str) -> None:
    assert is_problem(plant.admin.get(f"/tasks?{query}"), 422)


@pytest.mark.parametrize(
    "path", ["/tasks", "/instances", "/history", "/timers", "/jobs", "/incidents", "/records/customer"]
)
@pytest.mark.parametrize("values", ["nonsense", ["a", "a"], [2**63, "a"], [True, "a"], [1, "\0"], [1], [[1]], {}])
def test_a_cursor_that_no_page_gave_is_refused(plant: Plant, path: str, values: Any) -> None:
    if path == "/history":
        path = f"/instances/{plant.admin.started('open_task')['id']}/history"
        values = values[:1] if values in (["a", "a"], [2**63, "a"]) else "nonsense"
    cursor = values if isinstance(values, str) else base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    assert is_problem(plant.admin.get(f"{path}?cursor={cursor}"), 422)


@pytest.mark.parametrize(
    "path", ["/api/v1/tasks/", "/api/v1//tasks", "/api/v1/tasks;x=1", "/API/v1/tasks", "/api/v1/./tasks"]
)
def test_variants_of_an_address_let_nobody_in(plant: Plant, path: str) -> None:
    response = plant.app.test_client().get(path)
    assert response.status_code in (301, 302, 308, 401, 404)
