"""A case: its diagram with strip and tabs, and the same parts again for the page that is looked at."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, to_user_timezone

from engine.queries import instances, people
from web import current, history, uploads
from web.instances import answers, blueprint, timeline
from web.instances.case import Case, open_case
from web.instances.diagram import state_of

TABS = ("timeline", "variables", "forms", "files", "jobs", "history")


@blueprint.get("/<case_id>")
def show(case_id: str) -> str:
    """Show the case."""
    case = open_case(case_id)
    tab = _tab()
    return render_template(
        "instances/case.html",
        **_parts(case, tab),
        diagram=state_of(case),
        users=current.query(people.list_users) if case.may_intervene else (),
        reason=request.args.get("reason", ""),
    )


@blueprint.get("/<case_id>/state")
def state(case_id: str) -> ResponseReturnValue:
    """Answer what the page shows now; 304 when it shows that already."""
    case = open_case(case_id)
    values = _parts(case, _tab())
    body = orjson.dumps(
        {
            "diagram": state_of(case),
            "over": case.over,
            "parts": {
                "strip": render_template("instances/_strip.html", **values),
                "under": render_template("instances/_under.html", **values),
            },
        }
    )
    response = Response(body, content_type="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    return response.make_conditional(request)


@blueprint.get("/<case_id>/files/<attachment_id>")
def file(case_id: str, attachment_id: str) -> Response:
    """Send a file of the case; one of another case is not found here."""
    case = open_case(case_id)
    attachment = current.query(instances.get_attachment, attachment_id=attachment_id, actor=current.actor())
    if attachment.id not in {one.id for one in case.files}:
        abort(404)
    return uploads.send(attachment, inline="inline" in request.args)


def _parts(case: Case, tab: str) -> dict[str, Any]:
    values: dict[str, Any] = {"case": case, "tab": tab, "counts": _counts(case), "labels": _labels()}
    if tab == "timeline":
        values["line"] = timeline.draw(
            case.steps,
            started_at=case.row.started_at,
            ended_at=case.row.ended_at,
            due_at=case.row.due_at,
            now=current.now(),
            local=to_user_timezone,
        )
    elif tab == "variables":
        values["variables"] = answers.variables(case)
    elif tab == "forms":
        values["forms"] = answers.forms(case)
    elif tab == "history":
        values["every"] = _every()
        values["sentences"] = history.lines(reversed(case.history), case.element_name, case.details, minor=_every())
    return values


def _tab() -> str:
    asked = request.args.get("tab", "")
    return asked if asked in TABS else TABS[0]


def _every() -> bool:
    """Tell whether the history shows what only experts read, too."""
    return "every" in request.args


def _labels() -> dict[str, str]:
    return {
        "timeline": gettext("Timeline"),
        "variables": gettext("Variables"),
        "forms": gettext("Forms"),
        "files": gettext("Files"),
        "jobs": gettext("Jobs"),
        "history": gettext("History"),
    }


def _counts(case: Case) -> dict[str, int]:
    return {
        "variables": len(case.view.variables),
        "forms": len(case.answered),
        "files": len(case.files),
        "jobs": len(case.timers) + len(case.jobs) + len(case.view.incidents),
        "history": len(history.lines(case.history, case.element_name, case.details, minor=_every())),
    }
