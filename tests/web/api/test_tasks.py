"""Starting cases and working on their tasks."""

import pytest

from tests.web.api.plant import Plant, is_problem

INSTANCE = {
    "id", "definition_key", "definition_version", "business_key", "state", "variables", "active_elements",
    "completed_elements", "incidents", "started_at", "ended_at",
}  # fmt: skip
TASK = {
    "id", "name", "element_id", "instance_id", "assignee", "candidate_groups", "priority", "due_at", "follow_up_at",
    "form_key", "revision", "state",
}  # fmt: skip


def test_a_case_runs_from_start_to_end(plant: Plant) -> None:
    case = plant.inspector.started("review_case", business_key="B-1", variables={"size": 3})
    assert case.keys() >= INSTANCE
    assert (case["state"], case["active_elements"], case["business_key"]) == ("running", ["review"], "B-1")
    assert case["started_at"] == "2026-03-02T08:00:00Z"

    task = plant.inspector.task_of(case)
    assert task.keys() >= TASK
    assert (task["element_id"], task["assignee"], task["candidate_groups"]) == ("review", None, ["quality"])
    claimed = plant.inspector.post(f"/tasks/{task['id']}/claim")
    assert claimed.json is not None
    assert (claimed.status_code, claimed.json["assignee"]) == (200, "ivan")

    done = plant.inspector.post(f"/tasks/{task['id']}/complete", {"variables": {"approved": True, "note": "fine"}})
    assert done.status_code == 200
    assert done.json == {"instance_id": case["id"], "instance_state": "completed", "next_task_ids": []}
    ended = plant.inspector.get(f"/instances/{case['id']}").json
    assert ended is not None
    assert ended["completed_elements"] == ["start", "review", "end"]
    assert ended["variables"] == {"size": 3, "approved": True, "note": "fine"}
    assert ended["ended_at"] == "2026-03-02T08:00:00Z"


def test_a_form_refuses_with_a_message_for_each_field_and_changes_nothing(plant: Plant) -> None:
    case = plant.inspector.started("review_case")
    task = plant.inspector.task_of(case)
    plant.inspector.post(f"/tasks/{task['id']}/claim")
    response = plant.inspector.post(f"/tasks/{task['id']}/complete", {"variables": {"approved": "perhaps"}})
    assert is_problem(response, 422)
    assert response.json is not None
    assert set(response.json["errors"]) == {"approved", "note"}
    assert plant.inspector.task_of(case)["state"] == "open"


def test_a_task_without_a_form_takes_any_variables(plant: Plant) -> None:
    case = plant.admin.started("open_task")
    task = plant.admin.task_of(case)
    variables = {"list": [1, 2.5, None], "text": "=1+1 ${x} {{y}}", "deep": {"a": {"b": True}}}
    assert plant.admin.post(f"/tasks/{task['id']}/complete", {"variables": variables}).status_code == 200
    shown = plant.admin.get(f"/instances/{case['id']}").json
    assert shown is not None
    assert shown["variables"] == variables


def test_only_the_first_claim_wins(plant: Plant) -> None:
    task = plant.admin.task_of(plant.admin.started("open_task"))
    assert plant.inspector.post(f"/tasks/{task['id']}/claim").status_code == 200
    assert is_problem(plant.colleague.post(f"/tasks/{task['id']}/claim"), 409)
    assert is_problem(plant.colleague.post(f"/tasks/{task['id']}/complete", {"variables": {}}), 403)
    assert plant.inspector.post(f"/tasks/{task['id']}/release").json["assignee"] is None  # type: ignore[index]
    assert plant.colleague.post(f"/tasks/{task['id']}/claim").status_code == 200
    assert plant.colleague.post(f"/tasks/{task['id']}/assign", {"assignee": "ivan"}).json["assignee"] == "ivan"  # type: ignore[index]


def test_a_task_is_completed_once(plant: Plant) -> None:
    task = plant.admin.task_of(plant.admin.started("open_task"))
    assert plant.admin.post(f"/tasks/{task['id']}/complete", {}).status_code == 200
    assert is_problem(plant.admin.post(f"/tasks/{task['id']}/complete", {}), 409)


def test_an_old_revision_is_refused(plant: Plant) -> None:
    task = plant.admin.task_of(plant.admin.started("open_task"))
    plant.inspector.post(f"/tasks/{task['id']}/claim")
    body = {"variables": {}, "revision": task["revision"]}
    assert is_problem(plant.inspector.post(f"/tasks/{task['id']}/complete", body), 409)


def test_the_same_key_gets_the_same_answer(plant: Plant) -> None:
    key = {"headers": {"Idempotency-Key": "order-7"}}
    body = {"definition_key": "open_task", "business_key": "once"}
    first = plant.admin.post("/instances", body, **key)
    again = plant.admin.post("/instances", body, **key)
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert is_problem(plant.admin.post("/instances", {"definition_key": "open_task"}, **key), 409)

    task = plant.admin.task_of(dict(first.json or {}))
    key = {"headers": {"Idempotency-Key": "done-7"}}
    done = plant.admin.post(f"/tasks/{task['id']}/complete", {"variables": {"a": 1}}, **key)
    assert done.status_code == 200
    repeated = plant.admin.post(f"/tasks/{task['id']}/complete", {"variables": {"a": 1}}, **key)
    assert (repeated.status_code, repeated.json) == (200, done.json)


def test_every_post_that_changes_state_takes_a_key(plant: Plant) -> None:
    task = plant.admin.task_of(plant.admin.started("open_task"))
    for act, body in (("claim", None), ("assign", {"assignee": "ivan"}), ("release", None)):
        key = {"headers": {"Idempotency-Key": f"{act}-1"}}
        first = plant.admin.post(f"/tasks/{task['id']}/{act}", body, **key)
        again = plant.admin.post(f"/tasks/{task['id']}/{act}", body, **key)
        assert (first.status_code, again.status_code) == (200, 200), act
        assert first.json == again.json
    assert is_problem(plant.admin.post(f"/tasks/{task['id']}/claim", headers={"Idempotency-Key": "x" * 256}), 422)


def test_others_do_not_know_of_a_task_or_its_case(plant: Plant) -> None:
    case = plant.admin.started("open_task")
    task = plant.admin.task_of(case)
    for path in (
        f"/tasks/{task['id']}",
        f"/tasks/{task['id']}/form",
        f"/instances/{case['id']}",
        f"/instances/{case['id']}/history",
    ):
        assert is_problem(plant.stranger.get(path), 404), path
    for act in ("claim", "release", "complete"):
        assert is_problem(plant.stranger.post(f"/tasks/{task['id']}/{act}"), 404), act
    listed = plant.stranger.get(f"/tasks?instance_id={case['id']}")
    assert (listed.status_code, listed.json) == (200, {"items": [], "next": None})


def test_lists_go_on_where_the_page_before_ended(plant: Plant) -> None:
    for number in range(5):
        plant.admin.started("pause_case", business_key=f"page-{number}")
    seen: list[str] = []
    cursor = ""
    while True:
        page = plant.admin.get(f"/instances?definition_key=pause_case&limit=2{cursor}").json
        assert page is not None
        assert len(page["items"]) <= 2
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == len(set(seen)) >= 5


def test_tasks_are_found_by_who_has_them(plant: Plant) -> None:
    case = plant.admin.started("open_task")
    task = plant.admin.task_of(case)
    query = f"/tasks?instance_id={case['id']}"
    assert len(plant.inspector.get(f"{query}&candidate=me").json["items"]) == 1  # type: ignore[index]
    assert plant.inspector.get(f"{query}&assignee=me").json["items"] == []  # type: ignore[index]
    plant.inspector.post(f"/tasks/{task['id']}/claim")
    for assignee in ("me", "ivan"):
        assert len(plant.inspector.get(f"{query}&assignee={assignee}").json["items"]) == 1  # type: ignore[index]
    assert plant.inspector.get(f"{query}&state=completed").json["items"] == []  # type: ignore[index]


def test_a_task_shows_its_form_and_what_it_sees(plant: Plant) -> None:
    case = plant.inspector.started("review_case", variables={"note": "old"})
    form = plant.inspector.get(f"/tasks/{plant.inspector.task_of(case)['id']}/form").json
    assert form is not None
    assert form["key"] == "review-form"
    assert [component["key"] for component in form["schema"]["components"]] == ["approved", "note"]
    assert form["data"] == {"note": "old"}
    plain = plant.admin.task_of(plant.admin.started("open_task"))
    assert plant.admin.get(f"/tasks/{plain['id']}/form").json == {"key": None, "schema": None, "data": {}}


def test_history_is_oldest_first(plant: Plant) -> None:
    case = plant.admin.started("open_task")
    plant.admin.post(f"/tasks/{plant.admin.task_of(case)['id']}/complete", {})
    items = plant.admin.get(f"/instances/{case['id']}/history").json["items"]  # type: ignore[index]
    assert items[0]["kind"] == "InstanceStarted"
    assert [item["seq"] for item in items] == list(range(1, len(items) + 1))
    assert {"TaskOpened", "TaskCompleted", "InstanceCompleted"} <= {item["kind"] for item in items}


@pytest.mark.parametrize(("act", "state"), [("suspend", "suspended"), ("cancel", "cancelled")])
def test_managers_stop_cases(plant: Plant, act: str, state: str) -> None:
    case = plant.inspector.started("open_task")
    assert is_problem(plant.inspector.post(f"/instances/{case['id']}/{act}"), 403)
    stopped = plant.manager.post(f"/instances/{case['id']}/{act}")
    assert stopped.json is not None
    assert (stopped.status_code, stopped.json["state"]) == (200, state)
    items = plant.manager.get(f"/instances?state={state}").json["items"]  # type: ignore[index]
    assert case["id"] in [item["id"] for item in items]


def test_a_suspended_case_goes_on_when_resumed(plant: Plant) -> None:
    case = plant.admin.started("open_task")
    task = plant.admin.task_of(case)
    plant.manager.post(f"/instances/{case['id']}/suspend")
    assert is_problem(plant.admin.post(f"/tasks/{task['id']}/complete", {}), 409)
    assert plant.manager.post(f"/instances/{case['id']}/resume").json["state"] == "running"  # type: ignore[index]
    assert plant.admin.post(f"/tasks/{task['id']}/complete", {}).status_code == 200


def test_an_unknown_definition_or_version_is_not_found(plant: Plant) -> None:
    assert is_problem(plant.admin.post("/instances", {"definition_key": "none"}), 404)
    assert is_problem(plant.admin.post("/instances", {"definition_key": "open_task", "version": 99}), 404)
