"""Forms while they are typed into, in a real browser: conditions, checklists, pickers; and the same form without script."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from engine.app import Engine
from engine.commands.deploy_bundle import DeployBundle
from engine.commands.import_records import ImportRecords
from engine.commands.put_record_type import PutRecordType
from engine.model.actor import SYSTEM
from engine.queries.instances import get_instance, list_instances
from engine.services.deployment import DeployFile
from tests.web.conftest import PASSWORD, actor

pytestmark = pytest.mark.browser

ITEMS = (
    '=[{id: "1", text: "Paint", method: "Look"}, {id: "2", text: "Runout", kind: "measure", unit: "mm", low: 0, high: 2},'
    ' {id: "3", text: "Labels"}]'
)
FORM = {
    "id": "ready",
    "components": [
        {"type": "inspection", "key": "results", "label": "Check", "itemsExpression": ITEMS},
        {"type": "recordpicker", "key": "customer", "label": "Customer", "recordType": "customer"},
        {"type": "checkbox", "key": "custom", "label": "Custom options"},
        {"type": "textfield", "key": "colour", "label": "Colour", "validate": {"required": True},
         "conditional": {"hide": "=not(custom)"}},
        {"type": "number", "key": "count", "label": "Count"},
        {"type": "textfield", "key": "why", "label": "Why so many", "conditional": {"hide": "=count = null or count <= 10"}},
    ],
}  # fmt: skip
CUSTOMER = {
    "id": "customer",
    "components": [
        {"type": "textfield", "key": "code", "label": "Code", "validate": {"required": True}},
        {"type": "textfield", "key": "name", "label": "Name"},
    ],
    "properties": {"record:key": "code", "record:title": "=name", "record:name": "Customers"},
}
PROCESS = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="d" targetNamespace="http://closeloop/test">
  <bpmn:process id="ready_process" name="Ready" isExecutable="true">
    <bpmn:extensionElements><zeebe:properties><zeebe:property name="start_form" value="ready"/></zeebe:properties></bpmn:extensionElements>
    <bpmn:startEvent id="start"/>
    <bpmn:sequenceFlow id="f" sourceRef="start" targetRef="look"/>
    <bpmn:userTask id="look" name="Look"><bpmn:extensionElements><zeebe:userTask/></bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="g" sourceRef="look" targetRef="end"/>
    <bpmn:endEvent id="end"/>
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def address(app: Flask, engine: Engine) -> Iterator[str]:
    engine.execute(PutRecordType(file="customer.form", data=json.dumps(CUSTOMER).encode(), actor=SYSTEM))
    rows = tuple({"code": f"C{number:02}", "name": f"Hengli {number}"} for number in range(40))
    engine.execute(ImportRecords(type="customer", rows=rows, actor=SYSTEM))
    files = (DeployFile("ready.form", json.dumps(FORM).encode()), DeployFile("ready.bpmn", PROCESS))
    engine.execute(DeployBundle(files=files, actor=SYSTEM))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def open_page(chromium: str, address: str) -> Iterator[Callable[..., Any]]:
    """Open the start form as the manager; with `script=False` in a browser that runs none."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def open_page(*, script: bool = True, width: int = 1280) -> Any:
            context = browser.new_context(
                java_script_enabled=script, viewport={"width": width, "height": 900}, locale="en"
            )
            page = context.new_page()
            page.set_default_timeout(10_000)
            faults: list[str] = []
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
            page.faults = faults
            page.goto(f"{address}/login")
            page.fill("[name=name]", "li")
            page.fill("[name=password]", PASSWORD)
            page.click("main button, form button")
            page.goto(f"{address}/start/ready_process")
            return page

        yield open_page
        browser.close()


def test_fields_come_and_go_with_what_is_typed(open_page):
    page = open_page()
    colour, why = page.locator("#f-colour"), page.locator("#f-why")
    assert not colour.is_visible()
    page.get_by_label("Custom options").check()
    colour.wait_for(state="visible")
    page.locator("#f-count").fill("11")
    why.wait_for(state="visible")
    page.locator("#f-count").fill("9")
    why.wait_for(state="hidden")
    assert page.faults == []


def test_a_checklist_counts_as_it_is_answered_and_a_value_outside_its_limits_fails(open_page):
    page = open_page()
    strip = page.locator("[data-strip]")
    assert " ".join(strip.inner_text().split()).startswith("0 passed 0 failed 3 open")
    page.keyboard.press("n")
    page.locator("#f-results-0 .is-pass").click()
    page.locator("#f-results-1-value").fill("2.5")
    page.locator("#f-results-1-note").wait_for(state="visible")
    assert " ".join(strip.inner_text().split()).startswith("1 passed 1 failed 1 open")
    assert page.locator("#f-results-0 .failbox").is_hidden()
    page.locator("#f-results-1-value").fill("2")
    page.locator("#f-results-1-note").wait_for(state="hidden")
    assert page.locator(".meter").get_attribute("aria-label") == "2 passed, 0 failed, 1 open"
    assert page.faults == []


def test_n_leads_to_the_next_open_item(open_page):
    page = open_page()
    page.locator("#f-results-0 .is-pass").click()
    page.locator("h1").click()
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "f-results-1-value"


def test_a_record_is_found_by_words_and_taken_with_the_keyboard(open_page):
    page = open_page()
    box = page.get_by_role("combobox", name="Customer")
    box.fill("hengli 17")
    page.get_by_role("option", name="Hengli 17").wait_for()
    assert page.get_by_role("option").count() == 1
    box.press("Enter")
    assert box.input_value() == "C17"
    assert page.locator("[data-picked]").inner_text() == "Hengli 17"
    assert box.get_attribute("aria-expanded") == "false"
    box.fill("nobody")
    page.get_by_text("Nothing found").wait_for()
    box.press("Escape")
    assert page.get_by_role("listbox").is_hidden()
    assert page.faults == []


def test_an_answered_item_folds_on_a_phone_and_opens_again(open_page):
    page = open_page(width=390)
    item = page.locator("#f-results-0")
    item.locator(".is-fail").click()
    assert item.locator(".seg").is_hidden()
    item.get_by_role("button", name="Change the answer to Paint").click()
    item.locator(".is-pass").click()
    assert item.locator(".result").inner_text().strip() == "Pass"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("script", [True, False])
def test_a_form_is_filled_and_sent_with_script_and_without(open_page, engine: Engine, script: bool):
    page = open_page(script=script)
    page.locator("#f-results-0 .is-pass").click()
    page.locator("#f-results-1-value").fill("7")
    page.locator("#f-results-2 .is-pass").click()
    page.locator("#f-customer").fill("C03")
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_text("A failed item needs a note").first.wait_for()
    assert page.locator("#f-customer").input_value() == "C03"
    page.locator("#f-results-1-note").fill("worn bearing")
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/cases/**")
    (row,) = engine.query(list_instances, actor=actor("li"), definition_key="ready_process").items
    variables = engine.query(get_instance, instance_id=row.id, actor=actor("li")).variables
    assert [one["result"] for one in variables["results"]] == ["pass", "fail", "pass"]
    assert variables["results"][1]["note"] == "worn bearing"
    assert (variables["customer"], variables["custom"]) == ("C03", False)
    assert "colour" not in variables
