"""The native dialect: what `zeebe:` extension elements of Camunda 8 say."""

from __future__ import annotations

from engine import xml
from engine.bpmn.diagram import AdHoc, Assignment, Call, Decision, HumanWork, Job, Loop, Script
from engine.bpmn.expressions import Expression, Literal
from engine.bpmn.reading import Reading, XmlElement, bpmn, zeebe


def properties(element: XmlElement) -> dict[str, str]:
    """Read `zeebe:properties`."""
    holder = zeebe(element, "properties")
    if holder is None:
        return {}
    return {item.get("name", ""): item.get("value", "") for item in xml.children(holder, "property")}


def names(own: dict[str, str]) -> dict[str, str]:
    """Pick the localised names, properties called `name:<locale>`."""
    return {name.partition(":")[2]: value for name, value in own.items() if name.startswith("name:") and value}


def mappings(reading: Reading, element: XmlElement) -> tuple[tuple[Assignment, ...], tuple[Assignment, ...]]:
    """Read the inputs and outputs of `zeebe:ioMapping`."""
    holder = zeebe(element, "ioMapping")
    if holder is None:
        return (), ()
    return _assignments(reading, holder, "input"), _assignments(reading, holder, "output")


def _assignments(reading: Reading, holder: XmlElement, kind: str) -> tuple[Assignment, ...]:
    found = []
    for item in xml.children(holder, kind):
        source = reading.expression(item, item.get("source") or "=null", f"{kind} mapping")
        target = (item.get("target") or "").strip()
        if not target:
            reading.error(item, "mapping-incomplete", f"An {kind} mapping names no variable. Give it a target.")
        elif source is not None:
            found.append(Assignment(source, target))
    return tuple(found)


def human_work(reading: Reading, element: XmlElement) -> HumanWork:
    """Read form, assignment, schedule and priority of a user task."""

    def text(holder: str, attribute: str, what: str) -> Expression | None:
        found = zeebe(element, holder)
        return None if found is None else reading.expression(element, found.get(attribute), what)

    form = zeebe(element, "formDefinition")
    key = None
    if form is not None:
        key = form.get("formId") or form.get("externalReference")
        if form.get("formKey") and not key:
            reading.error(
                element,
                "form-embedded",
                "The form is embedded in the diagram (formKey). Save it as a .form file and name it with “Form ID”.",
            )
    return HumanWork(
        form=reading.expression(element, key, "form"),
        assignee=text("assignmentDefinition", "assignee", "assignee"),
        groups=text("assignmentDefinition", "candidateGroups", "candidate groups"),
        users=text("assignmentDefinition", "candidateUsers", "candidate users"),
        due=text("taskSchedule", "dueDate", "due date"),
        follow_up=text("taskSchedule", "followUpDate", "follow-up date"),
        priority=text("priorityDefinition", "priority", "priority"),
    )


def job(reading: Reading, element: XmlElement) -> Job | None:
    """Read `zeebe:taskDefinition` and its headers."""
    definition = zeebe(element, "taskDefinition")
    if definition is None:
        return None
    kind = reading.expression(element, definition.get("type"), "job type")
    if kind is None:
        reading.error(
            element, "job-type-missing", "The task definition names no type. Say which service does the work."
        )
        return None
    headers = zeebe(element, "taskHeaders")
    items = (
        {}
        if headers is None
        else {item.get("key", ""): item.get("value", "") for item in xml.children(headers, "header")}
    )
    return Job(kind, reading.expression(element, definition.get("retries"), "retries"), items)


def decision(reading: Reading, element: XmlElement) -> Decision | None:
    found = zeebe(element, "calledDecision")
    if found is None:
        return None
    key = reading.expression(element, found.get("decisionId"), "decision")
    if key is None:
        reading.error(element, "decision-missing", "The called decision names no decision. Give it the decision's id.")
        return None
    return Decision(key, found.get("resultVariable") or "result")


def script(reading: Reading, element: XmlElement) -> Script | None:
    found = zeebe(element, "script")
    if found is None:
        return None
    text = (found.get("expression") or "").strip()
    compiled = reading.feel(element, text.removeprefix("="), "script")
    return None if compiled is None else Script(compiled, found.get("resultVariable"))


def call(reading: Reading, element: XmlElement) -> Call | None:
    found = zeebe(element, "calledElement")
    if found is None:
        return None
    process = reading.expression(element, found.get("processId"), "called process")
    if process is None:
        return None
    has_outputs = bool(mappings(reading, element)[1])
    return Call(
        process,
        all_in=found.get("propagateAllParentVariables") != "false",
        all_out=found.get("propagateAllChildVariables") != "false" and not has_outputs,
    )


def loop(reading: Reading, element: XmlElement) -> Loop | None:
    """Read multi-instance characteristics that carry `zeebe:loopCharacteristics`."""
    holder = bpmn(element, "multiInstanceLoopCharacteristics")
    found = None if holder is None else zeebe(holder, "loopCharacteristics")
    if holder is None or found is None:
        return None
    collection = reading.expression(element, found.get("inputCollection"), "input collection")
    if collection is None or isinstance(collection, Literal):
        reading.error(
            element,
            "collection-missing",
            "The multi-instance names no list to go through. Set “Input collection”, such as “=items”.",
        )
        return None
    done = bpmn(holder, "completionCondition")
    return Loop(
        kind="sequential" if holder.get("isSequential") == "true" else "parallel",
        collection=collection,
        element=found.get("inputElement") or None,
        output_collection=found.get("outputCollection") or None,
        output_element=reading.expression(element, found.get("outputElement"), "output element"),
        completion=None
        if done is None
        else reading.condition(element, done.text, "completion condition", done.get("language")),
    )


def ad_hoc(reading: Reading, element: XmlElement) -> AdHoc:
    """Read an ad-hoc sub-process; without `zeebe:adHoc` every element that nothing leads to is activated."""
    found = zeebe(element, "adHoc")
    done = bpmn(element, "completionCondition")
    return AdHoc(
        active=None
        if found is None
        else reading.expression(element, found.get("activeElementsCollection"), "active elements"),
        completion=None
        if done is None
        else reading.condition(element, done.text, "completion condition", done.get("language")),
        cancel_rest=element.get("cancelRemainingInstances", "true") == "true",
        sequential=element.get("ordering") == "Sequential",
    )
