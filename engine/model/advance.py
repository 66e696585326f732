"""What one step of a case brought about: returned by `engine.bpmn`, persisted in one place by `engine.store`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal

from engine.model.history import Entry
from engine.model.instance import InstanceState


@dataclass(frozen=True, slots=True)
class TaskOpening:
    """A user task that a token reached; its expressions are evaluated already. See `UserTask`."""

    id: str
    element_id: str
    name: str
    names: Mapping[str, str]
    form_key: str | None
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    priority: int
    due_at: datetime | None
    follow_up_at: datetime | None
    locals: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TimerArming:
    """A timer with its stored due instant; `id` is stable until it fires or is disarmed."""

    id: str
    element_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class JobRequest:
    """Machine work for a service, send or script task: a handler in `engine.services`, else an external worker.

    `variables` are what the job sees (instance scope overlaid with locals); its result goes back through the token.
    """

    id: str
    element_id: str
    type: str
    headers: Mapping[str, str]
    variables: Mapping[str, Any]
    retries: int = 3


@dataclass(frozen=True, slots=True)
class Subscription:
    """A token that waits for a message or signal by name; a message also by key (None matches only None)."""

    id: str
    element_id: str
    kind: Literal["message", "signal"]
    name: str
    correlation_key: str | None = None


@dataclass(frozen=True, slots=True)
class Throw:
    """A message or signal that leaves the case, to be delivered to others after the commit."""

    kind: Literal["message", "signal"]
    name: str
    correlation_key: str | None
    variables: Mapping[str, Any]
    element_id: str


@dataclass(frozen=True, slots=True)
class IncidentRaised:
    """A technical failure at a token; the token waits there for `Run.retry`."""

    id: str
    element_id: str
    message: str


@dataclass(slots=True)
class Advance:
    """All that a step changed. Ids are the tokens' ids (32 hex digits), so that restoring keeps them."""

    state: InstanceState = InstanceState.RUNNING
    tasks_opened: list[TaskOpening] = field(default_factory=list)
    tasks_cancelled: list[str] = field(default_factory=list)
    timers_armed: list[TimerArming] = field(default_factory=list)
    timers_disarmed: list[str] = field(default_factory=list)
    timers_moved: list[TimerArming] = field(default_factory=list)
    jobs: list[JobRequest] = field(default_factory=list)
    jobs_cancelled: list[str] = field(default_factory=list)
    subscriptions_opened: list[Subscription] = field(default_factory=list)
    subscriptions_closed: list[str] = field(default_factory=list)
    throws: list[Throw] = field(default_factory=list)
    incidents: list[IncidentRaised] = field(default_factory=list)
    incidents_resolved: list[str] = field(default_factory=list)
    history: list[Entry] = field(default_factory=list)

    def add(self, later: Advance) -> None:
        """Take in what the next step brought about, so that both are persisted as one."""
        self.state = later.state
        for item in fields(self):
            if item.name != "state":
                getattr(self, item.name).extend(getattr(later, item.name))
        self.forget_the_fleeting()

    def move_timer(self, moved: TimerArming) -> None:
        """Note another due instant of an armed timer."""
        for place, arming in enumerate(self.timers_armed):
            if arming.id == moved.id:
                self.timers_armed[place] = moved
                return
        self.timers_moved.append(moved)

    def forget_the_fleeting(self) -> None:
        """Leave out what was opened and closed within the step: nobody outside ever saw it. History keeps it."""
        pairs: tuple[tuple[list[Any], list[str]], ...] = (
            (self.tasks_opened, self.tasks_cancelled),
            (self.timers_armed, self.timers_disarmed),
            (self.jobs, self.jobs_cancelled),
            (self.subscriptions_opened, self.subscriptions_closed),
            (self.incidents, self.incidents_resolved),
        )
        for opened, closed in pairs:
            if opened and closed:
                fleeting = {item.id for item in opened} & set(closed)
                opened[:] = [item for item in opened if item.id not in fleeting]
                closed[:] = [name for name in closed if name not in fleeting]
