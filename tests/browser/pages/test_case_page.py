"""The page of a case in a real browser: it follows the case by itself, and managers step in from it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.app import Engine
from engine.commands.complete_task import CompleteTask
from engine.commands.start_instance import StartInstance
from engine.model.actor import SYSTEM, Actor
from engine.queries.instances import get_instance
from engine.queries.tasks import list_tasks
from tests.browser.pages.drawing import with_layout
from tests.factories import deploy, one_task

pytestmark = pytest.mark.browser

ROOT = Actor("root", frozenset({"admin"}))
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def start(engine: Engine) -> Callable[[], str]:
    """Start a case that waits at one task, and give its id."""
    deploy(engine, ("watched.bpmn", with_layout(one_task("watched"))))
    return lambda: engine.execute(StartInstance(definition_key="watched", actor=SYSTEM)).id


def finish(engine: Engine, case_id: str) -> None:
    task = engine.query(list_tasks, actor=ROOT, instance_id=case_id).items[0]
    engine.execute(CompleteTask(task.id, ROOT))


def test_the_page_follows_the_case_without_being_loaded_again(
    page: Page, engine: Engine, start: Callable[[], str]
) -> None:
    case_id = start()
    page.goto(f"/cases/{case_id}")
    token = page.locator("a.token")
    expect(token).to_have_attribute(
        "href", f"/tasks/{engine.query(list_tasks, actor=ROOT, instance_id=case_id).items[0].id}"
    )
    expect(page.locator("[data-element-id=check].here")).to_be_attached()
    expect(page.locator(".live")).to_have_text("Live")
    finish(engine, case_id)
    expect(page.get_by_text("Completed", exact=True)).to_be_visible(timeout=15_000)
    expect(token).to_have_count(0)
    expect(page.locator("[data-element-id=end].done")).to_be_attached()
    expect(page.locator("[data-element-id=f_check_end].path")).to_be_attached()
    expect(page.locator("summary", has_text="Intervene")).to_have_count(0)


def test_a_lost_connection_is_said_and_found_again(page: Page, start: Callable[[], str]) -> None:
    page.goto(f"/cases/{start()}")
    page.route("**/state*", lambda route: route.abort())
    expect(page.locator(".live")).to_contain_text("Offline since", timeout=15_000)
    page.unroute("**/state*")
    expect(page.locator(".live")).to_have_text("Live", timeout=15_000)


def test_a_key_opens_the_question_and_nothing_happens_before_the_answer(
    page: Page,
    engine: Engine,
    start: Callable[[], str],
) -> None:
    case_id = start()
    page.goto(f"/cases/{case_id}")
    page.keyboard.press("a")
    dialog = page.locator("#ask-assign")
    expect(dialog).to_be_visible()
    dialog.get_by_label("To").select_option("owen")
    assert engine.query(list_tasks, actor=ROOT, instance_id=case_id).items[0].assignee is None
    dialog.get_by_role("button", name="Reassign").click()
    expect(page.get_by_text("has the task now.")).to_be_visible()
    assert engine.query(list_tasks, actor=ROOT, instance_id=case_id).items[0].assignee == "owen"


def test_cancelling_wants_a_reason(page: Page, engine: Engine, start: Callable[[], str]) -> None:
    case_id = start()
    page.goto(f"/cases/{case_id}")
    page.locator("summary", has_text="Intervene").click()
    page.get_by_role("button", name="Cancel case").click()
    dialog = page.locator("#ask-cancel")
    dialog.get_by_role("button", name="Cancel the case").click()
    expect(dialog).to_be_visible()  # the browser asks for the reason first
    dialog.get_by_label("Reason").fill("Ordered twice")
    dialog.get_by_role("button", name="Cancel the case").click()
    expect(page.get_by_text("The case is cancelled.")).to_be_visible()
    assert engine.query(get_instance, instance_id=case_id, actor=ROOT).row.state == "cancelled"


def test_the_phone_has_the_same_acts_in_a_sheet(page: Page, start: Callable[[], str]) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"/cases/{start()}")
    page.locator(".dock").get_by_role("button", name="Intervene").click()
    page.locator("#menu-sheet").get_by_role("button", name="Suspend").click()
    expect(page.locator("#menu-sheet")).to_be_hidden()
    page.locator("#ask-suspend").get_by_role("button", name="Suspend").click()
    expect(page.get_by_text("The case is suspended.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_a_form_holds_is_text_and_never_markup(page: Page, engine: Engine) -> None:
    deploy(engine, ("watched.bpmn", with_layout(one_task("watched"))))
    evil = "<img src=x onerror=document.title='owned'>{{7*7}}"
    case_id = engine.execute(
        StartInstance(definition_key="watched", actor=SYSTEM, business_key=evil, variables={"x": evil})
    ).id
    page.goto(f"/cases/{case_id}?tab=variables")
    expect(page.locator(".said", has_text="{{7*7}}")).to_be_visible()
    assert "owned" not in page.title().split(" · ")[-1]
    assert page.locator("img[src=x]").count() == 0


def test_the_list_is_walked_by_keys(page: Page, start: Callable[[], str]) -> None:
    start()
    page.goto("/cases?process=watched")
    page.keyboard.press("j")
    expect(page.locator(".li.at")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*")
    page.goto("/cases")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


def test_a_digit_starts_a_process(page: Page) -> None:
    page.goto("/start")
    first = page.locator('a[data-digit="1"]').get_attribute("href")
    page.keyboard.press("1")
    page.wait_for_url(f"**{first}")
