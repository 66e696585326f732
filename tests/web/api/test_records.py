"""Registers and files."""

from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.web.api.plant import Caller, Plant, is_problem

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


def put(caller: Caller, key: str, name: str, **more: Any) -> TestResponse:
    return caller.call("PUT", f"/records/customer/{key}", {"data": {"number": key, "name": name}, **more})


def test_a_record_is_written_read_found_and_deleted(plant: Plant) -> None:
    written = put(plant.owner, "K-1", "Harbour Conveyors")
    assert written.json is not None
    assert (written.status_code, written.json["title"]) == (200, "Harbour Conveyors")
    read = plant.inspector.get("/records/customer/K-1").json
    assert read is not None
    assert read["data"] == {"number": "K-1", "name": "Harbour Conveyors"}
    found = plant.inspector.get("/records/customer?q=harbour").json["items"]  # type: ignore[index]
    assert [record["key"] for record in found] == ["K-1"]
    assert plant.inspector.get("/records/customer?q=nothing-like-it").json["items"] == []  # type: ignore[index]
    assert is_problem(plant.inspector.call("DELETE", "/records/customer/K-1"), 403)
    assert plant.owner.call("DELETE", "/records/customer/K-1").status_code == 204
    assert is_problem(plant.inspector.get("/records/customer/K-1"), 404)


def test_a_record_that_breaks_its_form_is_refused_with_its_fields(plant: Plant) -> None:
    response = plant.owner.call("PUT", "/records/customer/K-2", {"data": {"number": "K-2"}})
    assert is_problem(response, 422)
    assert "name" in response.json["errors"]  # type: ignore[index]


def test_a_record_changed_meanwhile_is_not_overwritten(plant: Plant) -> None:
    revision = put(plant.owner, "K-3", "First").json["revision"]  # type: ignore[index]
    put(plant.owner, "K-3", "Second")
    assert is_problem(put(plant.owner, "K-3", "Third", revision=revision), 409)


def test_registers_are_listed_with_their_size(plant: Plant) -> None:
    put(plant.owner, "K-4", "Counted")
    items = plant.inspector.get("/records").json["items"]  # type: ignore[index]
    register = next(item for item in items if item["type"] == "customer")
    assert (register["name"], register["count"] >= 1) == ("Customer", True)


def attach(caller: Caller, task: dict[str, Any], data: bytes, name: str) -> TestResponse:
    path = f"/tasks/{task['id']}/attachments?field=photo"
    parts = {"file": (BytesIO(data), name, "text/html")}
    return caller.call("POST", path, data=parts, content_type="multipart/form-data")


def test_a_file_is_attached_and_comes_back_as_a_download(plant: Plant) -> None:
    case = plant.inspector.started("open_task")
    task = plant.inspector.task_of(case)
    plant.inspector.post(f"/tasks/{task['id']}/claim")
    made = attach(plant.inspector, task, PNG, "../../etc/frame<b>.png")
    assert made.status_code == 201
    attachment = dict(made.json or {})
    assert (attachment["name"], attachment["media_type"]) == ("frame<b>.png", "image/png")
    assert (attachment["size"], attachment["field"]) == (len(PNG), "photo")
    listed = plant.inspector.get(f"/instances/{case['id']}/attachments").json["items"]  # type: ignore[index]
    assert [item["id"] for item in listed] == [attachment["id"]]
    got = plant.inspector.get(f"/attachments/{attachment['id']}")
    assert (got.data, got.mimetype) == (PNG, "image/png")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]


def test_a_file_of_a_case_that_one_may_not_see_is_not_there(plant: Plant) -> None:
    task = plant.inspector.task_of(plant.inspector.started("open_task"))
    made = attach(plant.inspector, task, PNG, "a.png")
    assert is_problem(plant.stranger.get(f"/attachments/{(made.json or {})['id']}"), 404)
    assert is_problem(attach(plant.stranger, task, PNG, "b.png"), 404)


@pytest.mark.parametrize("data", [b"", b"MZ\x90\0\x03" + b"\0" * 60, b"\x7fELF\x02\x01\x01\0\0"])
def test_programs_and_empty_files_are_refused(plant: Plant, data: bytes) -> None:
    task = plant.inspector.task_of(plant.inspector.started("open_task"))
    response = attach(plant.inspector, task, data, "photo.png")
    assert is_problem(response, 422)
    assert "file" in response.json["errors"]  # type: ignore[index]


def test_markup_is_kept_as_text(plant: Plant) -> None:
    task = plant.inspector.task_of(plant.inspector.started("open_task"))
    made = attach(plant.inspector, task, b"<html><script>alert(1)</script>", "page.html")
    assert (made.json or {})["media_type"] == "text/plain"
