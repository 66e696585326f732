"""The embedded editor: opens the newest diagram, checks while one draws, deploys a checked new version."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import quoteattr

from flask import abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import Schema, ValidationError, fields, validate

from engine.commands.deploy_bundle import DeployBundle, Deployment
from engine.model.errors import DeploymentRefused, NotFound
from engine.model.problem import Problem
from engine.queries import definitions
from engine.services.deployment import DeployFile
from web import current
from web.formats import localised, time_of_day
from web.people import person
from web.processes import blueprint
from web.processes.deploying import require_owner
from web.processes.page import base_name

KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,99}")
"""A process id that is an XML name without colons and dots, so that it can stand in FEEL and in addresses."""

BLANK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    xmlns:modeler="http://camunda.org/schema/modeler/1.0" id={definitions} targetNamespace="http://bpmn.io/schema/bpmn"
    modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.6.0">
  <bpmn:process id={key} name={name} isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>to_first</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="first" name={first}>
      <bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements>
      <bpmn:incoming>to_first</bpmn:incoming><bpmn:outgoing>to_end</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="end"><bpmn:incoming>to_end</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="to_first" sourceRef="start" targetRef="first" />
    <bpmn:sequenceFlow id="to_end" sourceRef="first" targetRef="end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement={key}>
    <bpmndi:BPMNShape id="start_di" bpmnElement="start"><dc:Bounds x="180" y="162" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="first_di" bpmnElement="first"><dc:Bounds x="280" y="140" width="110" height="80" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="end_di" bpmnElement="end"><dc:Bounds x="462" y="162" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="to_first_di" bpmnElement="to_first"><di:waypoint x="216" y="180" /><di:waypoint x="280" y="180" /></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="to_end_di" bpmnElement="to_end"><di:waypoint x="390" y="180" /><di:waypoint x="462" y="180" /></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


class Drawn(Schema):
    """A diagram as the editor sends it; `version` is the one that it was opened with, 0 for a new process."""

    file = fields.String(required=True, validate=validate.Regexp(r"[^/\\]{1,200}\Z"))
    xml = fields.String(required=True)
    key = fields.String(load_default="")
    version = fields.Integer(strict=True, load_default=0)
    anyway = fields.Boolean(load_default=False)


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Ask for name and key of a new process, then open a first diagram of it."""
    require_owner()
    name, key = request.args.get("name", "").strip(), request.args.get("key", "").strip()
    if not request.args:
        return render_template("processes/new.html", name="", key="", errors={})
    errors = _wrong(name, key)
    if errors:
        return render_template("processes/new.html", name=name, key=key, errors=errors), 422
    diagram = BLANK.format(
        definitions=quoteattr(f"{key}_definitions"),
        key=quoteattr(key),
        name=quoteattr(name),
        first=quoteattr(gettext("First step")),
    )
    return _studio(key=key, name=name, file=f"{key}.bpmn", version=0, diagram=diagram)


@blueprint.get("/<key>/edit")
def edit(key: str) -> ResponseReturnValue:
    """Open the newest diagram of a process."""
    require_owner()
    view = current.query(definitions.get_definition, key=key)
    data = current.query(definitions.get_xml, key=key, version=view.row.version)
    return _studio(
        key=key,
        name=localised(view.row.name, view.row.names),
        file=main_file(view),
        version=view.row.version,
        diagram=data.decode("utf-8"),
        view=view,
    )


@blueprint.post("/check")
def check() -> ResponseReturnValue:
    """Check a diagram against what is deployed, without deploying it."""
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
    """Deploy a diagram as a new version; 409 when someone else deployed one meanwhile, unless `anyway` says so."""
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


def main_file(view: definitions.DefinitionView) -> str:
    """Give the name of the file that holds the process's own diagram."""
    own = next((one.file for one in view.resources if one.kind == "process" and one.key == view.row.key), None)
    return base_name(own or f"{view.row.key}.bpmn")


def _studio(
    *, key: str, name: str, file: str, version: int, diagram: str, view: definitions.DefinitionView | None = None
) -> str:
    return render_template(
        "processes/studio.html",
        key=key,
        name=name,
        file=file,
        version=version,
        diagram=diagram,
        view=view,
        words=_words(),
    )


def _sent() -> dict[str, Any]:
    """Read what the editor sent, or answer 400."""
    try:
        return dict(Drawn().load(request.get_json()))
    except ValidationError:
        abort(400)


def _file(drawn: dict[str, Any]) -> DeployFile:
    return DeployFile(drawn["file"], drawn["xml"].encode("utf-8"))


def _checked(problems: list[Problem]) -> dict[str, Any]:
    return {
        "at": time_of_day(current.now()),
        "problems": [
            {
                "file": one.file,
                "element": one.element,
                "rule": one.rule,
                "message": gettext(one.message) if one.message else one.rule,
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


def _wrong(name: str, key: str) -> dict[str, str]:
    errors = {}
    if not name:
        errors["name"] = gettext("Give the process a name.")
    if not KEY.fullmatch(key):
        errors["key"] = gettext("A key has letters, digits, _ and -, and begins with a letter.")
    else:
        known = {row.key for row in current.query(definitions.list_definitions)}
        if key in known:
            errors["key"] = gettext("There is a process with this key already.")
    return errors


def _words() -> dict[str, str]:
    """Give the texts that the editor's script writes."""
    return {
        "checked": gettext("Checked {time}"),
        "checking": gettext("Checking…"),
        "errors": gettext("{n} errors"),
        "error": gettext("1 error"),
        "warnings": gettext("{n} warnings"),
        "warning": gettext("1 warning"),
        "fine": gettext("No problems."),
        "mend": gettext("Errors must be mended before deploying."),
        "unsaved": gettext("Not deployed yet"),
        "unchanged": gettext("No changes"),
        "deployed": gettext("Version {version} deployed {time}"),
        "same": gettext("Nothing differs from version {version}; no new one was made."),
        "failed": gettext("This did not reach the server. Your diagram is kept here; try again."),
        "unreadable": gettext("The diagram cannot be read: {reason}"),
        "deploying": gettext("Deploying…"),
        "file": gettext("The file"),
        "flow": gettext("Flow"),
        "leave": gettext("Your diagram is not deployed yet."),
    }
