"""Event definitions of start, catch, throw, boundary and end events."""

from __future__ import annotations

from collections.abc import Callable

from engine import xml
from engine.bpmn.diagram import Event
from engine.bpmn.expressions import Expression, Feel, Literal
from engine.bpmn.reading import Reading, XmlElement, bpmn, vendor, zeebe
from engine.model.schedule import ScheduleError, parse_cycle, parse_duration, parse_instant

_PARSERS: dict[str, Callable[[str], object]] = {"date": parse_instant, "duration": parse_duration, "cycle": parse_cycle}


def read_event(reading: Reading, element: XmlElement) -> Event:
    """Read the event definition of an event; several at one event are refused."""
    found: list[XmlElement] = [child for child in element if xml.local_name(child).endswith("EventDefinition")]
    for reference in xml.children(element, "eventDefinitionRef"):
        shared = reading.shared.get((_shared_tag(reading, reference.text or ""), (reference.text or "").strip()))
        if shared is not None:
            found.append(shared)
    if not found:
        return Event("none")
    if len(found) > 1:
        reading.error(
            element,
            "several-event-definitions",
            "The event waits for several things at once. Use an event-based gateway, or an event for each.",
        )
        return Event("none")
    definition = found[0]
    kind = xml.local_name(definition).removesuffix("EventDefinition")
    reader = _READERS.get(kind)
    if reader is None:
        reading.error(element, "event-unknown", f"The event definition “{kind}” is not known.")
        return Event("none")
    return reader(reading, element, definition)


def _shared_tag(reading: Reading, name: str) -> str:
    return next((tag for tag, key in reading.shared if key == name.strip()), "")


def throws(element: XmlElement) -> bool:
    return xml.local_name(element) in ("endEvent", "intermediateThrowEvent", "sendTask", "serviceTask")


def read_message(reading: Reading, element: XmlElement, definition: XmlElement) -> Event:
    """Read the message of an event, or of a receive or send task (then `definition` is the task itself)."""
    reference = (definition.get("messageRef") or "").split(":")[-1]
    message = reading.shared.get(("message", reference)) if reference else None
    if message is None:
        if throws(element):
            if reference:
                message_text = f"The message “{reference}” is not in the file. Name the message to send."
                reading.error(element, "message-missing", message_text)
            return Event("message", None)
        if reading.other_dialect and xml.local_name(element) == "receiveTask":
            reading.warn(
                element,
                "message-missing",
                f"The receive task names no message; it waits for one called “{element.get('id')}”.",
            )
            return Event("message", Literal(element.get("id", "")))
        detail = f"The message “{reference}” is not in the file." if reference else "No message is named."
        reading.error(element, "message-missing", f"{detail} Name the message that is waited for.")
        return Event("message", None)
    name = reading.expression(element, message.get("name") or message.get("id"), "message name")
    subscription = zeebe(message, "subscription")
    key = None
    if subscription is not None:
        key = reading.expression(element, subscription.get("correlationKey"), "correlation key")
    elif reading.zeebe and not _starts_a_case(element) and not throws(element):
        reading.error(
            element,
            "correlation-key-missing",
            f"The message “{message.get('name') or reference}” says nowhere which case it belongs to. Give it a correlation key, such as “=order_id”.",
        )
    return Event("message", name, key)


def _starts_a_case(element: XmlElement) -> bool:
    """Tell a start event of a process from one of an event sub-process."""
    scope = element.getparent()
    return xml.local_name(element) == "startEvent" and scope is not None and xml.local_name(scope) == "process"


def _signal(reading: Reading, element: XmlElement, definition: XmlElement) -> Event:
    reference = (definition.get("signalRef") or "").split(":")[-1]
    signal = reading.shared.get(("signal", reference)) if reference else None
    if signal is None:
        reading.error(element, "signal-missing", f"The signal “{reference}” is not in the file. Name a signal.")
        return Event("signal")
    return Event("signal", reading.expression(element, signal.get("name") or signal.get("id"), "signal name"))


def _timer(reading: Reading, element: XmlElement, definition: XmlElement) -> Event:
    for kind, tag in (("date", "timeDate"), ("duration", "timeDuration"), ("cycle", "timeCycle")):
        holder = bpmn(definition, tag)
        if holder is None or not (holder.text or "").strip():
            continue
        when = reading.expression(element, holder.text, "timer")
        if isinstance(when, Literal):
            is_duration = kind == "date" and when.text[:1] in "Pp"  # Camunda 7 counts it from now
            try:
                _PARSERS["duration" if is_duration else kind](when.text)
            except ScheduleError as error:
                reading.error(element, "timer-invalid", f"The timer cannot be read: {error}.")
        return Event("timer", timer=kind, when=when)  # type: ignore[arg-type]
    reading.error(
        element,
        "timer-invalid",
        "The timer says no time. Give it a date, a duration such as PT30M, or a cycle such as R/P1D.",
    )
    return Event("timer")


def _code(
    reading: Reading, element: XmlElement, tag: str, reference: str, attribute: str
) -> tuple[Expression | None, bool]:
    """Return the code and whether the reference could be resolved."""
    reference = reference.rsplit(":", maxsplit=1)[-1]
    shared = reading.shared.get((tag, reference)) if reference else None
    if shared is None:
        return None, not reference
    code = reading.expression(element, shared.get(attribute) or shared.get("name") or reference, f"{tag} code")
    if isinstance(code, Feel) and not throws(element):
        message = f"The event catches the {tag} code “{code.text}”, but only what is thrown is computed. Write the code itself."
        reading.error(element, "code-computed", message)
    return code, True


def _error(reading: Reading, element: XmlElement, definition: XmlElement) -> Event:
    code, resolved = _code(reading, element, "error", definition.get("errorRef") or "", "errorCode")
    if not resolved:
        if reading.other_dialect:
            code = Literal(definition.get("errorRef", ""))
        else:
            reading.error(
                element, "error-missing", f"The error “{definition.get('errorRef')}” is not in the file. Name an error."
            )
    elif code is None and throws(element) and reading.zeebe:
        reading.error(element, "error-missing", "The end event names no error. Say which error it throws.")
    return Event(
        "error",
        code=code,
        code_variable=vendor(definition, "errorCodeVariable", "errorVariable"),
        message_variable=vendor(definition, "errorMessageVariable"),
    )


def _escalation(reading: Reading, element: XmlElement, definition: XmlElement) -> Event:
    code, resolved = _code(reading, element, "escalation", definition.get("escalationRef") or "", "escalationCode")
    if not resolved or (code is None and throws(element)):
        reading.error(
            element,
            "escalation-missing",
            "The event names no escalation of this file. Say which escalation it throws or catches.",
        )
    return Event("escalation", code=code, code_variable=vendor(definition, "escalationCodeVariable"))


def _conditional(reading: Reading, element: XmlElement, definition: XmlElement) -> Event:
    holder = bpmn(definition, "condition")
    text = None if holder is None else holder.text
    return Event(
        "conditional",
        condition=reading.condition(element, text, "condition", None if holder is None else holder.get("language")),
    )


def _link(reading: Reading, element: XmlElement, definition: XmlElement) -> Event:
    name = definition.get("name") or element.get("name") or ""
    if not name:
        reading.error(
            element, "link-missing", "The link event has no name. Give it the name of the link that it belongs to."
        )
    return Event("link", Literal(name))


def _compensation(reading: Reading, element: XmlElement, definition: XmlElement) -> Event:
    if definition.get("waitForCompletion") == "false":
        message = "Compensation is always waited for here. Set “wait for completion”, or undo the work in a branch of its own."
        reading.error(element, "compensation-not-awaited", message)
    return Event("compensation", activity=definition.get("activityRef") or None)


_READERS = {
    "message": read_message,
    "signal": _signal,
    "timer": _timer,
    "error": _error,
    "escalation": _escalation,
    "conditional": _conditional,
    "link": _link,
    "terminate": lambda reading, element, definition: Event("terminate"),
    "compensate": _compensation,
    "cancel": lambda reading, element, definition: Event("cancel"),
}
