"""An after-sales case through REST: severity 2, repaired on site, one dissatisfied revisit, repaired again, archived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.model.actor import SYSTEM
from engine.queries import instances
from tests.integration.conftest import Plant
from tests.integration.rest import Player
from tests.integration.two_cases import after_sales

FindRecord = Callable[[str, Callable[[dict[str, Any]], bool]], dict[str, Any]]


@pytest.fixture
def player(plant: Plant, find_record: FindRecord) -> Player:
    machine = find_record(
        "equipment", lambda row: row["product_family"] == "belt" and row["warranty_until"] > "2026-04"
    )
    return plant.player(after_sales(machine["serial_number"]))


def test_the_case_ends_in_the_archive(plant: Plant, player: Player) -> None:
    player.start()
    for step in player.case.steps:
        player.play(step)
        plant.move(minutes=20)
    case = player.instance()
    assert (case["state"], case["active_elements"], case["incidents"]) == ("completed", [], 0)
    assert case["completed_elements"][-1] == "case_closed"
    for element, times in {"reopen": 1, "repair": 2, "revisit_day": 2, "quote": 0, "archive": 1}.items():
        assert case["completed_elements"].count(element) == times, element
    variables = case["variables"]
    assert variables["reopened"] == 1
    assert [answer["satisfied"] for answer in variables["satisfaction"]] == ["no", "yes"]
    assert [repair["by"] for repair in variables["repairs"]] == ["wang.jun", "wei.lan"]
    history = plant.record("equipment", player.case.start["serial_number"])["service_history"]
    assert history.splitlines()[-1].endswith("Belt slips under load | wear | on_site | satisfied | reopened 1")


def test_the_fault_is_of_severity_two_and_after_reopening_of_severity_one(plant: Plant, player: Player) -> None:
    player.start()
    player.play(player.case.steps[0])
    variables = player.instance()["variables"]
    assert variables["severity"] == 2
    assert due_hours(player, "wang.jun", plant.now) == {"first_contact": 8}
    for step in player.case.steps[1:]:
        player.play(step)
        if step.element == "ask_satisfaction":
            break
    assert player.instance()["variables"]["severity"] == 1
    assert due_hours(player, "wei.lan", plant.now) == {"first_contact": 4}
    assert player.open_tasks("li.na") == []


def test_who_makes_first_contact_owns_the_diagnosis(player: Player) -> None:
    player.start()
    for step in player.case.steps[:2]:
        player.play(step)
    (task,) = player.open_tasks("wang.jun")
    assert (task["element_id"], task["assignee"]) == ("diagnose", "wang.jun")


def test_the_revisit_comes_a_day_after_the_confirmation_and_can_be_moved_forward(plant: Plant, player: Player) -> None:
    player.start()
    for step in player.case.steps:
        if step.timer:
            break
        player.play(step)
    assert player.instance()["active_elements"] == ["revisit_day"]
    case = plant.engine.query(instances.get_instance, instance_id=player.id, actor=SYSTEM)
    assert case.row.stage == "revisit"
    (timer,) = player.ok("admin", "GET", f"/timers?instance_id={player.id}")["items"]
    assert datetime.fromisoformat(timer["due_at"]) - plant.now == timedelta(hours=24)
    player.ok("admin", "PATCH", f"/timers/{timer['id']}", {"due_at": plant.now.isoformat()})
    assert [task["element_id"] for task in player.open_tasks("li.na")] == ["ask_satisfaction"]


def test_without_contact_the_team_is_warned_at_three_quarters_and_the_manager_takes_over_at_the_deadline(
    plant: Plant, player: Player
) -> None:
    player.start()
    player.play(player.case.steps[0])
    plant.move(hours=5, minutes=59)
    assert fired(player) == []
    plant.move(minutes=1)
    assert fired(player) == ["response_warning"]
    plant.move(hours=2)
    assert fired(player) == ["response_warning", "response_overdue"]
    assert [task["element_id"] for task in player.open_tasks("cao.jing")] == ["late_contact"]
    assert player.open_tasks("wang.jun") == []
    plant.move(hours=100)
    assert fired(player) == ["response_warning", "response_overdue"]


def test_the_consultation_is_called_and_never_started_by_hand(plant: Plant) -> None:
    status, answer = plant.call("shen.tao", "POST", "/instances", {"definition_key": "joint_consultation"})
    assert (status, answer["code"]) == (409, "conflict")


def due_hours(player: Player, person: str, now: datetime) -> dict[str, float]:
    return {
        task["element_id"]: (datetime.fromisoformat(task["due_at"]) - now) / timedelta(hours=1)
        for task in player.open_tasks(person)
    }


def fired(player: Player) -> list[str]:
    return [entry["element_id"] for entry in player.history() if entry["kind"] == "TimerFired"]
