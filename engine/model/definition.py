"""What a definition says about itself, as plain values: for checks, pages and REST."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the diagram.

    `kind` is the BPMN tag ("userTask", "exclusiveGateway", …); `scope` the id of the process or sub-process that holds it;
    `names` localised names; `properties` the `zeebe:properties`.
    """

    id: str
    kind: str
    name: str
    scope: str
    names: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    form_key: str | None = None
    candidate_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """A start event that is not a plain one: what starts a new instance and at which element.

    `name` is the message's or signal's name; for a timer, `schedule` is its ISO-8601 text.
    """

    element_id: str
    kind: Literal["message", "signal", "timer"]
    name: str = ""
    schedule: str = ""


@dataclass(frozen=True, slots=True)
class References:
    """Keys that a process names literally; expressions (`=…`) are not listed."""

    forms: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    processes: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
