"""A served application over the shipped models and a real Chromium, for every test of this folder that asks."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page
from werkzeug.serving import make_server

from engine.app import Engine
from engine.commands.create_user import CreateUser
from engine.config import Settings
from engine.model.actor import SYSTEM
from tests.factories import MovedClock
from web import shipped
from web.app import create_app
from web.auth import hash_password

PASSWORD = "correct horse"
WIDE = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give an engine with the shipped models, a small process and two people."""
    folder = tmp_path_factory.mktemp("modeler")
    engine = Engine(
        Settings(data_dir=folder, secret_key="k" * 40), MovedClock(datetime(2025, 11, 20, 6, 2, tzinfo=UTC))
    )
    engine.prepare()
    shipped.deploy(engine)
    for name, roles in (("owen", ("owner", "manager")), ("root", ("admin",))):
        engine.execute(CreateUser(name=name, actor=SYSTEM, password_hash=hash_password(PASSWORD), roles=roles))
    yield engine
    engine.stop()


@pytest.fixture(scope="module")
def address(engine: Engine) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(engine), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Give a page of somebody who may deploy; what the browser refuses or complains of fails the test."""
    context = browser.new_context(base_url=address, viewport=WIDE, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/login")
    page.fill("[name=name]", "owen")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/inbox*")
    yield page
    context.close()
    assert complaints == []
