"""One person before a browser: signs in, finds tasks in the inbox, fills in forms, as a hand with a mouse would."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.integration.two_cases import PLANT_ZONE
from web.demo import PASSWORD
from web.demo.pictures import picture

LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_WAIT_MS = 20_000


class Seat:
    """A browser context with a signed-in person."""

    def __init__(self, browser: Browser, address: str, name: str) -> None:
        self.address, self.name = address, name
        self.context = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="en-US", timezone_id=str(PLANT_ZONE)
        )
        self.context.set_default_timeout(_WAIT_MS)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(f"{name}: {error}"))
        self.page.on("console", self._hear)
        self.sign_in()

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and "422" not in said.text:  # a refused form comes back with this status
            self.complaints.append(f"{self.name}: {said.text}")

    def leave(self) -> None:
        self.context.close()

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self) -> None:
        self.open("/login")
        self.page.get_by_label("User name").fill(self.name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Inbox")).to_be_visible()

    def start(self, process: str, values: Mapping[str, Any]) -> str:
        """Start a process from the choice; return the case's key."""
        self.open("/cases")
        self.page.get_by_role("link", name="Start", exact=True).first.click()
        self.page.get_by_role("link", name=process).click()
        self.fill(values)
        self.page.get_by_role("button", name="Start", exact=True).click()
        expect(self.page.locator("#case")).to_be_visible()
        return self.page.locator("#case .key").inner_text()

    def take(self, key: str, step: str, detail: str = "") -> None:
        """Open the task of a case from the inbox and claim it, unless it is the person's own already."""
        row = self.row(key, step, detail)
        row.get_by_role("link", name=step).click()
        expect(self.page.locator("#task")).to_be_visible()
        claim = self.page.get_by_role("button", name="Claim").first
        if claim.is_visible():
            claim.click()
            expect(self.complete_button).to_be_visible()

    def row(self, key: str, step: str, detail: str = "") -> Locator:
        """Find the one row of the inbox; tasks that the scheduler is about to bring are waited for."""
        self.open("/inbox?scope=visible")
        link = self.page.get_by_role("link", name=step, exact=True)
        row = self.page.locator("li.li").filter(has_text=key).filter(has=link)
        row = row.filter(has_text=detail) if detail else row
        for _ in range(20):
            if row.count():
                break
            self.page.wait_for_timeout(250)
            self.open("/inbox?scope=visible")
        expect(row).to_have_count(1)
        return row

    def has_no_task(self, key: str) -> None:
        self.open("/inbox?scope=visible")
        expect(self.page.get_by_role("navigation", name="Filters")).to_be_visible()
        expect(self.page.locator("li.li").filter(has_text=key)).to_have_count(0)

    @property
    def complete_button(self) -> Locator:
        return self.page.locator("[data-complete]:visible").first

    def complete(self, step: str) -> None:
        self.complete_button.click()
        expect(self.page.get_by_text(f"“{step}” is completed.")).to_be_visible()

    def do(self, key: str, step: str, values: Mapping[str, Any], detail: str = "") -> None:
        """Take a task, fill in its form, complete it."""
        self.take(key, step, detail)
        self.fill(values)
        self.complete(step)

    def let_time_pass(self, case: str) -> None:
        """Move the case's timer into the past, as a manager may."""
        self.open(f"/cases/{case}")
        self.page.get_by_text("Intervene").first.click()
        self.page.get_by_role("button", name="Move a timer").first.click()
        dialog = self.page.locator("#ask-timer")
        past = datetime.now(PLANT_ZONE) - timedelta(minutes=2)
        dialog.get_by_label("New day and time").fill(past.strftime("%Y-%m-%dT%H:%M"))
        dialog.get_by_label("Reason").fill("Agreed with the customer by telephone")
        dialog.get_by_role("button", name="Move the timer").click()
        expect(self.page.get_by_text("The timer is moved.")).to_be_visible()

    # --- forms -----------------------------------------------------------------------------------------------

    def fill(self, values: Mapping[str, Any]) -> None:
        for key, value in values.items():
            if key == "results":
                self.inspect(value)
            else:
                self.fill_field(key, value)

    def fill_field(self, key: str, value: Any) -> None:
        field = self.page.locator(f'[data-key="{key}"]')
        kind = field.get_attribute("data-kind")
        if kind in ("radio", "checklist"):
            for one in value if isinstance(value, list) else [value]:
                field.locator(f'input[value="{one}"]').check()
        elif kind == "checkbox":
            field.get_by_role("checkbox").set_checked(value)
        elif kind == "filepicker":
            field.locator("input[type=file]").set_input_files([_upload(name) for name in value])
        elif kind == "recordpicker" and field.get_by_role("combobox").and_(self.page.locator("input")).count():
            field.get_by_role("combobox").press_sequentially(str(value))
            self.page.get_by_role("option").filter(has_text=str(value)).first.click()
        elif field.locator("select").count():
            field.locator("select").select_option(str(value))
        else:
            field.locator("input, textarea").first.fill(str(value))

    def inspect(self, results: list[dict[str, Any]]) -> None:
        """Answer an inspection item by item."""
        for result in results:
            at = self.page.locator(f'[name="f.results:note:{result["id"]}"]')
            item = self.page.locator("[data-item]").filter(has=at)
            if "value" in result:
                item.locator("[data-measure]").fill(str(result["value"]))
            else:
                item.get_by_text("Pass" if result["result"] == "pass" else "Fail", exact=True).first.click()
            if result["result"] == "fail":
                item.get_by_label("Class").select_option(result["defect_class"])
                item.get_by_label("Note", exact=True).fill(result["note"])
            for name in result.get("photos", ()):
                item.locator("input[type=file]").set_input_files(_upload(name))


def _upload(name: str) -> Any:
    short = name.removeprefix("photo:")
    return {"name": f"{short}.png", "mimeType": "image/png", "buffer": picture(short).read()}
