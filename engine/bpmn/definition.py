"""A runnable definition: the process and those it calls, shared by cases and threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.bpmn.build import build_scope
from engine.bpmn.diagram import Diagram, ProcessInfo
from engine.bpmn.element import Link
from engine.bpmn.migration import migrate
from engine.bpmn.process_spec import ScopeSpec
from engine.bpmn.run import Run
from engine.bpmn.snapshot import load
from engine.bpmn.workflow import Case
from engine.model.definition import Element, Trigger
from engine.model.errors import Conflict, NotFound
from engine.model.migration import Migration


class NoPlainStart(Conflict):
    """The process starts only on a message, signal or timer."""

    code = "no_plain_start"
    message = "The process “{key}” cannot be started by hand: it starts on a message, signal or timer."

    def __init__(self, key: str) -> None:
        super().__init__(key=key)


class Definition:
    """Immutable: nothing in it changes when cases run."""

    def __init__(
        self,
        info: ProcessInfo,
        called: Sequence[ProcessInfo],
        processes: Mapping[str, ScopeSpec],
        decisions: Mapping[str, Any],
    ):
        self.key, self.name, self.names = info.key, info.name, info.names
        self.triggers: tuple[Trigger, ...] = info.triggers
        self.elements: Mapping[str, Element] = {
            name: element for other in (*called, info) for name, element in other.elements.items()
        }
        self._processes = processes
        self._decisions = decisions

    def start(
        self,
        variables: Mapping[str, Any],
        *,
        now: datetime,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        element_id: str | None = None,
        business_key: str | None = None,
    ) -> tuple[Run, Any]:
        """Start a case: at the start event that was triggered, else at the plain one. Raises NoPlainStart, NotFound."""
        spec = self._processes[self.key]
        starts = spec.starts
        if element_id is not None:
            if element_id not in {trigger.element_id for trigger in self.triggers} | {
                link.target.node.id for link in starts
            }:
                raise NotFound("start event", element_id)
            starts = (Link(None, spec.elements[element_id]),)
        if not starts:
            raise NoPlainStart(self.key)
        case = self._case(dict(variables))
        case.business_key = business_key
        run = Run(case)
        run._begin(now, functions)
        case.begin(starts)
        return run, run._end(case)

    def restore(self, snapshot: bytes, variables: Mapping[str, Any]) -> Run:
        """Bring a case back; task, timer, job and subscription ids stay."""
        case = self._case(dict(variables))
        load(case, snapshot)
        return Run(case)

    def take_over(
        self,
        run: Run,
        mapping: Mapping[str, str],
        *,
        now: datetime,
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> tuple[Run, Migration]:
        """Continue a case of another version here: the run is a new one, the old must be thrown away. Raises MigrationRefused."""
        case = self._case(dict(run.variables))
        return migrate(run._case, case, mapping, now=now, functions=functions or {})

    def _case(self, variables: dict[str, Any]) -> Case:
        return Case(self._processes[self.key], self._processes, self._decisions, variables)


def build(process_key: str, diagrams: Sequence[Diagram], decisions: Mapping[str, Any]) -> Definition:
    """Make the definition of a process from diagrams without errors; `decisions` maps a decision's id to its model."""
    found: dict[str, tuple[ProcessInfo, str]] = {}
    for diagram in diagrams:
        for info in diagram.processes:
            found.setdefault(info.key, (info, diagram.file))
    if process_key not in found:
        raise NotFound("process", process_key)
    processes = {
        key: build_scope(info.contents, key, key, file, is_process=True) for key, (info, file) in found.items()
    }
    main = found[process_key][0]
    return Definition(main, [info for info, _ in found.values() if info is not main], processes, decisions)
