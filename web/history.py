"""History entries as sentences, for the task and the case page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from engine.model import history
from engine.model.actor import SYSTEM
from engine.model.history import HistoryEntry
from web.formats import localised, moment, with_detail
from web.people import person
from web.reasons import reason_of, result_of

Details = Mapping[str, Mapping[str, str]]
_NONE: Details = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as shown; `text` is safe HTML with names in bold."""

    seq: int
    at: datetime
    icon: str
    text: Markup
    who: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    icon: str
    text: Any
    minor: bool = False  # left out of the short list beside a task


SENTENCES: Mapping[str, _Sentence] = {
    history.INSTANCE_STARTED: _Sentence(icon="player-play", text=_l("%(who)s started the case")),
    history.INSTANCE_COMPLETED: _Sentence(icon="circle-check", text=_l("The case was completed")),
    history.INSTANCE_CANCELLED: _Sentence(icon="ban", text=_l("%(who)s cancelled the case%(reason)s")),
    history.INSTANCE_SUSPENDED: _Sentence(icon="player-pause", text=_l("%(who)s suspended the case")),
    history.INSTANCE_RESUMED: _Sentence(icon="player-play", text=_l("%(who)s let the case go on")),
    history.INSTANCE_MIGRATED: _Sentence(
        icon="arrow-up-circle", text=_l("%(who)s moved the case from version %(before)s to version %(version)s")
    ),
    history.ELEMENT_STARTED: _Sentence(icon="arrow-right", text=_l("%(step)s was reached"), minor=True),
    history.ELEMENT_COMPLETED: _Sentence(icon="check", text=_l("%(step)s was passed"), minor=True),
    history.ELEMENT_CANCELLED: _Sentence(icon="x", text=_l("%(step)s was left"), minor=True),
    history.FLOW_TAKEN: _Sentence(icon="arrow-right", text=_l("The path %(step)s was taken"), minor=True),
    history.TASK_OPENED: _Sentence(icon="inbox", text=_l("%(step)s was opened")),
    history.TASK_CLAIMED: _Sentence(icon="user-check", text=_l("%(who)s claimed %(step)s")),
    history.TASK_RELEASED: _Sentence(icon="user-minus", text=_l("%(who)s released %(step)s")),
    history.TASK_ASSIGNED: _Sentence(icon="user-share", text=_l("%(who)s assigned %(step)s to %(assignee)s")),
    history.TASK_COMPLETED: _Sentence(icon="circle-check", text=_l("%(who)s completed %(step)s")),
    history.TASK_CANCELLED: _Sentence(icon="x", text=_l("%(step)s was withdrawn")),
    history.VARIABLES_SET: _Sentence(icon="pencil", text=_l("Values were set: %(names)s"), minor=True),
    history.TIMER_ARMED: _Sentence(icon="clock", text=_l("The timer %(step)s was set for %(due)s"), minor=True),
    history.TIMER_FIRED: _Sentence(icon="alarm", text=_l("The timer %(step)s went off")),
    history.TIMER_MOVED: _Sentence(icon="clock-edit", text=_l("%(who)s moved the timer %(step)s to %(due)s")),
    history.MESSAGE_RECEIVED: _Sentence(icon="mail-opened", text=_l("The message %(name)s arrived")),
    history.MESSAGE_WAITED: _Sentence(
        icon="mail-pause", text=_l("The message %(name)s had been sent before by %(sender)s"), minor=True
    ),
    history.MESSAGE_THROWN: _Sentence(icon="mail-forward", text=_l("The message %(name)s was sent")),
    history.SIGNAL_THROWN: _Sentence(icon="broadcast", text=_l("The signal %(name)s was sent")),
    history.DECISION_EVALUATED: _Sentence(icon="table", text=_l("%(step)s was decided: %(result)s (%(why)s)")),
    history.JOB_CREATED: _Sentence(icon="settings", text=_l("%(step)s was handed to a service"), minor=True),
    history.JOB_COMPLETED: _Sentence(icon="settings-check", text=_l("%(step)s was done by a service")),
    history.JOB_FAILED: _Sentence(icon="settings-exclamation", text=_l("%(step)s failed in a service: %(message)s")),
    history.ERROR_THROWN: _Sentence(icon="alert-circle", text=_l("The error %(code)s was thrown")),
    history.ESCALATION_THROWN: _Sentence(icon="arrow-big-up-line", text=_l("%(step)s was escalated")),
    history.INCIDENT_RAISED: _Sentence(icon="alert-triangle", text=_l("%(step)s cannot go on: %(message)s")),
    history.INCIDENT_RESOLVED: _Sentence(icon="refresh", text=_l("%(step)s was tried again")),
    history.WARNING_NOTED: _Sentence(icon="info-circle", text=_l("Note at %(step)s: %(message)s"), minor=True),
}
_NOTE = _Sentence(icon="info-circle", text=_l("Note: %(message)s"), minor=True)
"""A warning that belongs to no step."""


def lines(
    entries: Iterable[HistoryEntry],
    name_of: Callable[[str | None], str],
    details: Details = _NONE,
    *,
    minor: bool = True,
) -> list[Line]:
    """Write entries as sentences.

    `name_of` gives an element's name; `details` tell tasks of one step apart, by task and locale; `minor` keeps what
    only experts read.
    """
    found = []
    for entry in entries:
        sentence = SENTENCES.get(entry.kind)
        if entry.kind == history.WARNING_NOTED and entry.element_id is None:
            sentence = _NOTE
        if sentence is None:
            text = Markup(escape(entry.kind))  # noqa: S704 - escaped
            found.append(Line(entry.seq, entry.at, "point", text, entry.actor))
        elif minor or not sentence.minor:
            found.append(
                Line(entry.seq, entry.at, sentence.icon, _text(sentence, entry, name_of, details), entry.actor)
            )
    return found


def _text(sentence: _Sentence, entry: HistoryEntry, name_of: Callable[[str | None], str], details: Details) -> Markup:
    data = entry.data
    detail = details.get(str(data.get("task_id")), {})
    words = {
        "who": person(SYSTEM.name) if entry.actor == SYSTEM.name else person(entry.actor),
        "step": with_detail(
            name_of(entry.element_id) or str(data.get("name") or entry.element_id or ""),
            localised(detail.get(""), detail),
        ),
        "assignee": person(str(data.get("assignee") or "")),
        "name": str(data.get("name") or ""),
        "names": gettext(", ").join(sorted(data.get("variables") or ())),
        "due": _due(data.get("due_at")),
        "message": str(data.get("message") or gettext("; ").join(data.get("messages") or ())),
        "sender": person(str(data.get("sent_by") or "")),
        "before": str(data.get("from") or ""),
        "version": str(data.get("version") or ""),
        "code": str(data.get("code") or data.get("error_code") or ""),
    }
    marked: dict[str, object] = {key: Markup("<b>{}</b>").format(word) for key, word in words.items()}
    marked["message"] = words["message"]
    if entry.kind == history.DECISION_EVALUATED:
        marked |= {"result": Markup("<b>{}</b>").format(result_of(data)), "why": reason_of(data)}
    marked["reason"] = gettext(": %(reason)s", reason=data["reason"]) if data.get("reason") else ""
    return Markup(escape(str(sentence.text))) % marked  # noqa: S704 - escaped before the words come in


def _due(value: object) -> str:
    try:
        return moment(datetime.fromisoformat(str(value)))
    except ValueError:
        return ""
