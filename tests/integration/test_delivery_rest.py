"""A delivery through REST: one failed item, one rework, one question of the customer, then released and archived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.conftest import Plant
from tests.integration.rest import Player
from tests.integration.two_cases import delivery

FindRecord = Callable[[str, Callable[[dict[str, Any]], bool]], dict[str, Any]]


@pytest.fixture
def player(plant: Plant, find_record: FindRecord) -> Player:
    order = find_record("order", lambda row: row["customer"] == "KD-002" and row["status"] == "open")
    return plant.player(delivery(order["number"], order["serial_numbers"]))


def test_the_case_ends_in_the_archive(plant: Plant, player: Player) -> None:
    player.start()
    for step in player.case.steps:
        player.play(step)
        plant.move(minutes=40)
    case = player.instance()
    assert (case["state"], case["active_elements"], case["incidents"]) == ("completed", [], 0)
    assert case["completed_elements"][-1] == "delivered"
    for element, times in {"rework": 1, "sum_up": 2, "issue_sheet": 1, "settle_points": 1, "release": 1}.items():
        assert case["completed_elements"].count(element) == times, element
    variables = case["variables"]
    assert variables["acceptance"] | {"recorded_at": ""} == {
        "result": "accepted",
        "sheet": "A-2026-0001",
        "signed_by": "刘文静",
        "signed_on": "2026-03-03",
        "evidence": [],
        "recorded_by": "lin.xia",
        "recorded_at": "",
    }
    assert [point["text"] for point in variables["points"]] == [
        "Is the spare drive card in the box? 备用驱动卡是否在箱内？"
    ]
    assert [entry["inspector"] for entry in variables["inspection_log"]][-1] == "chen.wei"


def test_only_the_failed_item_is_inspected_again(player: Player) -> None:
    player.start()
    again = next(place for place, step in enumerate(player.case.steps) if step.element == "rework") + 1
    for step in player.case.steps[:again]:
        player.play(step)
    assert [task["element_id"] for task in player.open_tasks("chen.wei")] == ["inspect"]
    task = player.task(player.case.steps[again])
    section = player.ok("chen.wei", "GET", f"/tasks/{task['id']}/form")["data"]["section"]
    assert [item["id"] for item in section["items"]] == ["ROLL-2FUN-04"]


def test_the_machines_file_and_the_order_tell_of_the_delivery(plant: Plant, player: Player) -> None:
    player.start()
    for step in player.case.steps:
        player.play(step)
    serial = player.case.start["serial_numbers"]
    file = plant.record("equipment", serial)
    assert file["acceptance_sheet"] == "A-2026-0001"
    assert (file["warranty_start"], file["warranty_until"]) == ("2026-03-03", "2027-09-03")
    order = plant.record("order", player.case.start["order_number"])
    assert (order["status"], order["waybill"]) == ("delivered", "DP20260302")
    assert plant.record("customer", "KD-002")["expectations"].startswith("Spare parts within two days")


def test_who_is_not_of_the_post_cannot_even_see_the_task(player: Player) -> None:
    player.start()
    task = player.task(player.case.steps[0])
    for person in ("ma.jie", "zhang.yue", "wang.jun"):
        assert player.api.call(person, "GET", f"/tasks/{task['id']}")[0] == 404
        assert player.api.call(person, "POST", f"/tasks/{task['id']}/claim")[0] == 404
    status, answer = player.api.call("li.na", "POST", f"/tasks/{task['id']}/complete", {"variables": {}})
    assert (status, answer["code"]) == (403, "forbidden")


def test_a_form_with_wrong_values_is_refused_field_by_field_and_changes_nothing(player: Player) -> None:
    player.start()
    step = player.case.steps[0]
    task = player.task(step)
    player.ok(step.person, "POST", f"/tasks/{task['id']}/claim")
    before = player.history()
    wrong = {"results": [{"id": "ROLL-1APP-01", "result": "fail"}], "inspection_signed": False}
    status, answer = player.api.call(step.person, "POST", f"/tasks/{task['id']}/complete", {"variables": wrong})
    assert status == 422
    assert {"results.0.note", "results.1.value", "inspection_signed"} <= answer["errors"].keys()
    assert player.history() == before


def test_without_an_answer_the_customer_is_reminded_daily_and_the_sales_manager_takes_over_on_the_third_day(
    plant: Plant, player: Player
) -> None:
    player.start()
    answer = next(place for place, step in enumerate(player.case.steps) if step.element == "record_answer")
    for step in player.case.steps[:answer]:
        player.play(step)
    plant.wait_for(player.id, "acceptance_day")
    plant.move(hours=71)
    assert [entry["element_id"] for entry in player.history() if entry["kind"] == "TimerFired"] == [
        "acceptance_day",
        "reminder_due",
        "reminder_due",
    ]
    assert [task["element_id"] for task in player.open_tasks("yang.fan")] == ["record_answer"]
    plant.move(hours=1)
    assert [task["element_id"] for task in player.open_tasks("yang.fan")] == ["take_over"]
    plant.move(hours=100)
    fired = [entry["element_id"] for entry in player.history() if entry["kind"] == "TimerFired"]
    assert fired.count("reminder_due") in (2, 3), "the third reminder falls on the instant of the take-over"
    assert fired.count("answer_overdue") == 1
