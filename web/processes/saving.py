"""What the editors send: checked while one works, deployed as a new version of the process."""

from __future__ import annotations

from typing import Any

from flask import abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema, ValidationError, fields, validate

from engine.commands.deploy_bundle import DeployBundle, Deployment
from engine.model.errors import DeploymentRefused, NotFound
from engine.model.problem import Problem
from engine.queries import definitions
from engine.services.deployment import DeployFile
from web import current
from web.formats import time_of_day
from web.people import person
from web.problems import problem_text
from web.processes import blueprint
from web.processes.deploying import require_owner


class Sent(Schema):
    """A file as its editor sends it; `version` is the one that it was opened with, 0 for a new process."""

    file = fields.String(required=True, validate=validate.Regexp(r"[^/\\]{1,200}\Z"))
    content = fields.String(required=True)
    key = fields.String(load_default="")
    version = fields.Integer(strict=True, load_default=0)
    anyway = fields.Boolean(load_default=False)


@blueprint.post("/check")
def check() -> ResponseReturnValue:
    """Check a file against what is deployed, without deploying it."""
    require_owner()
    sent = _sent()
    try:
        deployment: Deployment = current.execute(
            DeployBundle(files=(_file(sent),), actor=current.actor(), check_only=True)
        )
    except DeploymentRefused as refusal:
        return jsonify(_checked(list(refusal.problems)))
    return jsonify(_checked(list(deployment.problems)))


@blueprint.post("/save")
def save() -> ResponseReturnValue:
    """Deploy a file as a new version of its process; 409 when someone else deployed one meanwhile, unless `anyway` says so."""
    require_owner()
    sent = _sent()
    key, base = sent["key"], sent["version"]
    other = _meanwhile(key, base)
    if other is not None and not sent["anyway"]:
        return jsonify(other), 409
    try:
        deployment: Deployment = current.execute(DeployBundle(files=(_file(sent),), actor=current.actor()))
    except DeploymentRefused as refusal:
        return jsonify(_checked(list(refusal.problems))), 422
    saved = next((one for one in deployment.definitions if one.key == key), None) or deployment.definitions[0]
    return jsonify(
        {
            **_checked(list(deployment.problems)),
            "key": saved.key,
            "version": saved.version,
            "same": saved.version == base,
            "href": url_for("processes.show", key=saved.key),
            "edit": url_for("processes.edit", key=saved.key),
        }
    )


def _sent() -> dict[str, Any]:
    """Read what the editor sent, or answer 400."""
    try:
        return dict(Sent().load(request.get_json()))
    except ValidationError:
        abort(400)


def _file(sent: dict[str, Any]) -> DeployFile:
    return DeployFile(sent["file"], sent["content"].encode("utf-8"))


def _checked(problems: list[Problem]) -> dict[str, Any]:
    return {
        "at": time_of_day(current.now()),
        "problems": [
            {
                "file": one.file,
                "element": one.element,
                "rule": one.rule,
                "message": problem_text(one),
                "severity": one.severity,
            }
            for one in sorted(problems, key=lambda one: (not one.is_error, one.file, one.element))
        ],
    }


def _meanwhile(key: str, base: int) -> dict[str, Any] | None:
    """Tell of a version that is newer than the one the editor was opened with."""
    try:
        row = current.query(definitions.get_definition, key=key).row
    except NotFound:
        return None
    if row.version == base:
        return None
    text = gettext(
        "%(person)s deployed version %(version)s meanwhile. Your diagram is kept here.",
        person=person(row.deployed_by),
        version=row.version,
    )
    return {"meanwhile": text, "version": row.version}
