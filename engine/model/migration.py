"""What moving a case to another version of its process changes beside its tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model.advance import Advance, Subscription

WOULD_STOP = "would-stop"
"""The rule of a refusal that came of the case's own values."""


@dataclass(frozen=True, slots=True)
class Place:
    """An element where the case stood, and the one of the new version where it stands."""

    element: str
    target: str


@dataclass(frozen=True, slots=True)
class TaskChange:
    """What the new version says of a task that stays open; who may do it and until when stays as it is."""

    id: str
    name: str
    names: Mapping[str, str]
    form_key: str | None


@dataclass(slots=True)
class Migration:
    """What the move brings about. Ids of tasks, timers, jobs and subscriptions stay, and so do due instants.

    `armed` and `disarmed` name the events that the new version adds and leaves out; `renamed` maps the ids of tokens,
    jobs and incidents to the elements that they now belong to; `resubscribed` wait for another name or key.
    """

    advance: Advance = field(default_factory=Advance)
    moved: list[Place] = field(default_factory=list)
    armed: list[str] = field(default_factory=list)
    disarmed: list[str] = field(default_factory=list)
    tasks: list[TaskChange] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    resubscribed: list[Subscription] = field(default_factory=list)
