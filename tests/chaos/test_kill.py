"""The server is killed (SIGKILL) after every step of a delivery and of an after-sales case, and started again.

Nothing is lost, nothing happens twice, and a timer that fell due while nobody ran fires at the restart, once.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.app import Engine
from engine.config import Settings
from engine.queries import records
from tests.chaos.server import Server
from tests.integration.rest import Player, make_tokens
from tests.integration.two_cases import Case, after_sales, delivery, fill_plant
from web import shipped
from web.demo import PEOPLE

pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.timeout(600)]
_SOON_S = 30


def now() -> datetime:
    return datetime.now(UTC)


class KilledPlayer(Player):
    """Plays a case on a server that dies after each step; what was answered is asked again after the restart."""

    server: Server
    sending: threading.Event

    def ok(self, person: str, method: str, path: str, body: Any = None, *, status: int = 200, **options: Any) -> Any:
        if path.endswith("/complete"):
            self.sending.set()
        return super().ok(person, method, path, body, status=status, **options)

    def now(self) -> datetime:
        return now()

    def settle(self) -> None:
        """Wait until the case's jobs are done: a job that is cut off is tried again only when its lease ends."""
        until = time.monotonic() + _SOON_S
        while self.ok("admin", "GET", f"/jobs?instance_id={self.id}")["items"]:
            assert time.monotonic() < until, "a job is not done"
            time.sleep(0.02)

    def pass_time(self, element: str) -> None:
        """Let the timer fall due while the server is down, and see it fire after the restart."""
        timers = self.ok("admin", "GET", f"/timers?instance_id={self.id}")["items"]
        (timer,) = (timer for timer in timers if timer["element_id"] == element)
        due_at = now() + timedelta(seconds=1)
        self.ok("admin", "PATCH", f"/timers/{timer['id']}", {"due_at": due_at.isoformat()})
        before = self.fired(element)
        self.server.kill()
        time.sleep(max(0.0, (due_at - now()).total_seconds()) + 0.3)
        restarted_at = now()
        self.server.start()
        until = time.monotonic() + _SOON_S
        while len(self.fired(element)) == len(before):
            assert time.monotonic() < until, f"{element} does not fire"
            time.sleep(0.02)
        (entry,) = self.fired(element)[len(before) :]
        assert due_at < restarted_at < datetime.fromisoformat(entry["at"])

    def fired(self, element: str) -> list[dict[str, Any]]:
        return [e for e in self.history() if e["kind"] == "TimerFired" and e["element_id"] == element]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def found(data_dir: Path) -> dict[str, Any]:
    """Make the plant, and tell its tokens, an open order and a machine in warranty."""
    engine = Engine(Settings(data_dir=data_dir))
    engine.prepare()
    shipped.deploy(engine)
    fill_plant(engine)

    def first(register: str, **fits: str) -> dict[str, Any]:
        page = engine.query(records.list_records, type=register, limit=200)
        rows = (dict(record.data) for record in page.items)
        return next(row for row in rows if all(row[key] == value for key, value in fits.items()))

    found = {
        "tokens": make_tokens(engine, [person.name for person in PEOPLE]),
        "order": first("order", customer="KD-002", status="open"),
        "machine": next(
            dict(record.data)
            for record in engine.query(records.list_records, type="equipment", limit=200).items
            if record.data["product_family"] == "belt" and record.data["warranty_until"] > now().date().isoformat()
        ),
    }
    engine.stop()
    return found


@pytest.fixture
def server(data_dir: Path, found: dict[str, Any]) -> Iterator[Server]:
    made = Server(data_dir, found["tokens"])
    made.start()
    yield made
    made.close()


def test_killing_the_server_between_any_two_steps_loses_and_doubles_nothing(
    server: Server, found: dict[str, Any]
) -> None:
    order, machine = found["order"], found["machine"]
    players = [
        player(server, delivery(order["number"], order["serial_numbers"])),
        player(server, after_sales(machine["serial_number"])),
    ]
    for one in players:
        one.start()
    restart(server, players)
    for steps in zip_longest(*(one.case.steps for one in players)):
        for one, step in zip(players, steps, strict=True):
            if step is not None:
                one.play(step)
        restart(server, players)
    assert server.starts == 2 + 3 + max(len(one.case.steps) for one in players)
    for one in players:
        case = one.instance()
        assert (case["state"], case["incidents"]) == ("completed", 0)
        assert case["completed_elements"][-1] == one.case.end
        assert_done_once(one, len(one.case.steps))
    done = [Counter(one.instance()["completed_elements"]) for one in players]
    assert (done[0]["release"], done[0]["issue_sheet"], done[0]["rework"], done[0]["archive"]) == (1, 1, 1, 1)
    assert (done[1]["reopen"], done[1]["repair"], done[1]["archive"]) == (1, 2, 1)


def test_a_completion_cut_off_in_the_middle_is_done_once_when_it_is_asked_again(
    server: Server, found: dict[str, Any]
) -> None:
    one = player(server, after_sales(found["machine"]["serial_number"]))
    one.start()
    for step, delay_s in zip(one.case.steps, (0.001, 0.004, 0.008, 0.013, 0.02, 0.03, 0.05), strict=False):
        task = one.task(step)
        one.ok(step.person, "POST", f"/tasks/{task['id']}/claim")
        values = one.answers(step, task["id"])
        with ThreadPoolExecutor(1) as other:
            one.sending.clear()
            sent = other.submit(one.complete, step.person, task["id"], values)
            one.sending.wait(10)
            time.sleep(delay_s)
            server.kill()
            with suppress(httpx.TransportError):
                sent.result(10)
        server.start()
        one.complete(step.person, task["id"], values)
        one.done.append(task["id"])
    assert one.instance()["active_elements"] == ["revisit_day"]
    assert_done_once(one, len(one.done))


def player(server: Server, case: Case) -> KilledPlayer:
    made = KilledPlayer(server, case)
    made.server = server
    made.sending = threading.Event()
    return made


def restart(server: Server, players: list[KilledPlayer]) -> None:
    """Kill the server, start it, and see that it knows what it answered before."""
    before = [(one.instance(), one.history()) for one in players]
    server.kill()
    server.start()
    assert [(one.instance(), one.history()) for one in players] == before
    for one in players:
        if one.last is not None:
            person, path, body, headers, answer = one.last
            assert one.ok(person, "POST", path, body, headers=headers) == answer
    assert [(one.instance(), one.history()) for one in players] == before


def assert_done_once(one: KilledPlayer, steps: int) -> None:
    """See that the history has no gap, and every task of the story was opened and completed once."""
    entries = one.history()
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    for kind in ("TaskOpened", "TaskCompleted"):
        times = Counter(entry["data"]["task_id"] for entry in entries if entry["kind"] == kind)
        assert set(times.values()) == {1}
        assert set(one.done) <= times.keys()
    assert [entry["kind"] for entry in entries].count("TaskCompleted") == steps
