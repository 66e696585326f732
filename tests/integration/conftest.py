"""A plant with the shipped processes, people and registers, reached by a test client with a clock that is moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from engine.app import Engine
from engine.config import Settings
from engine.model.actor import SYSTEM
from engine.queries import records, work
from tests.integration.rest import Answer, Player, make_tokens
from tests.integration.two_cases import Case, fill_plant
from web import shipped
from web.app import create_app
from web.demo import PEOPLE


class Plant:
    """An engine, its clock, and a client of its API."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning at the plant, a Monday
        self.engine = Engine(Settings(data_dir=folder, secret_key="k" * 40), lambda: self.now)
        self.engine.prepare()
        shipped.deploy(self.engine)
        fill_plant(self.engine)
        self.tokens = make_tokens(self.engine, [person.name for person in PEOPLE])
        self.client = create_app(self.engine).test_client(use_cookies=False)

    def call(self, person: str, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.tokens[person]}", **options.pop("headers", {})}
        if body is not None:
            options["json"] = body
        response = self.client.open("/api/v1" + path, method=method, headers=headers, **options)
        return response.status_code, response.json

    def upload(self, person: str, path: str, name: str, data: bytes) -> Answer:
        return self.call(person, "POST", path, data={"file": (BytesIO(data), name)}, content_type="multipart/form-data")

    def player(self, case: Case) -> Player:
        made = ClientPlayer(self, case)
        made.plant = self
        return made

    def move(self, **by: float) -> None:
        """Let time pass, with each timer fired when it is due."""
        end = self.now + timedelta(**by)
        while (timers := self.engine.query(work.list_timers, actor=SYSTEM, limit=1).items) and timers[0].due_at <= end:
            self.now = max(self.now, timers[0].due_at)
            self.run_due()
        self.now = end

    def wait_for(self, instance_id: str, element: str) -> None:
        """Let time pass until the case's timer at this element has fired."""
        timers = self.engine.query(work.list_timers, actor=SYSTEM, instance_id=instance_id).items
        due = next(timer.due_at for timer in timers if timer.element_id == element)
        self.move(seconds=(due - self.now).total_seconds())

    def record(self, register: str, key: str) -> dict[str, Any]:
        return dict(self.engine.query(records.get_record, type=register, key=key).data)

    def run_due(self) -> None:
        self.engine.scheduler.run_due()


class ClientPlayer(Player):
    """Plays a case at the plant's moved clock."""

    plant: Plant

    def now(self) -> datetime:
        return self.plant.now

    def settle(self) -> None:
        self.plant.run_due()

    def pass_time(self, element: str) -> None:
        self.plant.wait_for(self.id, element)


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    made = Plant(tmp_path)
    yield made
    made.engine.stop()


@pytest.fixture
def find_record(plant: Plant) -> Callable[[str, Callable[[dict[str, Any]], bool]], dict[str, Any]]:
    """Give a function that returns the first record of a register that fits."""

    def find(register: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        page = plant.engine.query(records.list_records, type=register, limit=200)
        return next(dict(record.data) for record in page.items if fits(dict(record.data)))

    return find
