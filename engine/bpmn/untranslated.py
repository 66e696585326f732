"""What a diagram says that has no meaning here: named once for each element, so that nobody believes it runs."""

from __future__ import annotations

from engine import xml
from engine.bpmn.reading import VENDORS, Reading, XmlElement, extensions, zeebe

_TRANSLATED = frozenset(
    [
        "formRef",
        "formKey",
        "assignee",
        "candidateGroups",
        "candidateUsers",
        "dueDate",
        "followUpDate",
        "priority",
        "topic",
        "type",
        "class",
        "delegateExpression",
        "expression",
        "resultVariable",
        "resultVariableName",
        "decisionRef",
        "decisionTableReferenceKey",
        "collection",
        "elementVariable",
        "inheritVariables",
        "caseRef",
        "errorCodeVariable",
        "errorVariable",
        "errorMessageVariable",
        "escalationCodeVariable",
        "inputOutput",
        "in",
        "out",
        "field",
    ]
)
_HARMLESS = frozenset(  # how another engine stores and schedules, which changes nothing of what the diagram means
    [
        "async",
        "asyncBefore",
        "asyncAfter",
        "asyncLeave",
        "asyncLeaveExclusive",
        "exclusive",
        "historyTimeToLive",
        "versionTag",
        "jobPriority",
        "taskPriority",
        "isStartableInTasklist",
        "modelerTemplate",
        "modelerTemplateVersion",
        "modelerTemplateIcon",
        "properties",
        "property",
        "triggerable",
        "calledElementBinding",
        "calledElementVersion",
        "calledElementType",
        "decisionRefBinding",
        "decisionRefVersion",
        "mapDecisionResult",
        "formRefBinding",
        "formRefVersion",
        "retries",
        "failedJobRetryTimeCycle",
        "sameDeployment",
    ]
)
_LISTENERS = ("executionListeners", "taskListeners")


def note_untranslated(reading: Reading, element: XmlElement) -> None:
    """Warn of attributes and extension elements of other dialects that are left out; refuse listeners of the native one."""
    for name in _LISTENERS:
        if zeebe(element, name) is not None:
            message = "Listeners are not run. Draw their work as a service task before or after the element."
            reading.error(element, "listener-unsupported", message)
    names = [
        name.partition("}")[2]
        for name in map(str, element.attrib)
        if name.startswith("{") and name[1:].partition("}")[0] in VENDORS
    ]
    names += [xml.local_name(child) for child in extensions(element, VENDORS)]
    found = [name for name in dict.fromkeys(names) if name not in _TRANSLATED and name not in _HARMLESS]
    if "eventType" in found and xml.local_name(element) == "startEvent":
        message = "Events of an event registry are not known here. Use a message start event."
        reading.error(element, "event-registry", message)
    elif found:
        message = f"What “{', '.join(found)}” says has no meaning here and is left out. Check that the process does without it."
        reading.warn(element, "left-out", message)
