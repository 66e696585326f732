"""Words of forms: messages in the reader's language, Markdown as safe HTML, values as people read them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import get_locale, gettext
from markdown_it import MarkdownIt
from markupsafe import Markup

from engine.forms import Component, Message
from engine.forms.fields import option_text
from web import current
from web.formats import day, moment

# Raw HTML stays text, and links lead only to addresses that a browser merely opens; pictures of other sites would tell
# them who reads.
_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?")
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")


def language() -> str:
    return str(get_locale() or "en")


def say(message: str) -> str:
    """Translate a message of the engine; any other text stays as it is."""
    if isinstance(message, Message):
        return gettext(message.msgid).format(**message.params)
    return message


def markdown(text: str) -> Markup:
    return Markup(_MARKDOWN.render(text))  # noqa: S704 - built without raw HTML


def shown(value: Any) -> str:
    """Write a variable inside a text: yes and no, dates and times, lists, in the reader's language."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return gettext(", ").join(shown(one) for one in value)
    if isinstance(value, dict):
        return gettext(", ").join(f"{name} {shown(one)}" for name, one in value.items())
    if isinstance(value, str) and (found := _ISO.fullmatch(value)):
        return _written(value, has_time=bool(found[1]))
    return str(value)


def _written(value: str, *, has_time: bool) -> str:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return value
    placed = found if found.tzinfo else found.replace(tzinfo=zone())
    return moment(placed) if has_time else day(placed)


def zone() -> ZoneInfo:
    """Return the plant's time zone: dates and times without an offset are meant there."""
    return ZoneInfo(current.engine().settings.time_zone)


def typed(component: Component, value: Any) -> str:
    """Write a value as its input holds it; what was typed and refused stays as typed."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    if component.type in ("select", "radio"):
        return option_text(value)
    if component.type == "datetime":
        return _moment(component, str(value))
    return str(value)


def _moment(component: Component, value: str) -> str:
    subtype = component.attribute("subtype", "date")
    try:
        if subtype == "datetime":
            moment = datetime.fromisoformat(value)
            return (moment.astimezone(zone()) if moment.tzinfo else moment).strftime("%Y-%m-%dT%H:%M")
        if subtype == "time" and len(value) > len("00:00"):
            today = current.now().astimezone(zone()).date().isoformat()
            moment = datetime.fromisoformat(f"{today}T{value}")
            return (moment.astimezone(zone()) if moment.tzinfo else moment).strftime("%H:%M")
    except ValueError:
        return value
    return value
