"""Messages with a time to live through REST."""

from typing import Any

import pytest

from tests.web.api.plant import Plant, is_problem


def test_a_message_waits_for_a_case_and_is_taken_once(plant: Plant) -> None:
    body = {"name": "paid", "correlation_key": "W-1", "ttl_s": 60}
    response = plant.admin.post("/messages", body)
    assert response.status_code == 200
    assert response.json == {"instance_ids": [], "waits_until": "2026-03-02T08:01:00Z"}
    cases = [plant.admin.started("paid_case", variables={"order": "W-1"}) for _ in range(2)]
    assert [case["state"] for case in cases] == ["completed", "running"]
    taken = plant.admin.post("/messages", body)
    assert taken.json == {"instance_ids": [cases[1]["id"]]}


def test_without_a_time_to_live_nobody_waiting_is_404(plant: Plant) -> None:
    assert is_problem(plant.admin.post("/messages", {"name": "paid", "correlation_key": "W-2"}), 404)
    assert is_problem(plant.admin.post("/messages", {"name": "paid", "correlation_key": "W-2", "ttl_s": 0}), 404)


@pytest.mark.parametrize("ttl", [-1, "soon", None, 1e12])
def test_a_time_to_live_is_a_span_of_at_most_a_year(plant: Plant, ttl: Any) -> None:
    assert is_problem(plant.admin.post("/messages", {"name": "paid", "ttl_s": ttl}), 422)


def test_staff_may_not_let_messages_wait(plant: Plant) -> None:
    assert is_problem(plant.inspector.post("/messages", {"name": "paid", "correlation_key": "W-3", "ttl_s": 5}), 403)
