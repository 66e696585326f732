"""Cases moved to another version through REST: what moved, what would, and what is in the way."""

from typing import Any

import pytest

from tests.web.api.plant import END, START, TIMER, Plant, is_problem, line, user_task


def two_versions(plant: Plant, key: str, first: str, second: str) -> dict[str, Any]:
    """Deploy a process, start a case, deploy another version; return the case."""
    for body in (first, second):
        assert plant.owner.deploy({f"{key}.bpmn": line(key, START, body, END)}).status_code == 201
        if body is first:
            case = plant.admin.started(key)
    return case


def test_a_case_moves_and_answers_what_moved(plant: Plant) -> None:
    case = two_versions(plant, "moving", user_task("work"), user_task("work").replace('name="Work"', 'name="Labour"'))
    task = plant.admin.task_of(case)
    response = plant.owner.post(f"/instances/{case['id']}/migrate", {"version": 2})
    assert response.status_code == 200, response.text
    assert response.json == {
        "id": case["id"],
        "definition_key": "moving",
        "from_version": 1,
        "version": 2,
        "dry_run": False,
        "moved": [{"element": "work", "target": "work"}],
        "armed": [],
        "disarmed": [],
        "renamed_tasks": [task["id"]],
    }
    assert (plant.admin.get(f"/instances/{case['id']}").json or {})["definition_version"] == 2
    after = plant.admin.task_of(case)
    assert (after["id"], after["name"], after["due_at"]) == (task["id"], "Labour", task["due_at"])


def test_a_dry_run_changes_nothing(plant: Plant) -> None:
    case = two_versions(plant, "rehearsed", user_task("work"), user_task("work").replace('name="Work"', 'name="Try"'))
    response = plant.owner.post(f"/instances/{case['id']}/migrate", {"version": 2, "dry_run": True})
    assert (response.json or {})["dry_run"] is True
    assert plant.admin.get(f"/instances/{case['id']}").json == case


def test_a_refusal_lists_the_elements_with_reasons_until_they_are_mapped(plant: Plant) -> None:
    case = two_versions(plant, "renamed", user_task("work"), user_task("labour"))
    path = f"/instances/{case['id']}/migrate"
    response = plant.owner.post(path, {"version": 2})
    assert is_problem(response, 422)
    (element,) = (response.json or {})["elements"]
    assert (element["element"], element["rule"]) == ("work", "element-removed")
    assert "Work" in element["reason"]
    response = plant.owner.post(path, {"version": 2, "mapping": {"work": "labour"}})
    assert (response.json or {})["moved"] == [{"element": "work", "target": "labour"}]
    assert plant.admin.task_of(case)["element_id"] == "labour"


def test_a_due_instant_stays(plant: Plant) -> None:
    case = two_versions(plant, "paused", TIMER, TIMER.replace("PT1H", "PT9H"))
    before = (plant.admin.get(f"/timers?instance_id={case['id']}").json or {})["items"]
    assert plant.owner.post(f"/instances/{case['id']}/migrate", {"version": 2}).status_code == 200
    assert (plant.admin.get(f"/timers?instance_id={case['id']}").json or {})["items"] == before


@pytest.mark.parametrize(
    "body",
    [{}, {"version": "2"}, {"version": 0}, {"version": 1, "mapping": []}, {"version": 1, "dry_run": "yes"}],
)
def test_a_body_that_breaks_its_rules_is_refused(plant: Plant, body: dict[str, Any]) -> None:
    case = plant.admin.started("open_task")
    assert is_problem(plant.owner.post(f"/instances/{case['id']}/migrate", body), 422)


def test_the_same_request_again_gets_the_same_answer(plant: Plant) -> None:
    case = two_versions(plant, "repeated", user_task("work"), user_task("work").replace('name="Work"', 'name="Again"'))
    headers = {"Idempotency-Key": f"move-{case['id']}"}
    first, again = (
        plant.owner.post(f"/instances/{case['id']}/migrate", {"version": 2}, headers=headers) for _ in range(2)
    )
    assert first.status_code == again.status_code == 200
    assert first.json == again.json
