"""An after-sales case in real browsers: severity 2, repaired on site, one dissatisfied revisit, repaired again, archived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.seat import Seat
from tests.chaos.server import Server
from tests.integration.two_cases import after_sales

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
Find = Callable[[str, Callable[[dict[str, Any]], bool]], dict[str, Any]]

NAMES = {
    "register": "Register the fault",
    "first_contact": "Make first contact",
    "diagnose": "Diagnose the fault",
    "book_visit": "Book the visit",
    "repair": "Repair and keep the log",
    "check_quality": "Check the finished repair",
    "confirm_repair": "Customer confirms the repair",
    "ask_satisfaction": "Ask for satisfaction",
}


def test_a_fault_is_repaired_reopened_repaired_again_and_archived(
    server: Server, seat: Callable[[str], Seat], first_record: Find
) -> None:
    today = datetime.now(UTC).date().isoformat()
    machine = first_record("equipment", lambda row: row["product_family"] == "belt" and row["warranty_until"] > today)
    case = after_sales(machine["serial_number"])
    key = seat(case.starter).start("After-sales service", case.start)
    (found,) = server.call("admin", "GET", f"/instances?q={key}")[1]["items"]
    for step in case.steps:
        if step.timer:
            seat("cao.jing").let_time_pass(found["id"])
        person = seat(step.person)
        person.do(key, NAMES[step.element], step.values(datetime.now(UTC), {}))
    answer = server.when_over(found["id"])
    assert (answer["state"], answer["incidents"]) == ("completed", 0)
    assert answer["completed_elements"][-1] == "case_closed"
    assert answer["completed_elements"].count("reopen") == 1
    assert [one["by"] for one in answer["variables"]["repairs"]] == ["wang.jun", "wei.lan"]
    desk = seat(case.starter)
    desk.open(f"/cases/{found['id']}")
    expect(desk.page.get_by_text("Completed", exact=True).first).to_be_visible()


def test_a_form_with_wrong_values_keeps_all_that_was_typed_and_says_beside_each_field_what_is_wrong(
    seat: Callable[[str], Seat], first_record: Find
) -> None:
    machine = first_record("equipment", lambda row: row["product_family"] == "lift")
    desk = seat("xu.dan")
    key = desk.start(
        "After-sales service", {**after_sales(machine["serial_number"]).start, "fault_title": "Door sticks"}
    )
    desk.take(key, NAMES["register"])
    desk.fill({"impact": "reduced", "machines_affected": "none", "fault_details": "since monday 自周一起"})
    desk.complete_button.click()
    page = desk.page
    expect(page.locator('[data-key="symptom"] .err')).to_be_visible()
    expect(page.locator('[data-key="machines_affected"] .err')).to_be_visible()
    expect(page.locator('[data-key="fault_details"] textarea')).to_have_value("since monday 自周一起")
    expect(page.locator('[data-key="machines_affected"] input')).to_have_value("none")
    expect(page.locator('[data-key="impact"] input[value="reduced"]')).to_be_checked()
    desk.fill({"symptom": "other", "fault_since": "days", "machines_affected": "1"})
    desk.complete(NAMES["register"])
