"""What the diagram of a case shows: the path, the visits, the tokens with their clocks."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from engine.queries import instances
from web.assets import icon
from web.formats import Chip, chip, full_name, moment
from web.instances import timeline
from web.instances.case import Case
from web.people import face_of, group_title


def state_of(case: Case) -> dict[str, Any]:
    """Give the state as the page's script draws it; words are in the page's language."""
    view = case.view
    visits = {**view.visits, **_visits(case)}
    return {
        "visits": visits,
        "done": list(dict.fromkeys(view.completed_elements)),
        "flows": list(dict.fromkeys(view.completed_flows)),
        "tokens": [*(_task(task) for task in case.tasks), *_waiting(case)] if not case.over else [],
        "tasks": url_for("tasks.inbox", scope="visible", q=case.key),
        "incidents": [{"element": incident.element_id} for incident in view.incidents],
        "scopes": dict(case.main_scopes),
        "last": view.completed_elements[-1] if case.over and view.completed_elements else None,
        "words": {"incident": gettext("Stands still")},
    }


def _visits(case: Case) -> dict[str, int]:
    """Count by element; tasks open side by side are one visit."""
    visits: dict[str, int] = {}
    for step, visit in timeline.visits(case.steps):
        visits[step.element_id] = max(visit, visits.get(step.element_id, 0))
    return visits


def _task(task: instances.OpenTask) -> dict[str, Any]:
    clock = chip(task.due_at, task.created_at)
    name = full_name(task)
    token = {"element": task.element_id, "href": url_for("tasks.show", task_id=task.id), **_clock(clock)}
    if task.assignee:
        face = face_of(task.assignee)
        return {**token, "face": face.initials, "tone": face.tone, "label": _label(name, face.text, clock)}
    groups = ", ".join(group_title(group) for group in task.candidate_groups) or gettext("unclaimed")
    return {**token, "face": "", "tone": "", "icon": str(icon("users", "ic-14")), "label": _label(name, groups, clock)}


def _waiting(case: Case) -> list[dict[str, Any]]:
    """Show tokens that wait for no person; what only holds other tokens is left out."""
    tasks = {task.element_id for task in case.tasks}
    due = {timer.element_id: timer.due_at for timer in case.timers}
    broken = {incident.element_id for incident in case.view.incidents}  # marked already
    active = [id for id in case.view.active_elements if id not in tasks | broken]
    holders = {element.scope for id in case.view.active_elements if (element := case.element(id))}
    tokens = []
    for id in dict.fromkeys(active):
        element = case.element(id)
        if element is None or id in holders or element.kind in ("callActivity", "subProcess", "boundaryEvent"):
            continue
        clock = Chip("none", 0, moment(due[id]) if id in due else "")
        label = _label(
            case.element_name(id), gettext("until %(moment)s", moment=clock.text) if id in due else "", clock
        )
        glyph = _glyph("intermediateCatchEvent" if id in due else element.kind)
        tokens.append({"element": id, "face": "", "tone": "", "icon": str(glyph), "label": label, **_clock(clock)})
    return tokens


def _glyph(kind: str) -> Markup:
    """Draw what a token without a person waits for."""
    match kind:
        case "intermediateCatchEvent":
            return icon("clock", "ic-14")
        case "receiveTask":
            return icon("mail", "ic-14")
        case "serviceTask" | "sendTask" | "scriptTask" | "businessRuleTask":
            return icon("settings", "ic-14")
    return icon("player-pause", "ic-14")


def _clock(clock: Chip) -> dict[str, Any]:
    return {"state": clock.state, "share": clock.share, "text": clock.text}


def _label(name: str, who: str, clock: Chip) -> str:
    return ", ".join(part for part in (name, who, clock.text if clock.state != "none" else "") if part)
