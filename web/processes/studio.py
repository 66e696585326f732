"""The embedded editors: of a process's newest diagram, of its decision tables, of a new process."""

from __future__ import annotations

import re
from xml.sax.saxutils import quoteattr

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.queries import definitions
from web import current
from web.formats import localised
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
    return _studio("studio", key=key, name=name, file=f"{key}.bpmn", version=0, content=diagram)


@blueprint.get("/<key>/edit")
def edit(key: str) -> ResponseReturnValue:
    """Open the newest diagram of a process."""
    require_owner()
    view = current.query(definitions.get_definition, key=key)
    own = next((one.file for one in view.resources if one.kind == "process" and one.key == key), f"{key}.bpmn")
    data = current.query(definitions.get_xml, key=key, version=view.row.version)
    return _of(view, "studio", base_name(own), data)


@blueprint.get("/<key>/<any(decision, form):kind>/<path:name>/edit")
def edit_part(key: str, kind: str, name: str) -> ResponseReturnValue:
    """Open the newest file of a decision or form that a process uses."""
    require_owner()
    view = current.query(definitions.get_definition, key=key)
    row = next((one for one in view.resources if one.kind == kind and one.key == name), None)
    if row is None:
        abort(404)
    data = current.query(definitions.get_resource, key=name, kind=kind, definition_key=key)
    return _of(view, "decision" if kind == "decision" else "formeditor", base_name(row.file), data)


def _of(view: definitions.DefinitionView, editor: str, file: str, data: bytes) -> str:
    row = view.row
    name = localised(row.name, row.names)
    return _studio(
        editor, key=row.key, name=name, file=file, version=row.version, content=data.decode("utf-8"), view=view
    )


def _studio(
    editor: str,
    *,
    key: str,
    name: str,
    file: str,
    version: int,
    content: str,
    view: definitions.DefinitionView | None = None,
) -> str:
    """Show an editor; `editor` is the name of its script."""
    return render_template(
        "processes/studio.html",
        editor=editor,
        key=key,
        name=name,
        file=file,
        version=version,
        content=content,
        view=view,
        words=_words(),
    )


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
        "graph": gettext("Requirements"),
        "record": gettext("Record"),
        "register": gettext("Register"),
        "inspection": gettext("Inspection items"),
        "items": gettext("Items, a FEEL expression"),
    }
