"""What a diagram will not do as its owner thinks, though it can be run: tasks for nobody, names, past timers, unknown functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Literal

from engine.bpmn.diagram import Diagram, Node, ProcessInfo, Scope
from engine.bpmn.expressions import Expression, Failure, Feel, Surroundings, text_or_none
from engine.bpmn.expressions import Literal as Text
from engine.model.problem import Problem
from engine.model.schedule import ScheduleError, as_instant, parse_cycle, parse_instant

_PARTS = ("event", "loop", "work", "job", "decision", "script", "call", "ad_hoc")


def problem(
    diagram: Diagram, element: str, rule: str, template: str, severity: Literal["error", "warning"], **params: Any
) -> Problem:
    """Make a finding whose text pages can translate."""
    return Problem(diagram.file, element, rule, template.format_map(params), severity, template, params)


def label(node: Node) -> str:
    return node.name or node.id


def scopes(info: ProcessInfo) -> list[Scope]:
    """Return the process's contents and those of every sub-process in it."""
    return [info.contents, *(node.inner for node in info.contents.walk() if node.inner is not None)]


def expressions(node: Node) -> Iterator[Expression]:
    """Yield every expression of an element; the conditions of its flows are the scope's."""
    yield from (mapping.source for mapping in (*node.inputs, *node.outputs))
    for part in (getattr(node, name) for name in _PARTS):
        if part is not None:
            values = (getattr(part, field.name) for field in fields(part))
            yield from (value for value in values if isinstance(value, Feel | Text))


def advise(diagram: Diagram, info: ProcessInfo) -> Iterator[Problem]:
    """Yield warnings that need nothing but the diagram."""
    for node in info.contents.walk():
        work = node.work
        if work is None:
            continue
        if not node.name:
            text = "The task has no name; people will see its id “{id}”. Name it by what is to be done."
            yield problem(diagram, node.id, "name-missing", text, "warning", id=node.id)
        if work.assignee is None and work.groups is None and work.users is None and not node.lane_groups:
            text = "Nobody is offered “{name}”. Give it candidate groups or an assignee, or put it into a lane named after a group."
            yield problem(diagram, node.id, "nobody-may-do", text, "warning", name=label(node))


def unknown_functions(diagram: Diagram, info: ProcessInfo, known: frozenset[str]) -> Iterator[Problem]:
    """Yield calls of functions that there are not: they would give null, whatever they are asked."""
    severity: Literal["error", "warning"] = "warning" if diagram.soft_references else "error"
    places = [(node.id, found) for node in info.contents.walk() for found in expressions(node)]
    places += [(flow.id, flow.condition) for scope in scopes(info) for flow in scope.flows if flow.condition]
    for element, expression in places:
        for name in sorted(expression.compiled.calls - known) if isinstance(expression, Feel) else ():
            text = (
                "There is no function “{name}”, so “{text}” gives nothing. Use a function of FEEL, or one of: {known}."
            )
            params = {"name": name, "text": expression.text, "known": ", ".join(sorted(known))}
            yield problem(diagram, element, "unknown-function", text, severity, **params)


def past_timers(diagram: Diagram, info: ProcessInfo, now: datetime) -> Iterator[Problem]:
    """Yield timers whose instant is written out and has passed; texts without an offset are meant in the zone of `now`."""
    for node in info.contents.walk():
        at = _last_instant(node, now) if node.event.kind == "timer" else None
        if at is None or at >= now:
            continue
        if node.event.timer == "cycle":
            text = "The timer “{name}” ended on {day}, so it never fires. Give it a later end, or none."
        else:
            text = "The timer “{name}” is set for {day}, which has passed, so it fires at once. Give it a later date."
        yield problem(diagram, node.id, "timer-in-the-past", text, "warning", name=label(node), day=f"{at:%Y-%m-%d}")


def _last_instant(node: Node, now: datetime) -> datetime | None:
    """Return when a timer fires, or its cycle ends, if that needs neither variables nor the present."""
    when, zone = node.event.when, now.tzinfo
    assert zone is not None
    if when is None or when.names or node.event.timer == "duration":
        return None
    found: set[datetime | None] = set()
    for at in (now, now + timedelta(days=400)):
        try:
            value = when.value({}, Surroundings(at))
            if isinstance(value, datetime):
                found.add(as_instant(value, zone))
            else:
                text = text_or_none(when, {}, Surroundings(at)) or ""
                found.add(parse_cycle(text, zone).end if node.event.timer == "cycle" else parse_instant(text, zone))
        except (Failure, ScheduleError):
            return None
    return found.pop() if len(found) == 1 else None
