"""Pictures of every page over the demo plant: `make shots` writes them to `tests/browser/shots/`.

Each page at 1280 and 390 px, in English and Chinese, light and dark: `<page>-<width>-<language>-<theme>.png`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from engine.app import Engine
from engine.config import Settings
from engine.model.actor import SYSTEM
from engine.queries import instances, tasks
from tests.browser.seat import LAUNCH
from tests.chaos.server import Server
from web import demo, shipped

FOLDER = Path(__file__).parent / "shots"
SIZES = {1280: 800, 390: 844}
LOCALES = {"en": "en-US", "zh": "zh-CN"}
THEMES = ("light", "dark")
_SETTLE_MS = 700


def main(only: list[str]) -> None:
    """Take the pictures whose page's name holds one of the words; all where there are none."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data_dir = Path(folder) / "data"
        pages = _make_plant(data_dir)
        server = Server(data_dir, {})
        server.start()
        browser = playwright.chromium.launch(executable_path=os.environ["CLOSELOOP_CHROMIUM"], args=LAUNCH)
        taken = 0
        try:
            for name, person, path in pages:
                if not only or any(word in name for word in only):
                    taken += _take(browser, f"http://127.0.0.1:{server.port}", name, person, path)
        finally:
            browser.close()
            server.close()
    print(f"{taken} pictures in {FOLDER}")


def _make_plant(data_dir: Path) -> list[tuple[str, str, str]]:
    """Fill the demo plant; return the pages: name, person ("" for nobody), address."""
    engine = Engine(Settings(data_dir=data_dir))
    engine.prepare()
    shipped.deploy(engine)
    demo.fill(engine)

    def task(element: str, person: str) -> str:
        rows = engine.query(tasks.list_tasks, actor=_actor(person), limit=200).items
        own = [row for row in rows if row.element_id == element]
        return "/tasks/" + max(own, key=lambda row: row.assignee == person).id

    def case(**fits: Any) -> str:
        rows = engine.query(instances.list_instances, actor=SYSTEM, limit=200).items
        return "/cases/" + next(row.id for row in rows if all(_fits(row, name, fits[name]) for name in fits))

    delivered = case(definition_key="delivery", state="completed")
    reopened = case(active="decide_closing")
    found = [
        ("login", "", "/login"),
        ("inbox", "sun.ting", "/inbox"),
        ("inbox-manager", "cao.jing", "/inbox?scope=visible"),
        ("task-inspection", "sun.ting", task("inspect", "sun.ting")),
        ("task-rework", "deng.bo", task("rework", "deng.bo")),
        ("task-diagnosis", "zhao.min", task("diagnose", "zhao.min")),
        ("task-unclaimed", "lin.xia", task("confirm_details", "lin.xia")),
        ("cases", "cao.jing", "/cases"),
        ("case-reopened", "cao.jing", reopened),
        ("case-history", "cao.jing", f"{reopened}?tab=history"),
        ("case-forms", "cao.jing", f"{reopened}?tab=forms"),
        ("case-inspection", "yang.fan", case(active="inspect")),
        ("case-consultation", "cao.jing", case(active="hold_consultation")),
        ("case-delivered", "yang.fan", delivered),
        ("start", "he.lin", "/start"),
        ("start-fault", "he.lin", "/start/after_sales"),
        ("start-order", "lin.xia", "/start/delivery"),
        ("processes", "han.bin", "/processes"),
        ("process", "han.bin", "/processes/delivery"),
        ("studio", "han.bin", "/processes/delivery/studio"),
        ("records", "he.lin", "/records"),
        ("records-equipment", "he.lin", "/records/equipment"),
        ("records-checklist", "feng.li", "/records/checklist_item"),
        ("record-customer", "feng.li", "/records/customer/entries/YH-003"),
        ("profile", "li.na", "/profile"),
        ("not-found", "li.na", "/cases/none"),
        ("api-docs", "admin", "/api/docs"),
    ]
    engine.stop()
    return found


def _actor(name: str) -> Any:
    return next(person.actor for person in demo.PEOPLE if person.name == name)


def _fits(row: Any, name: str, value: str) -> bool:
    return value in row.active_elements if name == "active" else getattr(row, name) == value


def _take(browser: Browser, address: str, name: str, person: str, path: str) -> int:
    """Take one page in all its forms; return how many pictures that were."""
    taken = 0
    for language, theme in product(LOCALES, THEMES):
        for context in _context(browser, address, person, language, theme):
            page = context.new_page()
            for width, height in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                page.goto(address + path)
                page.wait_for_timeout(_SETTLE_MS)
                page.screenshot(path=FOLDER / f"{name}-{width}-{language}-{theme}.png")
                _note_overflow(page, f"{name}-{width}-{language}-{theme}")
                taken += 1
    return taken


_signed_in: dict[str, Any] = {}


def _context(browser: Browser, address: str, person: str, language: str, theme: str) -> Iterator[BrowserContext]:
    """Open a context with the language and theme, the person signed in (once: sign-ins are limited)."""
    options: dict[str, Any] = {
        "locale": LOCALES[language],
        "color_scheme": theme,
        "timezone_id": "Asia/Shanghai",
        "storage_state": _signed_in.get(person),
    }
    context = browser.new_context(**options)
    if person and person not in _signed_in:
        page = context.new_page()
        page.goto(f"{address}/login")
        page.locator("[name=name]").fill(person)
        page.locator("[name=password]").fill(demo.PASSWORD)
        page.locator("form button.btn-primary").click()
        page.wait_for_url(lambda url: "/login" not in url)
        page.close()
        _signed_in[person] = context.storage_state()
    yield context
    context.close()


def _note_overflow(page: Page, name: str) -> None:
    """Say when a page is wider than its window: people would have to scroll sideways."""
    wide, window = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if wide > window:
        print(f"{name}: {wide} px wide in a window of {window}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
