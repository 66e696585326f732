"""What axe-core finds on the main pages, light and dark, and the way through a task with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine.app import Engine
from engine.commands.claim_task import ClaimTask
from engine.commands.start_instance import StartInstance
from engine.config import Settings
from engine.model.actor import SYSTEM
from engine.queries import tasks
from tests.bench.crowd import starts
from tests.browser.seat import Seat
from tests.integration.two_cases import fill_plant
from web import shipped
from web.demo.people import BY_NAME

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a plant with a delivery that waits for its inspectors and a fault that waits for the desk."""
    folder = tmp_path_factory.mktemp("accessible") / "data"
    engine = Engine(Settings(data_dir=folder))
    engine.prepare()
    shipped.deploy(engine)
    fill_plant(engine)
    for key in ("delivery", "after_sales"):
        starter, values = next(starts(engine, key))
        engine.execute(StartInstance(key, BY_NAME[starter].actor, variables=values, from_form=True))
    first = _open(engine, "inspect")[0]
    engine.execute(ClaimTask(first.id, BY_NAME["feng.li"].actor))
    engine.stop()
    return folder


@pytest.fixture(scope="module")
def paths(plant: Path) -> dict[str, str]:
    """Give the addresses of the pages of one task and one case."""
    engine = Engine(Settings(data_dir=plant))
    mine = next(task for task in _open(engine, "inspect") if task.assignee)
    register = _open(engine, "register")[0]
    engine.stop()
    case = f"/cases/{mine.instance_id}"
    return {"task": f"/tasks/{mine.id}", "register": f"/tasks/{register.id}", "case": case}


def _open(engine: Engine, element: str) -> list[Any]:
    rows = engine.query(tasks.list_tasks, actor=SYSTEM, limit=200).items
    return [row for row in rows if row.element_id == element]


@pytest.mark.parametrize(
    ("person", "path"),
    [
        ("feng.li", "/inbox"),
        ("feng.li", "{task}"),
        ("feng.li", "{case}"),
        ("feng.li", "{case}?tab=history"),
        ("feng.li", "/cases"),
        ("he.lin", "{register}"),
        ("he.lin", "/start"),
        ("he.lin", "/start/after_sales"),
        ("he.lin", "/records/equipment"),
        ("feng.li", "/profile"),
        ("han.bin", "/processes"),
        ("han.bin", "/processes/delivery"),
    ],
)
def test_axe_finds_nothing_serious(seat: Callable[[str], Seat], paths: dict[str, str], person: str, path: str) -> None:
    page = seat(person).page
    page.goto(seat(person).address + path.format(**paths))
    page.wait_for_load_state("networkidle")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert serious(page) == [], theme


def serious(page: Page) -> list[tuple[str, str]]:
    """Run axe; return the rule and the element of each serious finding."""
    page.evaluate(AXE.read_text() + ";0")
    found = page.evaluate("rules => axe.run(document, {resultTypes: ['violations'], runOnly: rules})", RULES)
    return [
        (violation["id"], node["html"][:200])
        for violation in found["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


def test_a_task_is_found_filled_in_and_completed_with_the_keyboard_alone(seat: Callable[[str], Seat]) -> None:
    page = seat("chen.wei").page
    page.goto(seat("chen.wei").address + "/inbox?scope=unclaimed")
    press = page.keyboard.press
    press("j")
    expect(page.locator(".li.at")).to_have_count(1)
    press("Enter")
    expect(page.locator("#task")).to_be_visible()
    reach(page, "Claim")
    press("Enter")
    items = page.locator("[data-item].open")
    expect(items.first).to_be_visible()
    for _ in range(items.count()):
        press("n")
        if page.evaluate("document.activeElement.matches('[data-measure]')"):
            low, high = page.evaluate("[document.activeElement.dataset.low, document.activeElement.dataset.high]")
            page.keyboard.type(low if low is not None else high)
            page.keyboard.press("Tab")
        else:
            press("Space")
        page.wait_for_timeout(300)
    expect(page.locator("[data-item].open")).to_have_count(0)
    for photo in page.locator("[data-item] .camera.wanted input").all():
        photo.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": _PNG})
    reach(page, "", "input[name=confirmed], [data-kind=checkbox] input")
    press("Space")
    reach(page, "Complete")
    press("Enter")
    expect(page.get_by_text("is completed.")).to_be_visible()


_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def reach(page: Page, text: str, selector: str = "button, a") -> None:
    """Press Tab until the focus is at the element; every stop on the way shows where it is."""
    for _ in range(80):
        page.keyboard.press("Tab")
        at = page.evaluate(
            "([selector, text]) => { const at = document.activeElement; const style = getComputedStyle(at);"
            " return [at.matches(selector) && at.innerText.trim().startsWith(text),"
            " at === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none' || at.closest('label,.li,.adorned') !== null]; }",
            [selector, text],
        )
        assert at[1], page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if at[0]:
            return
    pytest.fail(f"Tab never came to {text or selector}")
