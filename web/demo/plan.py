"""What a story of the demo consists of, and when its acts happen: planned backwards from the last one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_BEGIN, _END = 8, 20  # the plant works two shifts, every day


@dataclass(frozen=True, slots=True)
class When:
    """The moment of an act, and that of the one after it, as people write them in the plant's time zone."""

    at: datetime
    next_at: datetime
    zone: ZoneInfo

    def day(self, later: int = 0) -> str:
        return (self.at.astimezone(self.zone) + timedelta(days=later)).date().isoformat()

    def minutes_ago(self, minutes: int) -> str:
        return self._text(self.at - timedelta(minutes=minutes))

    def hours_on(self, hours: float) -> str:
        return self._text(self.at + timedelta(hours=hours))

    def before_next(self, minutes: int) -> str:
        return self._text(self.next_at - timedelta(minutes=minutes))

    def _text(self, moment: datetime) -> str:
        return moment.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")


Values = Callable[[When, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody completes (or only claims) a task of the case, `after` hours or more after the act before it.

    `exact` acts keep to their hours even at night; `which` names one of several open tasks of the element.
    """

    element: str
    who: str
    after: float
    values: Values
    exact: bool = False
    only_claim: bool = False
    which: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A case from its start to its last act, which was `idle` hours ago."""

    definition_key: str
    starter: str
    start: Callable[[When], dict[str, Any]]
    acts: tuple[Act, ...]
    idle: float
    exact_start: bool = False


def schedule(story: Story, now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the instants of the start and of each act (one more than there are acts)."""
    moments: list[datetime] = []
    at = now - timedelta(hours=story.idle)
    for place in range(len(story.acts), -1, -1):
        exact = story.acts[place - 1].exact if place else story.exact_start
        at = at if exact else at_work(at, zone)
        moments.append(at)
        if place:
            at -= timedelta(hours=story.acts[place - 1].after)
    return moments[::-1]


def at_work(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment if it is in working hours, else the end of those before it (a little earlier each time)."""
    local = moment.astimezone(zone)
    if _BEGIN <= local.hour < _END:
        return moment
    day = local if local.hour >= _END else local - timedelta(days=1)
    early = timedelta(minutes=7 + local.minute)
    return (day.replace(hour=_END, minute=0, second=local.second, microsecond=0) - early).astimezone(moment.tzinfo)
