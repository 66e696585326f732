"""The one place where a refusal becomes an answer: a page for people, problem+json (RFC 9457) for programs."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.model.errors import (
    Conflict,
    DeploymentRefused,
    EngineError,
    Forbidden,
    InvalidInput,
    MessageNotAwaited,
    MigrationRefused,
    NotFound,
)
from web import current, people

log = logging.getLogger(__name__)

STATUS: Sequence[tuple[type[EngineError], int]] = (
    (NotFound, 404),
    (MessageNotAwaited, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (InvalidInput, 422),
    (DeploymentRefused, 422),
    (MigrationRefused, 422),
)
TEXTS = {
    "not_found": _l("There is no %(kind)s “%(key)s”."),
    "forbidden": _l("Your role or your teams do not allow this. Nothing was changed."),
    "revision_conflict": _l("Someone else changed this meanwhile; load it again."),
    "task_already_claimed": _l("%(assignee)s has already claimed this task."),
    "task_not_open": _l("The task is no longer open."),
    "instance_not_running": _l("The case does not run: it is suspended, or over."),
    "message_not_awaited": _l("Nothing waits for the message “%(name)s”."),
    "invalid_input": _l("Some fields need attention."),
    "deployment_refused": _l("Nothing was deployed; errors: %(count)s."),
    "migration_refused": _l("The case stays on its version; elements in the way: %(count)s."),
}
KINDS = {
    "task": _l("task"),
    "case": _l("case"),
    "instance": _l("case"),
    "definition": _l("process"),
    "process": _l("process"),
    "record": _l("record"),
    "record type": _l("register"),
    "attachment": _l("attachment"),
    "user": _l("user"),
    "register": _l("register"),
    "process definition": _l("process"),
    "timer": _l("timer"),
    "incident": _l("incident"),
    "file": _l("file"),
}
PHRASES = (  # refusals with a text of their own, for the catalogue
    _l("Claim the task before you complete it."),
    _l("The task has no candidates to go back to; assign it to someone instead."),
    _l("The incident is resolved already."),
    _l("Some rows need attention; nothing was imported."),
)
TITLES = {
    400: _l("This request could not be read"),
    401: _l("Please sign in"),
    403: _l("You may not do this"),
    404: _l("There is nothing here"),
    405: _l("This cannot be done here"),
    409: _l("Someone was faster"),
    413: _l("The file is too large"),
    415: _l("This kind of content is not accepted"),
    422: _l("Some fields need attention"),
    429: _l("Too many attempts"),
    500: _l("Something failed"),
    503: _l("Not available at the moment"),
}
DETAILS = {
    400: _l("Nothing was changed. Go back and try again."),
    404: _l("The address is wrong, the thing is gone, or it is not for you to see."),
    413: _l("Nothing was changed. Go back and choose a smaller file."),
    429: _l("Wait a few minutes and try again."),
    500: _l("Nothing was changed by this request. What you typed is still there when you go back."),
}


def init(app: Flask) -> None:
    """Handle every error; call it last, so that no extension's handler stands before these."""
    app.register_error_handler(EngineError, handle)
    app.register_error_handler(HTTPException, handle)
    app.register_error_handler(Exception, handle)


def handle(error: Exception) -> ResponseReturnValue:
    """Answer an error in the manner of the page group that it happened in."""
    if isinstance(error, HTTPException) and error.response is not None:
        return error.response
    if request.path.startswith("/api/"):
        return problem_response(error)
    status = status_of(error)
    reference = _noted(error, status)
    if reference:
        current.note_failure()
    if request.headers.get("Sec-Fetch-Dest") == "empty" and status >= 500:
        return Response(status=status)
    page = render_template(
        "error.html", status=status, title=title_of(error), detail=detail_of(error), reference=reference
    )
    return page, status


def problem_response(error: Exception) -> Response:
    """Write an error as `application/problem+json`; `errors` maps fields to messages, `problems` is a check's list."""
    status = status_of(error)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": _phrase(status),
        "status": status,
        "detail": (error.description if isinstance(error, HTTPException) else None) or str(detail_of(error)),
    }
    body["code"] = error.code if isinstance(error, EngineError) else _phrase(status).lower().replace(" ", "_")
    if isinstance(error, InvalidInput):
        body["errors"] = error.errors
    elif isinstance(error, DeploymentRefused):
        body["problems"] = [
            {name: getattr(problem, name) for name in ("file", "element", "rule", "message", "severity")}
            for problem in error.problems
        ]
    elif isinstance(error, MigrationRefused):
        body["elements"] = [
            {"element": problem.element, "rule": problem.rule, "reason": problem.message} for problem in error.problems
        ]
    elif messages := getattr(error, "data", {}).get("messages"):  # webargs hangs marshmallow's messages there
        body["errors"] = flat_messages(messages)
    if reference := _noted(error, status):
        body["reference"] = reference
    response = Response(orjson.dumps(body), status, content_type="application/problem+json")
    for name, value in error.get_headers() if isinstance(error, HTTPException) else ():
        if name.lower() not in ("content-type", "content-length"):
            response.headers.add(name, value)
    return response


def flat_messages(messages: object, path: str = "") -> dict[str, list[str]]:
    """Flatten marshmallow's nested messages to dotted fields; the outermost level (json, query, files) is left out."""
    if isinstance(messages, Mapping):
        flat: dict[str, list[str]] = {}
        for key, value in messages.items():
            outer = not path and key in ("json", "query", "files", "form", "headers")
            for field, texts in flat_messages(value, "" if outer else f"{path}.{key}" if path else str(key)).items():
                flat.setdefault(field, []).extend(texts)
        return flat
    texts = [str(text) for text in messages] if isinstance(messages, list | tuple) else [str(messages)]
    return {path or "_": texts}


def status_of(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.code or 500
    return next(
        (status for kind, status in STATUS if isinstance(error, kind)), 400 if isinstance(error, EngineError) else 500
    )


def title_of(error: Exception) -> str:
    return str(TITLES.get(status_of(error), TITLES[500 if status_of(error) >= 500 else 400]))


def detail_of(error: Exception) -> str:
    """Say in the page's language what was refused and why."""
    if isinstance(error, EngineError):
        return engine_text(error)
    if isinstance(error, CSRFError):
        return gettext(
            "The page was open for too long. Go back, load it again and send once more; nothing was changed."
        )
    status = status_of(error)
    if status in DETAILS:
        return str(DETAILS[status])
    return (error.description or "") if isinstance(error, HTTPException) else str(DETAILS[500])


def engine_text(error: EngineError) -> str:
    """Translate a refusal by its code; a text of its own is looked up as it stands."""
    own = type(error).message.format_map(_Blank(error.params)) != error.text
    known = TEXTS.get(error.code)
    if own or known is None:
        return gettext(error.text) if error.text else ""
    params = {name: _word(name, value) for name, value in error.params.items()}
    return str(known % params) if params else str(known)


def _word(name: str, value: Any) -> Any:
    if name == "kind":
        return KINDS.get(value, value)
    return people.person(value) if name in ("assignee", "actor") else value


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def _noted(error: Exception, status: int) -> str | None:
    """Log what nobody expected, under a reference that the person can read to an administrator."""
    if status < 500:
        return None
    alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    letters = "".join(secrets.choice(alphabet) for _ in range(8))
    reference = f"{letters[:4]}-{letters[4:]}"
    log.error("request failed, reference %s: %s %s", reference, request.method, request.path, exc_info=error)
    return reference


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
