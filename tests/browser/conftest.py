"""A served plant, and its people in front of real browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from engine.app import Engine
from engine.config import Settings
from engine.queries import records
from tests.browser.seat import LAUNCH, Seat
from tests.chaos.server import Server
from tests.integration.rest import make_tokens
from tests.integration.two_cases import fill_plant
from web import shipped


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the data of a plant with people and registers, and no case yet."""
    folder = tmp_path_factory.mktemp("plant") / "data"
    engine = Engine(Settings(data_dir=folder))
    engine.prepare()
    shipped.deploy(engine)
    fill_plant(engine)
    engine.stop()
    return folder


@pytest.fixture(scope="module")
def first_record(plant: Path) -> Callable[[str, Callable[[dict[str, Any]], bool]], dict[str, Any]]:
    """Give a function that returns the first record of a register that fits."""

    def find(register: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        engine = Engine(Settings(data_dir=plant))
        rows = [dict(row.data) for row in engine.query(records.list_records, type=register, limit=200).items]
        engine.stop()
        return next(row for row in rows if fits(row))

    return find


@pytest.fixture(scope="module")
def server(plant: Path) -> Iterator[Server]:
    """Serve the plant with `closeloop serve`; the token is for looking behind the pages at the end."""
    engine = Engine(Settings(data_dir=plant))
    tokens = make_tokens(engine, ["admin"])
    engine.stop()
    made = Server(plant, tokens)
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=LAUNCH)
        yield browser
        browser.close()


@pytest.fixture
def seat(browser: Browser, server: Server) -> Iterator[Callable[[str], Seat]]:
    """Give a function that seats a person, signed in, before a browser of their own; complaints of it fail the test."""
    seats: dict[str, Seat] = {}

    def sit(name: str) -> Seat:
        if name not in seats:
            seats[name] = Seat(browser, f"http://127.0.0.1:{server.port}", name)
        return seats[name]

    yield sit
    complaints = [complaint for one in seats.values() for complaint in one.complaints]
    for one in seats.values():
        one.leave()
    assert complaints == []
