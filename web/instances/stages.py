"""The stages a process names for its cases: where a case stands among them, and what to call them.

A process lists them in its property `stages` ("file, dispatch, tracking"), each element says in its property `stage`
which one it belongs to. `stage:<key>` and `stage:<key>:<locale>` hold the titles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.queries.definitions import DefinitionRow
from web.formats import localised


@dataclass(frozen=True, slots=True)
class Stage:
    """One of a process's stages; `state` says whether a case has passed it, is in it or has it before it."""

    key: str
    title: str
    state: Literal["done", "now", "next"]


def of(definition: DefinitionRow, stage: str | None = None, *, completed: bool = False) -> list[Stage]:
    """List the stages of a process in order, seen from a case that is in `stage`."""
    keys = [key.strip() for key in definition.properties.get("stages", "").split(",") if key.strip()]
    at = keys.index(stage) if stage in keys else -1
    return [
        Stage(
            key,
            title(definition.properties, key),
            "done" if completed or index < at else "now" if index == at else "next",
        )
        for index, key in enumerate(keys)
    ]


def title(properties: Mapping[str, str], key: str) -> str:
    """Give a stage's title in the page's language, else its key as words."""
    prefix = f"stage:{key}:"
    names = {name.removeprefix(prefix): value for name, value in properties.items() if name.startswith(prefix)}
    return localised(properties.get(f"stage:{key}"), names) or key.replace("_", " ").capitalize()
