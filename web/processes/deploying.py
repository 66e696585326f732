"""Files that process owners upload: checked together, deployed together or not at all."""

from __future__ import annotations

from pathlib import PurePath

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.commands.deploy_bundle import DeployBundle, Deployment
from engine.model.actor import OWNER
from engine.model.errors import DeploymentRefused, Forbidden
from engine.queries import definitions
from engine.services.deployment import DeployFile
from web import current
from web.formats import localised
from web.problems import problem_text
from web.processes import blueprint
from web.processes.listing import render_list
from web.processes.page import render_process

ENDINGS = (".bpmn", ".dmn", ".form", ".xml", ".json")

blueprint.add_app_template_filter(problem_text)


@blueprint.post("/deploy")
def upload() -> ResponseReturnValue:
    """Deploy the uploaded files as one bundle set."""
    require_owner()
    files = _uploaded()
    if not files:
        flash(gettext("Choose at least one .bpmn, .dmn or .form file."), "error")
        return redirect(url_for("processes.index"))
    try:
        deployment: Deployment = current.execute(DeployBundle(files=files, actor=current.actor()))
    except DeploymentRefused as refusal:
        return render_list(list(refusal.problems)), 422
    flash(deployed_text(deployment))
    if deployment.problems:
        return render_list(list(deployment.problems))
    return redirect(url_for("processes.index"))


@blueprint.post("/<key>/deploy")
def upload_into(key: str) -> ResponseReturnValue:
    """Deploy new versions of a process's files."""
    require_owner()
    current.query(definitions.get_definition, key=key)
    files = _uploaded()
    if not files:
        flash(gettext("Choose at least one .bpmn, .dmn or .form file."), "error")
        return redirect(url_for("processes.show", key=key))
    try:
        deployment: Deployment = current.execute(DeployBundle(files=files, actor=current.actor()))
    except DeploymentRefused as refusal:
        return render_process(key, list(refusal.problems)), 422
    flash(deployed_text(deployment))
    if deployment.problems:
        return render_process(key, list(deployment.problems))
    return redirect(url_for("processes.show", key=key))


def require_owner() -> None:
    """Refuse everyone but process owners and admins."""
    if not current.actor().has_role(OWNER):
        raise Forbidden("deploy processes")


def deployed_text(deployment: Deployment) -> str:
    """Say in one line what is deployed now."""
    names = [
        gettext("%(process)s, version %(version)s", process=localised(one.name), version=one.version)
        for one in deployment.definitions
    ]
    if not names:
        names = [str(one.key) for one in (*deployment.decisions, *deployment.forms)]
    return gettext("Deployed: %(names)s", names="; ".join(names))


def _uploaded() -> tuple[DeployFile, ...]:
    found = []
    for file in request.files.getlist("files"):
        name = PurePath((file.filename or "").replace("\\", "/")).name
        if not name:
            continue
        if not name.lower().endswith(ENDINGS):
            abort(415)
        found.append(DeployFile(name, file.read()))
    return tuple(found)
