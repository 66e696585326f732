"""Every scenario once more through the whole engine: commands by people of the posts, services, scheduler, database."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.app import Engine
from engine.commands.add_attachment import AddAttachment
from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask
from engine.commands.put_record import PutRecord
from engine.commands.start_instance import StartInstance
from engine.model.actor import ADMIN, STAFF, SYSTEM, Actor
from engine.model.schedule import parse_duration
from engine.queries import instances, records, tasks, work
from tests.factories import MovedClock, make_engine
from tests.processes.plant import ROOT, START, feel, scenario_files
from tests.processes.test_scenarios import SCENARIOS, in_order
from web.shipped import deploy

ROOT_USER = Actor("root", frozenset({ADMIN}), frozenset())
GROUPS = frozenset(
    {
        "desk",
        "engineers",
        "quality",
        "production",
        "warehouse",
        "sales",
        "sales_managers",
        "service_managers",
        "technical",
    }
)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data folder with the shipped models and records, copied for each test."""
    folder = tmp_path_factory.mktemp("deployed")
    engine = make_engine(folder, MovedClock(START), models_dir=ROOT)
    deploy(engine)
    engine.stop()
    return folder


@pytest.fixture
def engine(deployed: Path, tmp_path: Path) -> Iterator[Engine]:
    folder = tmp_path / "data"
    shutil.copytree(deployed, folder)
    engine = make_engine(folder, MovedClock(START), models_dir=ROOT)
    yield engine
    engine.stop()


class Player:
    """Plays one scenario as its people."""

    def __init__(self, engine: Engine, key: str, given: dict[str, Any]) -> None:
        self.engine = engine
        for type_, found in scenario_files()[key].get("records", {}).items():
            for name, data in found.items():
                engine.execute(PutRecord(type_, name, SYSTEM, data))
        started = engine.execute(StartInstance(key, ROOT_USER, variables=given, from_form=True))
        self.id, self.business_key = started.id, started.business_key
        engine.scheduler.run_due()

    @property
    def view(self) -> instances.InstanceView:
        return self.engine.query(instances.get_instance, instance_id=self.id, actor=ROOT_USER)

    def functions(self, person: Actor) -> dict[str, Any]:
        def photo() -> str:
            stored = self.engine.files.put(io.BytesIO(b"\x89PNG"), 1 << 20)
            command = AddAttachment(person, "packing.png", "image/png", stored.size, stored.sha256, instance_id=self.id)
            return self.engine.execute(command).id

        def record(type_: str, key: str) -> Any:
            return dict(self.engine.query(records.get_record, type=type_, key=key).data)

        return {"photo": photo, "record": record}

    def seen(self, task: tasks.TaskRow, expression: str, person: Actor) -> Any:
        form = self.engine.query(tasks.get_task_form, task_id=task.id, actor=ROOT_USER)
        return feel(expression, form.data, self.engine.clock(), self.functions(person))

    def complete(self, step: dict[str, Any]) -> None:
        page = self.engine.query(tasks.list_tasks, actor=ROOT_USER, instance_id=self.id, limit=200)
        found = [row for row in page.items if row.element_id == step["task"]]
        if "where" in step:
            found = [row for row in found if self.seen(row, step["where"], ROOT_USER) is True]
        assert found, f"no open task {step['task']}; open are {[row.element_id for row in page.items]}"
        for row in found if step.get("each") else found[:1]:
            name = step.get("by") or row.assignee or "somebody"
            assert row.candidate_groups
            assert set(row.candidate_groups) <= GROUPS
            person = Actor(name, frozenset({STAFF}), frozenset(row.candidate_groups))
            values = {
                key: self.seen(row, value, person) if isinstance(value, str) and value.startswith("=") else value
                for key, value in step.get("values", {}).items()
            }
            if row.assignee is None:
                self.engine.execute(ClaimTask(row.id, person))
            self.engine.execute(CompleteTask(row.id, person, values))
            self.engine.scheduler.run_due()

    def wait(self, duration: str) -> None:
        clock = self.engine.clock
        assert isinstance(clock, MovedClock)
        end = parse_duration(duration).after(clock.now)
        while due := [
            row.due_at for row in self.engine.query(work.list_timers, actor=ROOT_USER).items if row.due_at <= end
        ]:
            clock.now = max(clock.now, min(due))
            self.engine.scheduler.run_due()
        clock.now = end


@pytest.mark.parametrize(("key", "scenario"), SCENARIOS)
def test_a_scenario_comes_out_the_same_through_the_whole_engine(engine, key, scenario):
    player = Player(engine, key, scenario["given"])
    prefix = {"delivery": "D", "after_sales": "S"}[key]
    assert player.business_key == f"{prefix}-2026-0001"
    for step in scenario["steps"]:
        if "wait" in step:
            player.wait(step["wait"])
        else:
            player.complete(step)
    view, expect = player.view, scenario["expect"]
    assert view.row.state == "completed"
    assert view.row.subject
    assert view.row.customer in ("Hengli Logistics", "Nordwerk Automation")
    assert in_order(expect["path"], list(view.completed_elements)) == []
    assert not set(expect.get("never", [])) & set(view.completed_elements)
    for condition in expect.get("holds", []):
        assert feel(condition, view.variables, engine.clock(), player.functions(ROOT_USER)) is True, condition
