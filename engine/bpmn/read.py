"""From bytes to a `Diagram`: every problem at once, never an exception for bad input."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from engine import xml
from engine.bpmn import zeebe
from engine.bpmn.diagram import Diagram, Node, ProcessInfo, Scope
from engine.bpmn.expressions import LONGEST_NAME, Expression, Failure, Literal, Surroundings, text_or_none
from engine.bpmn.read_nodes import read_scope
from engine.bpmn.reading import BPMN, Reading, XmlElement
from engine.bpmn.soundness import warn_of_unsoundness
from engine.bpmn.structure import check_scope
from engine.bpmn.untranslated import note_untranslated
from engine.model.definition import Element, References, Trigger
from engine.model.problem import Problem


def read(data: bytes, file: str) -> Diagram:
    """Parse one BPMN file; what is wrong with it stands in `problems`."""
    digest = hashlib.sha256(data).hexdigest()
    try:
        root = xml.parse(data)
    except xml.XmlError as error:
        problem = Problem(
            file, "", "xml-invalid", f"The file is no XML that can be read: {error}. Export it again from the modeler."
        )
        return Diagram(file, data, digest, (problem,), ())
    reading = Reading(file, root)
    if xml.namespace(root) != BPMN or xml.local_name(root) != "definitions":
        reading.error("", "not-bpmn", "The file is no BPMN 2.0 diagram. Save it as BPMN 2.0 XML.")
        return Diagram(file, data, digest, tuple(reading.problems), ())
    if any(xml.local_name(child) == "choreography" for child in root):
        reading.error("", "choreography", "Choreographies are not run. Draw the process of one participant.")
    elements = [child for child in xml.children(root, "process") if xml.namespace(child) == BPMN]
    processes = tuple(_process(reading, element) for element in _runnable(reading, elements))
    soft = reading.other_dialect or not reading.zeebe
    return Diagram(file, data, digest, tuple(reading.problems), processes, soft)


def _runnable(reading: Reading, elements: list[XmlElement]) -> list[XmlElement]:
    """Choose the executable processes; the only process with contents counts as one, with a warning."""
    marked = [element for element in elements if element.get("isExecutable") == "true"]
    if marked:
        return marked
    filled = [element for element in elements if element.find(f".//{{{BPMN}}}sequenceFlow") is not None] or [
        element
        for element in elements
        if any(xml.local_name(child).endswith(("Task", "Event", "task")) for child in element)
    ]
    if len(filled) == 1:
        reading.warn(
            filled[0],
            "not-executable",
            "The process is not marked as executable; it is run all the same. Set “Executable”.",
        )
        return filled
    if not filled:
        reading.error("", "no-process", "The file holds no process to run. Draw one, and mark it as executable.")
    else:
        shown = ", ".join(f"“{element.get('name') or element.get('id')}”" for element in filled)
        reading.error("", "no-process", f"None of the processes {shown} is marked as executable. Mark the one to run.")
    return []


def _process(reading: Reading, element: XmlElement) -> ProcessInfo:
    key = element.get("id") or ""
    if not key:
        key = "process"
        reading.error(
            element, "process-id-missing", "The process has no id. Give it one: it is the key that starts it."
        )
    own = zeebe.properties(element)
    note_untranslated(reading, element)
    contents = read_scope(reading, element, key)
    check_scope(reading, contents, is_process=True)
    if not any(problem.is_error for problem in reading.problems):
        warn_of_unsoundness(reading, contents)
    nodes = contents.walk()
    for node in nodes:
        if len(node.id) > LONGEST_NAME:
            message = f"The id “{node.id[:40]}…” is too long. Use at most {LONGEST_NAME} characters."
            reading.error(node.id, "id-too-long", message)
    return ProcessInfo(
        key=key,
        name=element.get("name") or key,
        names=zeebe.names(own),
        references=_references(nodes),
        elements={node.id: _element(node) for node in nodes},
        triggers=_triggers(reading, contents),
        contents=contents,
        properties=own,
    )


def _element(node: Node) -> Element:
    work = node.work
    groups = _literal_list(work.groups) if work and work.groups else node.lane_groups if node.kind == "userTask" else ()
    form = work.form.text if work and isinstance(work.form, Literal) else None
    return Element(node.id, node.kind, node.name, node.scope, node.names, node.properties, form, tuple(groups))


def _literal(expression: Expression | None) -> list[str]:
    return [expression.text] if isinstance(expression, Literal) and expression.text else []


def _literal_list(expression: Expression | None) -> list[str]:
    return [part.strip() for text in _literal(expression) for part in text.split(",") if part.strip()]


def _references(nodes: Iterable[Node]) -> References:
    forms: set[str] = set()
    decisions: set[str] = set()
    processes: set[str] = set()
    groups: set[str] = set()
    for node in nodes:
        if node.work is not None:
            forms.update(_literal(node.work.form))
            groups.update(_literal_list(node.work.groups) if node.work.groups else node.lane_groups)
        if node.decision is not None:
            decisions.update(_literal(node.decision.key))
        if node.call is not None:
            processes.update(_literal(node.call.process))
    return References(frozenset(forms), frozenset(decisions), frozenset(processes), frozenset(groups))


def _triggers(reading: Reading, contents: Scope) -> tuple[Trigger, ...]:
    found = []
    for node in contents.nodes.values():
        event = node.event
        if node.kind != "startEvent" or event.kind not in ("message", "signal", "timer"):
            continue
        source = event.when if event.kind == "timer" else event.name
        text = None if source is None else _without_variables(reading, node, source)
        if text is not None:
            name, schedule = ("", text) if event.kind == "timer" else (text, "")
            found.append(Trigger(node.id, event.kind, name, schedule))
    return tuple(found)


def _without_variables(reading: Reading, node: Node, source: Expression) -> str | None:
    """Evaluate what a start event waits for, when there is no case yet: neither variables nor the clock may count."""
    found = set()
    for year in (2001, 2002):
        try:
            found.add(text_or_none(source, {}, Surroundings(datetime(year, 1, 1, tzinfo=UTC))))
        except Failure:
            found.add(None)
    if len(found) == 1 and (text := found.pop()) is not None:
        return text
    message = (
        f"“{source.text}” must be known before there is a case. Write it out, without variables or the present time."
    )
    reading.error(node.id, "start-needs-variables", message)
    return None
