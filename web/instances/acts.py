"""How managers step in: each act is asked for on the page and becomes one command."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone, gettext

from engine.commands.assign_task import AssignTask
from engine.commands.cancel_instance import CancelInstance
from engine.commands.move_timer import MoveTimer
from engine.commands.resume_instance import ResumeInstance
from engine.commands.retry_incident import RetryIncident
from engine.commands.suspend_instance import SuspendInstance
from web import current
from web.instances import blueprint
from web.instances.case import open_case
from web.people import person


@blueprint.post("/<case_id>/assign")
def assign(case_id: str) -> ResponseReturnValue:
    """Give an open task of the case to a person."""
    case = open_case(case_id)
    task_id, assignee = request.form.get("task_id", ""), request.form.get("assignee", "")
    if not assignee or task_id not in {task.id for task in case.tasks}:
        return _back(case_id, gettext("Choose a task and a person; nothing was changed."), "error")
    current.execute(AssignTask(task_id=task_id, actor=current.actor(), assignee=assignee))
    return _back(case_id, gettext("%(person)s has the task now.", person=person(assignee)))


@blueprint.post("/<case_id>/cancel")
def cancel(case_id: str) -> ResponseReturnValue:
    """End the case where it stands; a reason is asked for and kept in the history."""
    open_case(case_id)
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _back(case_id, gettext("Say why the case is cancelled; nothing was changed."), "error")
    current.execute(CancelInstance(instance_id=case_id, actor=current.actor(), reason=reason))
    return _back(case_id, gettext("The case is cancelled."))


@blueprint.post("/<case_id>/suspend")
def suspend(case_id: str) -> ResponseReturnValue:
    """Stop the case: no step, no timer until it is resumed."""
    open_case(case_id)
    current.execute(SuspendInstance(instance_id=case_id, actor=current.actor()))
    return _back(case_id, gettext("The case is suspended."))


@blueprint.post("/<case_id>/resume")
def resume(case_id: str) -> ResponseReturnValue:
    """Let a suspended case go on."""
    open_case(case_id)
    current.execute(ResumeInstance(instance_id=case_id, actor=current.actor()))
    return _back(case_id, gettext("The case goes on."))


@blueprint.post("/<case_id>/retry")
def retry(case_id: str) -> ResponseReturnValue:
    """Try a step that failed once more."""
    case = open_case(case_id)
    incident_id = request.form.get("incident_id", "")
    if incident_id in {incident.id for incident in case.view.incidents}:
        current.execute(RetryIncident(incident_id=incident_id, actor=current.actor()))
    return _back(case_id, gettext("Tried again."))


@blueprint.post("/<case_id>/timer")
def move_timer(case_id: str) -> ResponseReturnValue:
    """Move a timer of the case to another instant, given in the visitor's time zone."""
    case = open_case(case_id)
    timer_id, due_at = request.form.get("timer_id", ""), _instant(request.form.get("due_at", ""))
    if due_at is None or timer_id not in {timer.id for timer in case.timers}:
        return _back(case_id, gettext("Choose a timer and a day and time; nothing was changed."), "error")
    reason = request.form.get("reason", "").strip()
    current.execute(MoveTimer(timer_id=timer_id, actor=current.actor(), due_at=due_at, reason=reason))
    return _back(case_id, gettext("The timer is moved."))


def _instant(text: str) -> datetime | None:
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    return local.replace(tzinfo=ZoneInfo(str(get_timezone()))).astimezone(UTC)


def _back(case_id: str, message: str, category: str = "message", **query: Any) -> ResponseReturnValue:
    flash(message, category)
    return redirect(url_for("instances.show", case_id=case_id, **query))
