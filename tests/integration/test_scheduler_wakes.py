"""A wake-up is never lost, whenever it comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.app import Engine
from engine.config import Settings
from engine.scheduler import Scheduler
from engine.scheduler.due_work import DueWork

_WAIT_S = 10


class Runs:
    """Stands in for the due work: counts the runs, and holds each until it is let go."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)

    def run(self) -> int:
        self.begun.release()
        assert self.go_on.acquire(timeout=_WAIT_S)
        return 0

    def next_begins(self) -> bool:
        return self.begun.acquire(timeout=_WAIT_S)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    made = Runs()
    monkeypatch.setattr(DueWork, "run", made.run)
    return made


@pytest.fixture
def scheduler(tmp_path: Path, runs: Runs) -> Iterator[Scheduler]:
    engine = Engine(Settings(data_dir=tmp_path))
    engine.prepare()
    engine.start()
    yield engine.scheduler
    runs.go_on.release(100)
    engine.stop()


def test_a_wake_up_during_a_run_brings_another_run(scheduler: Scheduler, runs: Runs) -> None:
    assert runs.next_begins()
    for _ in range(3):
        scheduler.wake(datetime.now(UTC))
        threading.Event().wait(0.2)  # longer than APScheduler needs to look at it
        runs.go_on.release()
        assert runs.next_begins(), "the wake-up was dropped"
