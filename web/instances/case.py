"""What the page of one case shows: read once, the same for the page and for its live parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import abort

from engine.model.actor import MANAGER
from engine.model.definition import Element
from engine.model.history import TASK_COMPLETED
from engine.model.instance import InstanceState
from engine.queries import definitions, instances, path, work
from web import current
from web.formats import detail_of, localised
from web.instances import stages

HISTORY_SHOWN = 200


@dataclass
class Case:
    """One case as its visitor may see it; parts that only one tab needs are read when asked for."""

    id: str

    @cached_property
    def view(self) -> instances.InstanceView:
        return current.query(instances.get_instance, instance_id=self.id, actor=current.actor())

    @property
    def row(self) -> instances.InstanceRow:
        return self.view.row

    @cached_property
    def definition(self) -> definitions.DefinitionView:
        return current.query(
            definitions.get_definition, key=self.row.definition_key, version=self.row.definition_version
        )

    @property
    def over(self) -> bool:
        return InstanceState(self.row.state).is_over

    @property
    def name(self) -> str:
        return localised(self.row.definition_name, self.row.definition_names)

    @property
    def title(self) -> str:
        return self.row.subject or self.row.business_key or self.name

    @property
    def key(self) -> str:
        return self.row.business_key or self.id[:8]

    @property
    def may_intervene(self) -> bool:
        return current.actor().has_role(MANAGER) and not self.over

    @cached_property
    def steps(self) -> tuple[path.Step, ...]:
        return current.query(path.list_steps, instance_id=self.id, actor=current.actor())

    @cached_property
    def stages(self) -> list[stages.Stage]:
        return stages.of(self.definition.row, self.row.stage, completed=self.row.state == InstanceState.COMPLETED)

    @cached_property
    def timers(self) -> tuple[Any, ...]:
        return tuple(current.query(work.list_timers, actor=current.actor(), instance_id=self.id).items)

    @cached_property
    def jobs(self) -> tuple[Any, ...]:
        return tuple(current.query(work.list_jobs, actor=current.actor(), instance_id=self.id).items)

    @cached_property
    def files(self) -> tuple[Any, ...]:
        return tuple(current.query(instances.list_attachments, instance_id=self.id, actor=current.actor()))

    @cached_property
    def history(self) -> tuple[Any, ...]:
        entries: list[Any] = []
        cursor = None
        while True:  # a case's history is read whole: its tabs count it
            page = current.query(
                path.list_history, instance_id=self.id, actor=current.actor(), limit=HISTORY_SHOWN, cursor=cursor
            )
            entries += page.items
            cursor = page.next
            if cursor is None:
                return tuple(entries)

    @cached_property
    def details(self) -> Mapping[str, Mapping[str, str]]:
        return current.query(path.list_details, instance_id=self.id, actor=current.actor())

    @property
    def answered(self) -> list[Any]:
        return [entry for entry in self.history if entry.kind == TASK_COMPLETED]

    def element(self, element_id: str | None) -> Element | None:
        return self.definition.elements.get(element_id or "")

    def element_name(self, element_id: str | None) -> str:
        """Give the step's name in the page's language, else its id."""
        element = self.element(element_id)
        if element is None:
            return element_id or ""
        return localised(element.name, element.names) or element_id or ""

    @property
    def tasks(self) -> list[instances.OpenTask]:
        """Open tasks, the nearest deadline first."""
        far = datetime.max.replace(tzinfo=current.now().tzinfo)
        return sorted(self.row.open_tasks, key=lambda task: (task.due_at or far, task.created_at, detail_of(task)))

    @property
    def waiting(self) -> list[list[instances.OpenTask]]:
        """Group the open tasks by step, the step with the nearest deadline first."""
        groups: dict[str, list[instances.OpenTask]] = {}
        for task in self.tasks:
            groups.setdefault(task.element_id, []).append(task)
        return list(groups.values())

    @cached_property
    def called(self) -> list[definitions.ResourceRow]:
        """List the called processes that this case went into: each has a diagram of its own."""
        known = {row.key: row for row in current.query(definitions.list_definitions)}
        reached = {*self.view.completed_elements, *self.view.active_elements}
        scopes = {element.scope for id in reached if (element := self.element(id))}
        return [
            replace(one, name=localised(known[one.key].name, known[one.key].names)) if one.key in known else one
            for one in self.definition.resources
            if one.kind == "process" and one.key != self.row.definition_key and one.key in scopes
        ]

    @property
    def main_scopes(self) -> Mapping[str, str]:
        """Which scope holds each element that is not directly in the main process."""
        key = self.row.definition_key
        return {id: element.scope for id, element in self.definition.elements.items() if element.scope != key}


def open_case(case_id: str) -> Case:
    """Give the case, or answer 404 where the visitor may not know of it."""
    if not case_id.isalnum():
        abort(404)
    case = Case(case_id)
    case.view  # noqa: B018  refuses here rather than in the template
    return case
