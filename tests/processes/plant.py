"""A plant without a database: runs the shipped processes on `engine.bpmn` with their tables, forms, registers and a moved clock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engine import bpmn, dmn, forms
from engine.feel import compile_expression, to_json
from engine.model.advance import Advance, JobRequest, TaskOpening, TimerArming
from engine.model.history import ELEMENT_COMPLETED, FLOW_TAKEN
from engine.model.instance import InstanceState
from engine.model.schedule import parse_duration
from engine.services.records import host_functions

ROOT = Path(__file__).parents[2]
PROCESSES = ROOT / "processes"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, nine o'clock in Shanghai
ATTACHMENT = "a" * 32


@cache
def diagrams() -> dict[str, bpmn.Diagram]:
    return {path.stem: bpmn.read(path.read_bytes(), path.name) for path in sorted(PROCESSES.glob("*/*.bpmn"))}


@cache
def tables() -> dict[str, dmn.Model]:
    return {path.stem: dmn.load(path.read_bytes()) for path in sorted(PROCESSES.glob("*/*.dmn"))}


@cache
def shipped_forms() -> dict[str, forms.Form]:
    return {path.stem: forms.read(path.read_bytes(), path.name) for path in sorted((ROOT / "forms").glob("*.form"))}


@cache
def registers() -> dict[str, forms.RecordTypeForm]:
    found = sorted((ROOT / "forms/records").glob("*.form"))
    return {path.stem: forms.read_record_type(path.read_bytes(), path.name) for path in found}


@cache
def definition(key: str) -> bpmn.Definition:
    return bpmn.build(key, list(diagrams().values()), tables())


def feel(expression: str, values: Mapping[str, Any], now: datetime, functions: Mapping[str, Any]) -> Any:
    return to_json(compile_expression(expression.removeprefix("="))(values, now=now, functions=functions))


class Plant:
    """Registers, series of numbers and an outbox, shared by the cases of one test."""

    def __init__(self, records: Mapping[str, Mapping[str, dict[str, Any]]] | None = None) -> None:
        self.now = START
        self.user = "somebody"
        self.outbox: list[dict[str, str]] = []
        self.numbers: dict[str, int] = {}
        self.records: dict[str, dict[str, dict[str, Any]]] = {type_: {} for type_ in registers()}
        self.functions = {
            **host_functions(lambda type_, key: self.records[type_].get(key), self._every),
            "current_user": lambda: self.user,
            "photo": lambda: ATTACHMENT,
            "attachment": lambda key: {} if key == ATTACHMENT else None,
        }
        for path in sorted((ROOT / "forms/records/seed").glob("*.csv"), key=lambda path: path.stem != "product_family"):
            self._seed(path)
        for type_ in ("customer", "order", "equipment"):
            for key, data in (records or {}).get(type_, {}).items():
                self.save(type_, key, data)

    def save(self, type_: str, key: str, data: Mapping[str, Any]) -> None:
        """Validate by the register's form and keep; raises InvalidInput."""
        register = registers()[type_]
        values = {**data, register.key_field: key}
        self.records[type_][key] = register.validate(values, now=self.now, functions=self.functions)

    def _every(self, type_: str) -> Iterable[Mapping[str, Any]]:
        return [data for _, data in sorted(self.records[type_].items())]

    def _seed(self, path: Path) -> None:
        register = registers()[path.stem]
        sheet = forms.read_csv(register, path.read_bytes(), now=self.now, functions=self.functions)
        assert not sheet.errors, (path.name, sheet.errors[:3])
        self.records[path.stem] = {register.key_of(data): data for data in sheet.records}

    def work(self, job: JobRequest) -> dict[str, Any]:
        """Do a service task's work as the engine's own services do."""
        if job.type == "notify":
            self.outbox.append({name: job.variables[name] for name in ("to", "subject", "text")})
            assert all(isinstance(text, str) and text for text in self.outbox[-1].values()), self.outbox[-1]
            return {}
        if job.type == "number-issue":
            series = job.headers["sequence"]
            self.numbers[series] = self.numbers.get(series, 0) + 1
            return {"number": f"{job.headers['prefix']}-{self.now.year}-{self.numbers[series]:04d}"}
        assert job.type == "record-write", job.type
        type_, key, data = job.headers["record_type"], job.variables["key"], job.variables["data"]
        old = self.records[type_].get(key, {})
        self.save(type_, key, old | {name: value for name, value in data.items() if value is not None})
        return {"record": {"type": type_, "key": key, "title": registers()[type_].title_of(self.records[type_][key])}}

    def start(self, key: str, values: Mapping[str, Any], *, restored: bool = True) -> PlayedCase:
        """Start a case from its start form."""
        process = next(info for diagram in diagrams().values() for info in diagram.processes if info.key == key)
        variables = shipped_forms()[process.properties["start_form"]].validate(
            values, {}, now=self.now, functions=self.functions
        )
        run, advance = definition(key).start(variables, now=self.now, functions=self.functions)
        return PlayedCase(self, key, run, advance, restored=restored)


class PlayedCase:
    """One case; `restored` saves and loads it between any two steps."""

    def __init__(self, plant: Plant, key: str, run: bpmn.Run, advance: Advance, *, restored: bool) -> None:
        self.plant, self.key, self.run, self.restored = plant, key, run, restored
        self.tasks: dict[str, TaskOpening] = {}
        self.timers: dict[str, TimerArming] = {}
        self.jobs: list[JobRequest] = []
        self.path: list[str] = []
        self.flows: list[str] = []
        self._take(advance)

    @property
    def variables(self) -> dict[str, Any]:
        return self.run.variables

    @property
    def is_over(self) -> bool:
        return self.run.state == InstanceState.COMPLETED

    def value(self, expression: str) -> Any:
        return feel(expression, self.variables, self.plant.now, self.plant.functions)

    def task(self, element: str) -> TaskOpening:
        """Return the one open task of the element."""
        (found,) = (task for task in self.tasks.values() if task.element_id == element)
        return found

    def open_elements(self) -> list[str]:
        return sorted({task.element_id for task in self.tasks.values()})

    def complete(
        self,
        element: str,
        values: Mapping[str, Any],
        *,
        where: str | None = None,
        by: str = "somebody",
        each: bool = False,
    ) -> None:
        """Complete one open task of the element (that fits `where`), or each; values behind “=” are FEEL over what the task sees."""
        found = [task for task in self.tasks.values() if task.element_id == element]
        if where is not None:
            found = [task for task in found if self.seen(task, where) is True]
        assert found, f"no open task {element}{f' where {where}' if where else ''}; open are {self.open_elements()}"
        for task in found if each else found[:1]:
            given = {
                name: self.seen(task, value) if isinstance(value, str) and value.startswith("=") else value
                for name, value in values.items()
            }
            self.plant.user = by
            seen = self.run.visible_variables(task.id)
            form = shipped_forms()[task.form_key or ""]
            answer = form.validate(given, seen, now=self.plant.now, functions=self.plant.functions)
            self.complete_unchecked(task, answer)

    def complete_unchecked(self, task: TaskOpening, values: Mapping[str, Any]) -> None:
        """Complete an open task past its form."""
        del self.tasks[task.id]
        self._take(self.run.complete_task(task.id, values, now=self.plant.now, functions=self.plant.functions))

    def wait(self, duration: str) -> None:
        """Move the clock; what falls due meanwhile fires at its instant, in order."""
        end = parse_duration(duration).after(self.plant.now)
        while due := [timer for timer in self.timers.values() if timer.due_at <= end]:
            timer = min(due, key=lambda each: each.due_at)
            self.plant.now = max(self.plant.now, timer.due_at)
            del self.timers[timer.id]
            self._take(self.run.fire_timer(timer.id, now=self.plant.now, functions=self.plant.functions))
        self.plant.now = end

    def seen(self, task: TaskOpening, expression: str) -> Any:
        """Evaluate FEEL over what an open task sees."""
        return feel(expression, self.run.visible_variables(task.id), self.plant.now, self.plant.functions)

    def _take(self, advance: Advance) -> None:
        self._note(advance)
        while self.jobs or self._overdue():
            if self.jobs:
                job = self.jobs.pop(0)
                result = self.plant.work(job)
                self._note(self.run.complete_job(job.id, result, now=self.plant.now, functions=self.plant.functions))
            else:
                timer = self._overdue()[0]
                del self.timers[timer.id]
                self._note(self.run.fire_timer(timer.id, now=self.plant.now, functions=self.plant.functions))
        if self.restored and not self.is_over:
            variables = json.loads(json.dumps(self.variables))
            self.run = definition(self.key).restore(self.run.snapshot(), variables)

    def _overdue(self) -> list[TimerArming]:
        return sorted((t for t in self.timers.values() if t.due_at <= self.plant.now), key=lambda each: each.due_at)

    def _note(self, advance: Advance) -> None:
        assert not advance.incidents, [(incident.element_id, incident.message) for incident in advance.incidents]
        self.tasks = {key: task for key, task in self.tasks.items() if key not in advance.tasks_cancelled}
        self.tasks |= {task.id: task for task in advance.tasks_opened if task.id not in advance.tasks_cancelled}
        self.timers = {key: timer for key, timer in self.timers.items() if key not in advance.timers_disarmed}
        self.timers |= {timer.id: timer for timer in advance.timers_armed if timer.id not in advance.timers_disarmed}
        self.jobs = [job for job in [*self.jobs, *advance.jobs] if job.id not in advance.jobs_cancelled]
        self.path += [entry.element_id or "" for entry in advance.history if entry.kind == ELEMENT_COMPLETED]
        self.flows += [entry.element_id or "" for entry in advance.history if entry.kind == FLOW_TAKEN]


@cache
def scenario_files() -> dict[str, dict[str, Any]]:
    """Read every `scenarios.yaml` by its process."""
    found = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(PROCESSES.glob("*/scenarios.yaml"))]
    return {one["process"]: one for one in found}


def play(key: str, scenario: Mapping[str, Any], *, restored: bool = True) -> PlayedCase:
    """Play a scenario's steps; the expectations are left to the test."""
    plant = Plant(scenario_files()[key].get("records"))
    case = plant.start(key, scenario["given"], restored=restored)
    for step in scenario["steps"]:
        if "wait" in step:
            case.wait(step["wait"])
        else:
            case.complete(
                step["task"],
                step.get("values", {}),
                where=step.get("where"),
                by=step.get("by", "somebody"),
                each=step.get("each", False),
            )
    return case
