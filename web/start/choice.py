"""What may be started, as cards with a digit each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template
from flask_babel import get_locale
from markupsafe import Markup

from engine.queries import definitions
from web import current
from web.assets import icon
from web.formats import localised
from web.start import blueprint


@dataclass(frozen=True, slots=True)
class Card:
    """A process that people start: what one does ("Order ready"), and which process that is."""

    key: str
    title: str
    text: str
    process: str
    version: int
    glyph: Markup
    digit: str


@blueprint.get("")
def index() -> str:
    """Show the choice."""
    rows = current.query(definitions.list_definitions)
    startable = [row for row in rows if not row.callable_only]
    cards = [_card(row, number) for number, row in enumerate(startable, 1)]
    return render_template("start/index.html", cards=cards, others=len(rows) - len(startable))


def own_text(properties: Mapping[str, str], name: str) -> str:
    """Give a property of the process in the page's language: `description:zh_Hans` before `description`."""
    return properties.get(f"{name}:{get_locale()}") or properties.get(name, "")


def _card(row: definitions.DefinitionRow, number: int) -> Card:
    process = localised(row.name, row.names)
    return Card(
        row.key,
        own_text(row.properties, "start") or process,
        own_text(row.properties, "description"),
        process,
        row.version,
        _glyph(row.properties.get("icon", "")),
        str(number) if number <= 9 else "",
    )


def _glyph(name: str) -> Markup:
    """Draw a process's sign: one of those that the sprite holds, else the plain one."""
    match name:
        case "truck-delivery":
            return icon("truck-delivery", "ic-20")
        case "headset":
            return icon("headset", "ic-20")
        case "tool":
            return icon("tool", "ic-20")
        case "package-import":
            return icon("package-import", "ic-20")
        case "alert-octagon":
            return icon("alert-octagon", "ic-20")
        case "users":
            return icon("users", "ic-20")
    return icon("sitemap", "ic-20")
