"""Cron lines of six fields (second minute hour day month weekday), as Camunda 8 reads them. Standard library only."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

_FIELDS = (("second", 0, 59), ("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = {"SUN": 0, "MON": 1, "TUE": 2, "WED": 3, "THU": 4, "FRI": 5, "SAT": 6}
_MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
SEARCH_DAYS = 366 * 9  # 29 February, at worst eight years away


class CronError(ValueError):
    """The line is no cron line; says which field is wrong."""


@dataclass(frozen=True, slots=True)
class Cron:
    """The allowed values of each field; `days` and `weekdays` are None for `*`."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int] | None
    months: frozenset[int]
    weekdays: frozenset[int] | None

    def after(self, instant: datetime) -> datetime:
        """Return the first occurrence strictly after `instant`, in its zone. Raises CronError where there is none."""
        start = instant.replace(microsecond=0) + timedelta(seconds=1)
        day = start.replace(hour=0, minute=0, second=0)
        for _ in range(SEARCH_DAYS):
            if self._is_day(day):
                for hour in self.hours:
                    for minute in self.minutes:
                        for second in self.seconds:
                            found = day.replace(hour=hour, minute=minute, second=second)
                            if found >= start:
                                return found
            day += timedelta(days=1)
        raise CronError("the cron line names no day that exists")

    def _is_day(self, day: datetime) -> bool:
        return (
            day.month in self.months
            and (self.days is None or day.day in self.days)
            and (self.weekdays is None or day.isoweekday() % 7 in self.weekdays)
        )


def looks_like_cron(text: str) -> bool:
    return text.startswith("@") or len(text.split()) in (5, 6)


def parse_cron(text: str) -> Cron:
    """Read a line of six fields, or of five (the second is 0), or a macro such as @daily. Raises CronError."""
    parts = _MACROS.get(text.lower(), text).split()
    if len(parts) == 5:
        parts = ["0", *parts]
    if len(parts) != 6:
        raise CronError(f"“{text}” has {len(parts)} fields; a cron line has six: second minute hour day month weekday")
    values = [_field(part, *field) for part, field in zip(parts, _FIELDS, strict=True)]
    return Cron(
        tuple(sorted(values[0])),
        tuple(sorted(values[1])),
        tuple(sorted(values[2])),
        None if parts[3] in "*?" else frozenset(values[3]),
        frozenset(values[4]),
        None if parts[5] in "*?" else frozenset(day % 7 for day in values[5]),
    )


def _field(text: str, name: str, low: int, high: int) -> set[int]:
    names = _MONTHS if name == "month" else _DAYS if name == "weekday" else {}
    found: set[int] = set()
    for part in text.upper().split(","):
        match = re.fullmatch(r"(?:([*?])|(\w+)(?:-(\w+))?)(?:/(\d+))?", part)
        if match is None:
            raise CronError(f"“{part}” is no {name} in a cron line")
        every, first, last, step = match.groups()
        start = low if every else _number(first, names, name)
        end = high if every or (step and last is None) else _number(last, names, name) if last else start
        if not low <= start <= end <= high or step == "0":
            raise CronError(f"“{part}” is outside {low}-{high}, the range of a {name}")
        found.update(range(start, end + 1, int(step or 1)))
    return found


def _number(text: str, names: dict[str, int], name: str) -> int:
    if text in names:
        return names[text]
    if not text.isdigit():
        raise CronError(f"“{text}” is no {name} in a cron line")
    return int(text)
