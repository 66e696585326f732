"""The description: true of every call, and shown without anything from elsewhere."""

import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.api.plant import Plant

CONTRACT = {
    "POST /deployments", "GET /definitions", "GET /definitions/{key}", "GET /definitions/{key}/versions/{version}/xml",
    "POST /instances", "GET /instances", "GET /instances/{instance_id}", "GET /instances/{instance_id}/history",
    "POST /instances/{instance_id}/cancel", "POST /instances/{instance_id}/suspend",
    "POST /instances/{instance_id}/resume", "GET /records/{type}", "GET /records/{type}/{key}",
    "PUT /records/{type}/{key}", "DELETE /records/{type}/{key}", "GET /tasks", "GET /tasks/{task_id}",
    "GET /tasks/{task_id}/form", "POST /tasks/{task_id}/claim", "POST /tasks/{task_id}/release",
    "POST /tasks/{task_id}/assign", "POST /tasks/{task_id}/complete", "POST /messages", "POST /signals", "GET /timers",
    "PATCH /timers/{timer_id}", "GET /jobs", "GET /incidents", "POST /incidents/{incident_id}/retry",
    "POST /jobs/activate", "POST /jobs/{job_id}/complete", "POST /jobs/{job_id}/fail", "POST /jobs/{job_id}/throw",
    "POST /jobs/{job_id}/extend", "POST /decisions/{key}/evaluate",
}  # fmt: skip


@pytest.fixture(scope="module")
def description(plant: Plant) -> dict[str, Any]:
    response = plant.app.test_client().get("/api/v1/openapi.json")
    assert response.status_code == HTTPStatus.OK
    return dict(response.json or {})


def test_every_call_of_the_contract_is_described(description: dict[str, Any]) -> None:
    described = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, item in description["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert described >= CONTRACT


def test_every_call_needs_a_token_and_says_what_errors_look_like(description: dict[str, Any]) -> None:
    for path, item in description["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            assert operation["security"] == [{"bearer": []}], (method, path)
            assert {"401", "default"} <= operation["responses"].keys(), (method, path)
    for response in description["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]


@pytest.fixture(scope="module")
def api_schema(plant: Plant) -> schemathesis.BaseSchema:
    plant.app.extensions["closeloop_waiting"] = None  # no made-up call waits a minute for jobs
    plant.admin.started("open_task")
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", plant.app)


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.mark.parametrize("call", sorted(CONTRACT))
def test_the_api_does_as_it_is_described(call: str, api_schema: schemathesis.BaseSchema, plant: Plant) -> None:
    method, path = call.split()
    operation = api_schema[f"/api/v1{path}"][method]

    @given(case=operation.as_strategy())
    @settings(max_examples=15, phases=[Phase.generate], derandomize=True, suppress_health_check=list(HealthCheck))
    def each(case: schemathesis.Case) -> None:
        response = case.call(headers={"Authorization": f"Bearer {plant.admin.token}"})
        case.validate_response(response, checks=CHECKS)

    each()


def test_the_page_of_the_api_needs_nothing_from_elsewhere(plant: Plant) -> None:
    response = plant.app.test_client().get("/api/docs")
    assert response.status_code == HTTPStatus.OK
    assert "/api/v1/tasks/{task_id}/complete" in response.text
    loaded = re.findall(r'(?:src|href)="([^"#][^"]*)"', response.text)
    assert loaded
    assert all(address.startswith("/") for address in loaded)
    assert "unsafe-eval" not in response.headers["Content-Security-Policy"]
    assert Path(plant.app.static_folder or "").is_dir()
