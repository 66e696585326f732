"""What comes from outside: messages, signals, timers moved, external workers, incidents."""

from typing import Any

import pytest

from tests.web.api.plant import Caller, Plant, is_problem


def test_a_message_reaches_the_case_with_its_key(plant: Plant) -> None:
    waiting = plant.admin.started("paid_case", variables={"order": "O-1"})
    other = plant.admin.started("paid_case", variables={"order": "O-2"})
    body = {"name": "paid", "correlation_key": "O-1", "variables": {"amount": 5}}
    response = plant.admin.post("/messages", body)
    assert (response.status_code, response.json) == (200, {"instance_ids": [waiting["id"]]})
    case = plant.admin.get(f"/instances/{waiting['id']}").json
    assert case is not None
    assert (case["state"], case["variables"]["amount"]) == ("completed", 5)
    assert plant.admin.get(f"/instances/{other['id']}").json["state"] == "running"  # type: ignore[index]
    assert is_problem(plant.admin.post("/messages", body), 404)


def test_a_signal_reaches_every_case_that_waits(plant: Plant) -> None:
    cases = [plant.admin.started("alarm_case")["id"] for _ in range(2)]
    response = plant.admin.post("/signals", {"name": "alarm"})
    assert response.status_code == 200
    assert set(cases) <= set(response.json["instance_ids"])  # type: ignore[index]
    assert plant.admin.post("/signals", {"name": "alarm"}).json == {"instance_ids": []}


def test_a_timer_moved_into_the_past_fires_at_once(plant: Plant) -> None:
    case = plant.admin.started("pause_case")
    items = plant.admin.get(f"/timers?instance_id={case['id']}").json["items"]  # type: ignore[index]
    assert [(timer["element_id"], timer["due_at"]) for timer in items] == [("pause", "2026-03-02T09:00:00Z")]
    assert is_problem(
        plant.inspector.call("PATCH", f"/timers/{items[0]['id']}", {"due_at": "2026-03-02T07:00:00Z"}), 403
    )
    moved = plant.admin.call("PATCH", f"/timers/{items[0]['id']}", {"due_at": "2026-03-02T11:00:00+02:00"})
    assert (moved.status_code, moved.json["due_at"]) == (200, "2026-03-02T09:00:00Z")  # type: ignore[index]
    fired = plant.admin.call("PATCH", f"/timers/{items[0]['id']}", {"due_at": "2026-03-02T07:59:59Z"})
    assert fired.status_code == 200
    assert plant.admin.task_of(case)["element_id"] == "after"
    assert plant.admin.get(f"/timers?instance_id={case['id']}").json["items"] == []  # type: ignore[index]
    assert is_problem(plant.admin.call("PATCH", f"/timers/{items[0]['id']}", {"due_at": "2026-03-02T07:00:00Z"}), 404)


@pytest.mark.parametrize("due_at", ["2026-03-02T08:00:00", "tomorrow", 7, None, "0001-01-01T00:00:00+14:00"])
def test_a_due_instant_needs_an_offset(plant: Plant, due_at: Any) -> None:
    assert is_problem(plant.admin.call("PATCH", "/timers/none", {"due_at": due_at}), 422)


def activate(caller: Caller, case: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    body = {"types": ["*"], "max": 10, "lease_s": 60, "instance_id": case["id"], **more}
    response = caller.post("/jobs/activate", body)
    assert response.status_code == 200, response.text
    assert (response.json or {})["next"] is None
    items: list[dict[str, Any]] = (response.json or {})["items"]
    return items


def test_a_worker_fetches_a_job_and_hands_back_its_result(plant: Plant) -> None:
    case = plant.admin.started("machine_work", variables={"part": "frame"})
    (job,) = activate(plant.admin, case, types=["weld"])
    assert (job["type"], job["element_id"], job["headers"]) == ("weld", "weld", {"colour": "red"})
    assert (job["variables"], job["retries"]) == ({"part": "frame"}, 2)
    assert job["lease_until"] == "2026-03-02T08:01:00Z"
    assert activate(plant.admin, case) == []
    assert plant.admin.post(f"/jobs/{job['id']}/extend", {"lease_s": 600}).status_code == 204
    assert plant.admin.post(f"/jobs/{job['id']}/complete", {"variables": {"seam": "ok"}}).status_code == 204
    ended = plant.admin.get(f"/instances/{case['id']}").json
    assert ended is not None
    assert (ended["state"], ended["variables"]) == ("completed", {"part": "frame", "seam": "ok"})
    assert is_problem(plant.admin.post(f"/jobs/{job['id']}/complete", {}), 404)


def test_a_job_that_keeps_failing_becomes_an_incident_that_can_be_retried(plant: Plant) -> None:
    case = plant.admin.started("machine_work")
    for tries_left in (1, 0):
        (job,) = activate(plant.admin, case)
        body = {"message": "no gas", "retries": tries_left}
        assert plant.admin.post(f"/jobs/{job['id']}/fail", body).status_code == 204
    (incident,) = plant.admin.get(f"/incidents?instance_id={case['id']}").json["items"]  # type: ignore[index]
    assert (incident["element_id"], "no gas" in incident["message"]) == ("weld", True)
    assert plant.admin.get(f"/instances/{case['id']}").json["incidents"] == 1  # type: ignore[index]
    retried = plant.admin.post(f"/incidents/{incident['id']}/retry")
    assert retried.json is not None
    assert (retried.status_code, retried.json["incidents"]) == (200, 0)
    assert len(activate(plant.admin, case)) == 1
    assert is_problem(plant.admin.post(f"/incidents/{incident['id']}/retry"), 409)


def test_a_job_that_failed_waits_before_the_next_try(plant: Plant) -> None:
    case = plant.admin.started("machine_work")
    (job,) = activate(plant.admin, case)
    plant.admin.post(f"/jobs/{job['id']}/fail", {"message": "busy", "backoff_s": 30})
    assert activate(plant.admin, case) == []
    (listed,) = plant.admin.get(f"/jobs?instance_id={case['id']}").json["items"]  # type: ignore[index]
    assert (listed["id"], listed["retries"], listed["lease_until"]) == (job["id"], 1, None)


def test_jobs_of_a_suspended_case_wait_until_it_is_resumed(plant: Plant) -> None:
    case = plant.admin.started("machine_work")
    plant.manager.post(f"/instances/{case['id']}/suspend")
    assert activate(plant.admin, case) == []
    plant.manager.post(f"/instances/{case['id']}/resume")
    assert len(activate(plant.admin, case)) == 1


def test_an_error_that_nothing_catches_becomes_an_incident(plant: Plant) -> None:
    case = plant.admin.started("machine_work")
    (job,) = activate(plant.admin, case)
    assert plant.admin.post(f"/jobs/{job['id']}/throw", {"error_code": "BENT"}).status_code == 204
    assert plant.admin.get(f"/instances/{case['id']}").json["incidents"] == 1  # type: ignore[index]


def test_staff_are_no_workers(plant: Plant) -> None:
    body = {"types": ["weld"], "max": 1, "lease_s": 10}
    assert is_problem(plant.inspector.post("/jobs/activate", body), 403)
