"""A delivery in real browsers, by the people of its posts: one failed item, one rework, one question of the customer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.seat import Seat
from tests.chaos.server import Server
from tests.integration.two_cases import delivery

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
Find = Callable[[str, Callable[[dict[str, Any]], bool]], dict[str, Any]]

NAMES = {
    "inspect": "Inspect one section",
    "rework": "Rework what failed",
    "arrange": "Arrange the acceptance",
    "record_answer": "Record customer's answer",
    "settle_points": "Settle the points",
    "release": "Release and ship",
    "contact_customer": "Contact the customer",
}
SECTIONS = {
    "appearance": "Appearance",
    "function": "Function",
    "documents": "Documents",
    "configuration": "Configuration",
}


def test_an_order_is_inspected_accepted_released_and_archived(
    server: Server, seat: Callable[[str], Seat], first_record: Find
) -> None:
    order = first_record("order", lambda row: row["customer"] == "KD-002" and row["status"] == "open")
    case = delivery(order["number"], order["serial_numbers"])
    starter = seat(case.starter)
    key = starter.start("Delivery", case.start)
    assert re.fullmatch(r"D-\d{4}-\d{4}", key)
    (found,) = server.call("admin", "GET", f"/instances?q={key}")[1]["items"]
    seat("zhang.yue").has_no_task(key)
    for step in case.steps:
        if step.timer:
            seat("yang.fan").let_time_pass(found["id"])
        person = seat(step.person)
        person.take(key, NAMES[step.element], SECTIONS.get(step.section, ""))
        task = person.page.url.rsplit("/", 1)[-1]
        seen = server.call("admin", "GET", f"/tasks/{task}/form")[1]["data"]
        if step.element == "inspect":
            assert seen["section"]["section_key"] == step.section
        person.fill(step.values(datetime.now(UTC), seen))
        person.complete(NAMES[step.element])
    answer = server.when_over(found["id"])
    starter.open(f"/cases/{found['id']}")
    expect(starter.page.get_by_text("Completed", exact=True).first).to_be_visible()
    assert (answer["state"], answer["incidents"]) == ("completed", 0)
    assert answer["completed_elements"][-1] == "delivered"
    assert answer["completed_elements"].count("rework") == 1
    assert answer["variables"]["acceptance"]["recorded_by"] == "lin.xia"
    starter.open(f"/records/equipment/entries/{order['serial_numbers']}")
    sheet = starter.page.locator('[data-key="acceptance_sheet"] input')
    expect(sheet).to_have_value(answer["variables"]["acceptance_sheet"])
