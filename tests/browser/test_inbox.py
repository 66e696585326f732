"""Inbox, task and profile in a real browser: keys, what arrives by itself, phone, themes."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect
from werkzeug.serving import make_server

from engine.app import Engine
from engine.commands.claim_task import ClaimTask
from engine.commands.start_instance import StartInstance
from engine.queries.tasks import list_tasks
from tests.factories import MovedClock
from tests.web.conftest import PASSWORD, actor, furnish, make_settings
from web.app import create_app

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"  # what the browser says when a tab comes back


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(datetime(2025, 11, 20, 6, 2, tzinfo=UTC))


@pytest.fixture
def engine(tmp_path: Path, clock: MovedClock) -> Iterator[Engine]:
    furnish(tmp_path)
    engine = Engine(make_settings(tmp_path), clock)
    yield engine
    engine.stop()


@pytest.fixture
def address(engine: Engine) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(engine), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture
def open_as(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Sign somebody in; whatever the browser refuses to load or run fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_as(name: str, *, phone: bool = False, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport=PHONE if phone else WIDE,
            has_touch=phone,
            is_mobile=phone,
            locale="en-GB",
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", lambda one: complaints.append(one.text) if "Security Policy" in one.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/login")
        page.fill("#user", name)
        page.fill("#pass", PASSWORD)
        page.click("button.btn-primary")
        page.wait_for_url("**/inbox")
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def start(engine: Engine) -> Callable[[], str]:
    """Start a case and give its one task."""

    def start() -> str:
        case = engine.execute(StartInstance(definition_key="inspection", actor=actor("li")))
        return engine.query(list_tasks, actor=actor("root"), instance_id=case.id).items[0].id

    return start


def test_the_inbox_is_worked_by_keys(open_as, start):
    for _ in range(3):
        start()
    page = open_as("chen")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("[data-selected]")).to_have_text("2 selected")
    page.keyboard.press("Escape")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Select the task")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.get_by_role("status")).to_have_text("1 task is yours now.")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Inspect")


def test_new_tasks_wait_behind_a_button(open_as, start):
    start()
    page = open_as("chen")
    expect(page.locator(".li")).to_have_count(1)
    start()
    start()
    page.evaluate(LOOK_AGAIN)
    expect(page.get_by_role("button", name="2 new")).to_be_visible()
    expect(page.locator(".li")).to_have_count(1)
    page.get_by_role("button", name="2 new").click()
    expect(page.locator(".li")).to_have_count(3)
    expect(page.locator("[data-range]")).to_have_text("1–3 of 3")


def test_clocks_move_on_without_moving_rows_or_losing_the_selection(open_as, start, clock):
    start()
    page = open_as("chen")
    expect(page.locator(".li .clock")).to_have_text("3h left")
    page.keyboard.press("j")
    page.keyboard.press("x")
    clock.move(hours=3, minutes=25)
    page.evaluate(LOOK_AGAIN)
    expect(page.locator(".li .clock")).to_have_text("25m late")
    expect(page.locator(".li.picked .box")).to_be_checked()
    expect(page.locator(".li .c-step")).to_be_focused()


def test_losing_the_connection_is_said_and_so_is_its_return(open_as, start):
    start()
    page = open_as("chen")
    page.context.set_offline(True)
    page.evaluate(LOOK_AGAIN)
    expect(page.locator(".live")).to_have_text(re.compile(r"Offline since \d\d:\d\d"))
    page.context.set_offline(False)
    page.evaluate(LOOK_AGAIN)
    expect(page.locator(".live")).to_have_text("Live")


def test_a_task_is_claimed_filled_in_and_completed(open_as, start):
    page = open_as("chen")
    page.goto(f"/tasks/{start()}")
    page.get_by_role("button", name="Claim").click()
    page.get_by_label("Fault class").fill("Limit switch")
    page.get_by_label("Estimated hours").fill("many")
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_role("alert")).to_contain_text("Estimated hours")
    expect(page.get_by_label("Fault class")).to_have_value("Limit switch")
    page.get_by_label("Estimated hours").fill("2")
    page.get_by_role("button", name="Complete").dblclick()
    expect(page.get_by_role("status").first).to_have_text("“Inspect” is completed.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pack")


def test_leaving_a_form_that_was_typed_into_is_asked_about(open_as, start, engine):
    task = start()
    engine.execute(ClaimTask(task_id=task, actor=actor("chen")))
    page = open_as("chen")
    page.goto(f"/tasks/{task}")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.get_by_label("Fault class").fill("Limit switch")
    page.on("dialog", stay)
    page.get_by_role("link", name="Back to the inbox").click()
    expect(page.get_by_label("Fault class")).to_have_value("Limit switch")
    assert asked == ["beforeunload"]
    page.get_by_label("Estimated hours").fill("2")
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pack")
    assert asked == ["beforeunload"]


def test_the_diagram_beside_the_form_shows_where_it_is(open_as, start):
    page = open_as("chen")
    page.goto(f"/tasks/{start()}")
    expect(page.locator(".mini .here[data-element-id=inspect]")).to_be_visible()
    expect(page.locator(".mini .visits")).to_have_text("You are here")
    expect(page.locator(".mini .bjs-powered-by")).to_be_visible()


def test_on_a_phone_the_case_is_a_sheet_and_the_acts_are_at_hand(open_as, start, engine):
    task = start()
    engine.execute(ClaimTask(task_id=task, actor=actor("chen")))
    page = open_as("chen", phone=True)
    page.goto(f"/tasks/{task}")
    expect(page.locator(".tabbar")).to_be_hidden()
    expect(page.locator(".dock").get_by_role("button", name="Complete")).to_be_in_viewport()
    page.get_by_role("button", name="About the case").tap()
    expect(page.get_by_role("heading", name="Where it is")).to_be_in_viewport()
    expect(page.locator(".mini .here[data-element-id=inspect]")).to_be_visible()
    page.locator("#side").get_by_role("button", name="Close").tap()
    expect(page.get_by_role("heading", name="Where it is")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_no_page_is_wider_than_a_phone(open_as, start, language):
    task = start()
    page = open_as("chen", phone=True)
    page.goto("/profile")
    page.get_by_label("中文" if language == "zh_Hans" else "English").check(force=True)
    page.wait_for_load_state("networkidle")
    for path in ("/inbox", f"/tasks/{task}", "/profile", "/inbox?q=nothing", "/no/such/page"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path


def test_the_theme_counts_at_once_and_follows_the_system_unless_chosen(open_as):
    page = open_as("chen", dark=True)
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.goto("/profile")
    page.get_by_label("Light").check(force=True)
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.goto("/inbox")
    expect(root).to_have_attribute("data-bs-theme", "light")


def test_the_first_stop_of_the_keyboard_skips_to_the_content(open_as, start):
    start()
    page = open_as("chen")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
