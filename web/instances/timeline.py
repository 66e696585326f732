"""A case's steps as bars on one axis: waiting before someone claims, worked on after it. Pure; percentages of the axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

STEPS = (
    *(timedelta(minutes=n) for n in (1, 2, 5, 10, 15, 30)),
    *(timedelta(hours=n) for n in (1, 2, 4, 8, 12)),
    *(timedelta(days=n) for n in (1, 2, 4, 7, 14, 28, 56, 112, 224, 448)),
)
"""Distances between two marks of the axis that people read at a glance."""
MOST_TICKS = 8
NEAR_BEFORE, NEAR_AFTER = 5, 18
"""A deadline that stands less than this before or after now, in percent of the axis, has no room for its words between."""
WORD, DAY_AND_TIME, DUE = 7, 12, 17
"""How much of the axis the words of a mark take, in percent: “16:00” or “20 Nov”, “20 Nov 16:00”, “due 21 Nov, 11:13”."""
FARTHEST = 3
"""A deadline farther away than this many times the elapsed time stands at the edge, so that the bars stay readable."""


class StepLike(Protocol):
    """A visit of an element, as `engine.queries.path.Step`."""

    @property
    def element_id(self) -> str: ...
    @property
    def details(self) -> Mapping[str, str]: ...
    @property
    def kind(self) -> str: ...
    @property
    def opened_at(self) -> datetime: ...
    @property
    def claimed_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Bar:
    left: float
    width: float
    kind: Literal["w", "q"]
    running: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One visit of a step; `visit` counts from 1, tasks that were open side by side are the same visit."""

    step: StepLike
    visit: int
    bars: tuple[Bar, ...]
    took: timedelta
    running: bool


@dataclass(frozen=True, slots=True)
class Tick:
    left: float
    at: datetime
    new_day: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """`now` and `due` are places on the axis; `due_beyond` says that the deadline is farther than the axis reaches.

    `crowded` says that the two stand so near that their words go to their outer sides.
    """

    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    now: float | None
    due: float | None
    due_beyond: bool
    crowded: bool


def draw(
    steps: Sequence[StepLike],
    *,
    started_at: datetime,
    ended_at: datetime | None,
    due_at: datetime | None,
    now: datetime,
    local: Callable[[datetime], datetime],
) -> Timeline:
    """Lay the steps out between the case's start and now, its end or its deadline, whichever comes last."""
    end, beyond = _end(started_at, ended_at, due_at, now)
    length = max(end - started_at, timedelta(seconds=1))

    def place(at: datetime) -> float:
        return round(100 * min(max((at - started_at) / length, 0.0), 1.0), 3)

    lines = []
    for step, visit in visits(steps):
        until = step.ended_at or ended_at or now
        lines.append(
            Line(
                step,
                visit,
                _bars(step, until, place),
                until - step.opened_at,
                step.ended_at is None and ended_at is None,
            )
        )
    here = None if ended_at else place(now)
    due = None if due_at is None or ended_at is not None else 100.0 if beyond else place(due_at)
    crowded = here is not None and due is not None and -NEAR_BEFORE < due - here < NEAR_AFTER
    ticks = _ticks(started_at, end, local, _taken(here, due, crowded=crowded))
    return Timeline(tuple(lines), tuple(ticks), here, due, beyond, crowded)


def visits(steps: Sequence[StepLike]) -> list[tuple[StepLike, int]]:
    """Count the visits of each element and detail; a new one begins when the one before it has ended."""
    known: dict[tuple[str, str], tuple[int, datetime | None]] = {}
    numbered = []
    for step in steps:
        place = step.element_id, step.details.get("", "")
        visit, ended_at = known.get(place, (0, step.opened_at))
        if ended_at is not None and step.opened_at >= ended_at:
            visit, ended_at = visit + 1, step.ended_at
        elif ended_at is not None:
            ended_at = max(ended_at, step.ended_at) if step.ended_at else None
        known[place] = (visit, ended_at)
        numbered.append((step, visit))
    return numbered


def _end(
    started_at: datetime, ended_at: datetime | None, due_at: datetime | None, now: datetime
) -> tuple[datetime, bool]:
    if ended_at is not None:
        return ended_at, False
    elapsed = max(now - started_at, timedelta(minutes=10))
    if due_at is None:
        return now + elapsed * 0.02, False
    if due_at > started_at + FARTHEST * elapsed:
        return started_at + elapsed * 1.25, True
    end = max(now + elapsed * 0.02, due_at)
    crowded = due_at > now and (due_at - now) / (end - started_at) < NEAR_AFTER / 100
    return (end + (end - started_at) * 0.2 if crowded else end), False  # room for the words of the deadline


def _bars(step: StepLike, until: datetime, place: Callable[[datetime], float]) -> tuple[Bar, ...]:
    running = step.ended_at is None
    start, end = place(step.opened_at), place(until)
    if step.kind != "userTask":
        work = step.kind in ("serviceTask", "scriptTask", "businessRuleTask", "sendTask")
        return (Bar(start, end - start, "w" if work else "q", running),)
    if step.claimed_at is None:
        return (Bar(start, end - start, "q", running),)
    claimed = place(min(max(step.claimed_at, step.opened_at), until))
    waited = (Bar(start, claimed - start, "q"),) if claimed > start else ()
    return (*waited, Bar(claimed, end - claimed, "w", running))


def _ticks(
    start: datetime, end: datetime, local: Callable[[datetime], datetime], taken: Sequence[tuple[float, float]]
) -> list[Tick]:
    """Mark round instants, none where its words would run into the edge or into places that are taken."""
    span = end - start
    step = next((s for s in STEPS if span / s <= MOST_TICKS), STEPS[-1])
    first = local(start)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + step * (int((first - midnight) / step) + 1)
    ticks: list[Tick] = []
    while at < local(end):
        left = round(100 * ((at - first) / span), 3)
        new_day = not ticks or at.date() != ticks[-1].at.date()
        right = left + (DAY_AND_TIME if new_day and (at.hour or at.minute) else WORD)
        if right <= 101 and not any(left < far and right > near for near, far in taken):
            ticks.append(Tick(left, at, new_day))
        at += step
    return ticks


def _taken(now: float | None, due: float | None, *, crowded: bool) -> list[tuple[float, float]]:
    """Tell where the words of now and due stand."""
    words = []
    if now is not None:
        words.append((now - 5, now + 5))
    if due is not None:
        behind = crowded and now is not None and due > now
        words.append((due, due + DUE) if behind else (due - DUE, due + 1))
    return words
