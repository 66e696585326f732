"""Every call, every role: who may, who may not, and who may not even know."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.web.api.plant import END, START, Caller, Plant, line
from tests.web.api.plant import TABLE as DECISIONS

ROLES = ("admin", "owner", "manager", "inspector", "stranger")  # the inspector is a candidate of the tasks
Act = Callable[[Caller, Plant], TestResponse]


def case_act(path: str, key: str = "open_task", prepare: str = "") -> Act:
    def act(caller: Caller, plant: Plant) -> TestResponse:
        case = plant.admin.started(key)
        if prepare:
            plant.admin.post(f"/instances/{case['id']}/{prepare}")
        return caller.call("GET" if not path or path == "/history" else "POST", f"/instances/{case['id']}{path}")

    return act


def migration(caller: Caller, plant: Plant) -> TestResponse:
    case = plant.admin.started("open_task")
    return caller.post(f"/instances/{case['id']}/migrate", {"version": case["definition_version"], "dry_run": True})


def task_act(path: str, body: Any = None, claimed_by: str = "") -> Act:
    def act(caller: Caller, plant: Plant) -> TestResponse:
        task = plant.admin.task_of(plant.admin.started("open_task"))
        if claimed_by:
            plant.admin.post(f"/tasks/{task['id']}/assign", {"assignee": claimed_by})
        reads = path in ("", "/form")
        return caller.call("GET" if reads else "POST", f"/tasks/{task['id']}{path}", body)

    return act


def deployment(caller: Caller, _plant: Plant) -> TestResponse:
    return caller.deploy({"role.bpmn": line("role_check", START, END)})


def decision_check(caller: Caller, _plant: Plant) -> TestResponse:
    parts = [(BytesIO(DECISIONS), "a.dmn")]
    return caller.call("POST", "/decisions/check", data={"files": parts}, content_type="multipart/form-data")


def timer(caller: Caller, plant: Plant) -> TestResponse:
    case = plant.admin.started("pause_case")
    (armed,) = (plant.admin.get(f"/timers?instance_id={case['id']}").json or {})["items"]
    return caller.call("PATCH", f"/timers/{armed['id']}", {"due_at": "2026-04-01T00:00:00Z"})


def incident(caller: Caller, plant: Plant) -> TestResponse:
    case = plant.admin.started("machine_work")
    body = {"types": ["weld"], "max": 1, "lease_s": 60, "instance_id": case["id"]}
    (job,) = (plant.admin.post("/jobs/activate", body).json or {})["items"]
    plant.admin.post(f"/jobs/{job['id']}/fail", {"message": "no", "retries": 0})
    (raised,) = (plant.admin.get(f"/incidents?instance_id={case['id']}").json or {})["items"]
    return caller.post(f"/incidents/{raised['id']}/retry")


def job(act: str, body: dict[str, Any]) -> Act:
    def do(caller: Caller, plant: Plant) -> TestResponse:
        case = plant.admin.started("machine_work")
        wanted = {"types": ["weld"], "max": 1, "lease_s": 60, "instance_id": case["id"]}
        (found,) = (plant.admin.post("/jobs/activate", wanted).json or {})["items"]
        return caller.post(f"/jobs/{found['id']}/{act}", body)

    return do


def message(caller: Caller, plant: Plant) -> TestResponse:
    case = plant.admin.started("paid_case", variables={"order": caller.token})
    return caller.post("/messages", {"name": "paid", "correlation_key": case["variables"]["order"]})


def record(method: str) -> Act:
    def act(caller: Caller, plant: Plant) -> TestResponse:
        body = {"data": {"number": "R-1", "name": "Role"}}
        plant.admin.call("PUT", "/records/customer/R-1", body)
        return caller.call(method, "/records/customer/R-1", body if method == "PUT" else None)

    return act


#                                                     admin owner manager inspector stranger
TABLE: tuple[tuple[str, Act, tuple[int, int, int, int, int]], ...] = (
    ("deploy", deployment, (201, 201, 403, 403, 403)),
    ("check decisions", decision_check, (200, 200, 403, 403, 403)),
    ("migrate a case", migration, (200, 200, 403, 403, 404)),
    ("see a case", case_act(""), (200, 404, 200, 200, 404)),
    ("read its history", case_act("/history"), (200, 404, 200, 200, 404)),
    ("cancel a case", case_act("/cancel"), (200, 404, 200, 403, 404)),
    ("suspend a case", case_act("/suspend"), (200, 404, 200, 403, 404)),
    ("resume a case", case_act("/resume", prepare="suspend"), (200, 404, 200, 403, 404)),
    ("see a task", task_act(""), (200, 404, 200, 200, 404)),
    ("see its form", task_act("/form"), (200, 404, 200, 200, 404)),
    ("claim a task", task_act("/claim"), (200, 404, 200, 200, 404)),
    ("claim another's task", task_act("/claim", claimed_by="chen"), (409, 404, 409, 409, 404)),
    ("release another's task", task_act("/release", claimed_by="chen"), (200, 404, 200, 403, 404)),
    ("assign a task", task_act("/assign", {"assignee": "chen"}), (200, 404, 200, 403, 404)),
    ("complete an unclaimed task", task_act("/complete", {}), (200, 404, 403, 403, 404)),
    ("complete another's task", task_act("/complete", {}, claimed_by="chen"), (200, 404, 403, 403, 404)),
    ("complete one's own task", task_act("/complete", {}, claimed_by="ivan"), (200, 404, 403, 200, 404)),
    ("move a timer", timer, (200, 403, 200, 403, 403)),
    ("retry an incident", incident, (200, 404, 200, 404, 404)),
    ("complete a job", job("complete", {}), (204, 403, 403, 403, 403)),
    ("fail a job", job("fail", {"message": "no"}), (204, 403, 403, 403, 403)),
    ("throw from a job", job("throw", {"error_code": "E"}), (204, 403, 403, 403, 403)),
    ("extend a job", job("extend", {"lease_s": 9}), (204, 403, 403, 403, 403)),
    ("send a message to a case", message, (200, 404, 200, 404, 404)),
    (
        "broadcast a signal",
        lambda caller, _plant: caller.post("/signals", {"name": "nobody"}),
        (200, 403, 200, 403, 403),
    ),
    ("read a record", record("GET"), (200, 200, 200, 200, 200)),
    ("write a record", record("PUT"), (200, 200, 200, 403, 403)),
    ("delete a record", record("DELETE"), (204, 204, 204, 403, 403)),
)


@pytest.mark.parametrize(("act", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_role_may_what_the_table_says(plant: Plant, act: Act, expected: tuple[int, ...]) -> None:
    found = tuple(act(getattr(plant, role), plant).status_code for role in ROLES)
    assert dict(zip(ROLES, found, strict=True)) == dict(zip(ROLES, expected, strict=True))


def calls(plant: Plant) -> list[tuple[str, str]]:
    """Return every described call with made-up ids."""
    paths = (plant.app.test_client().get("/api/v1/openapi.json").json or {})["paths"]
    return [
        (method.upper(), path.replace("{version}", "1").replace("{", "").replace("}", ""))
        for path, item in paths.items()
        for method in item
        if method != "parameters"
    ]


def test_nobody_gets_in_without_a_token(plant: Plant) -> None:
    client = plant.app.test_client()
    described = calls(plant)
    assert len(described) > 35
    for method, path in described:
        assert client.open(path, method=method, json={}).status_code == 401, (method, path)


@pytest.mark.parametrize("variant", ["{}/", "{}//", "{};a=b", "{}/.", "{}/..", "{}%2f", "{}.json", "/{}", "/x/..{}"])
def test_no_variant_of_an_address_gets_past_the_token(plant: Plant, variant: str) -> None:
    client = plant.app.test_client()
    for method, path in calls(plant):
        response = client.open(variant.format(path), method=method)
        assert response.status_code in (308, 401, 404, 405), (method, path)
        if response.status_code == 308:
            assert client.open(response.headers["Location"], method=method).status_code in (401, 404, 405)
