"""When a timer is due: ISO 8601 dates, durations and cycles, without a clock (`now` is an argument).

Months are calendar months counted from the anchor, so that a monthly cycle does not drift: 31 January + P1M is the last day
of February, + P2M is 31 March. Standard library only.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.model.cron import Cron, CronError, looks_like_cron, parse_cron

MAX_YEARS = 1000


class ScheduleError(ValueError):
    """The text is no timer; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of calendar months and exact time; never negative."""

    months: int = 0
    exact: timedelta = timedelta()

    def after(self, start: datetime, times: int = 1) -> datetime:
        """Return `start` plus `times` spans; a day beyond the month's end becomes its last day.

        Months are counted on the wall clock of the start's zone, the rest in exact time: PT1H is an hour on every day.
        """
        instant = add_months(start, self.months * times) if self.months else start
        return (instant.astimezone(UTC) + self.exact * times).astimezone(start.tzinfo)

    @property
    def is_zero(self) -> bool:
        return not self.months and not self.exact


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeated timer: `repeats` is None for endless; `start` is the first occurrence, else one span after the arming."""

    repeats: int | None
    interval: Duration | Cron
    start: datetime | None = None
    end: datetime | None = None

    def due(self, armed_at: datetime, fired: int, last_due: datetime | None = None) -> datetime | None:
        """Return the instant of the next occurrence after `fired` ones, None when the cycle is over.

        Occurrences count from the arming (or `start`), never from the moment they were noticed. `last_due`, where it is
        known, spares a cron line the way from the arming.
        """
        if self.repeats is not None and fired >= self.repeats:
            return None
        if isinstance(self.interval, Cron):
            instant = last_due or armed_at
            for _ in range(1 if last_due else fired + 1):
                instant = self.interval.after(instant)
        elif self.start is None:
            instant = self.interval.after(armed_at, fired + 1)
        else:
            instant = self.interval.after(self.start, self._skipped(armed_at) + fired)
        return None if self.end is not None and instant > self.end else instant

    def _skipped(self, armed_at: datetime) -> int:
        """Count the occurrences of a start in the past that lie before the arming."""
        assert self.start is not None
        assert isinstance(self.interval, Duration)
        if self.start >= armed_at:
            return 0
        longest = timedelta(days=31 * self.interval.months) + self.interval.exact
        count = int((armed_at - self.start) / longest)
        while self.interval.after(self.start, count) < armed_at:
            count += 1
        return count


def add_months(start: datetime, months: int) -> datetime:
    """Add calendar months; 31 January + 1 is 28 or 29 February. Raises ScheduleError beyond the calendar."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ScheduleError(f"{months} months lead outside the calendar")
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)


_NUMBER = r"(\d+(?:[.,]\d+)?)"
_DURATION = re.compile(
    rf"P(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?",
    re.IGNORECASE,
)


def parse_duration(text: str) -> Duration:
    """Read `P1Y2M3W4DT5H6M7.5S`. Raises ScheduleError, for a negative one too."""
    text = text.strip()
    if text.startswith("-") or re.search(r"[PYMWDTHS]-", text, re.IGNORECASE):
        raise ScheduleError(f"“{text}” is negative: a timer cannot lie before the moment it is armed")
    match = _DURATION.fullmatch(text)
    if match is None or text[-1:].upper() in ("P", "T"):
        raise ScheduleError(f"“{text}” is no ISO 8601 duration such as PT30M, P2D or P1M")
    years, months, weeks, days, hours, minutes, seconds = (
        float(part.replace(",", ".")) if part else 0.0 for part in match.groups()
    )
    total = years * 12 + months
    if total != int(total):
        raise ScheduleError(f"“{text}” has a part of a month: months have no fixed length, use days")
    if total > MAX_YEARS * 12 or weeks * 7 + days > MAX_YEARS * 366:
        raise ScheduleError(f"“{text}” is longer than {MAX_YEARS} years")
    return Duration(int(total), timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds))


def parse_instant(text: str, zone: tzinfo = UTC) -> datetime:
    """Read an ISO 8601 date or date and time as UTC; without an offset it is meant in `zone`.

    A zone name may follow: `2026-03-01T08:00@Asia/Shanghai` or `…[Asia/Shanghai]`. Raises ScheduleError.
    """
    body, at, name = text.strip().replace("[", "@").rstrip("]").partition("@")
    try:
        if at:
            zone = ZoneInfo(name)
        instant = datetime.fromisoformat(body)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        raise ScheduleError(f"“{text}” is no ISO 8601 date and time such as 2026-03-01T08:00:00Z") from None
    return as_instant(instant, zone)


def as_instant(value: date | datetime, zone: tzinfo = UTC) -> datetime:
    """Turn a date (its first moment) or date and time into UTC; a naive one is meant in `zone`."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=zone)
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ScheduleError(f"“{value.isoformat()}” lies outside the calendar") from None


def parse_cycle(text: str, zone: tzinfo = UTC) -> Cycle:
    """Read `R5/PT10M`, `R/P1M`, `R3/<start>/P1D`, `R/P1D/<end>` or a cron line of six fields. Raises ScheduleError."""
    text = text.strip()
    if looks_like_cron(text):
        try:
            return Cycle(None, parse_cron(text))
        except CronError as error:
            raise ScheduleError(str(error)) from None
    parts = text.split("/")
    count = re.fullmatch(r"R(-1|\d*)", parts[0], re.IGNORECASE)
    if count is None or len(parts) not in (2, 3):
        raise ScheduleError(f"“{text}” is no cycle such as R/P1D (endless), R3/PT10M (three times) or a cron line")
    repeats = None if count[1] in ("", "-1") else int(count[1])
    start = end = None
    if len(parts) == 2:
        interval = parse_duration(parts[1])
    elif parts[1][:1].upper() == "P":
        interval, end = parse_duration(parts[1]), parse_instant(parts[2], zone)
    else:
        start, interval = parse_instant(parts[1], zone), parse_duration(parts[2])
    if interval.is_zero:
        raise ScheduleError(f"“{text}” repeats without a pause; give it a span such as PT10M")
    return Cycle(repeats, interval, start, end)


def start_due(text: str, anchor: datetime, fired: int, zone: tzinfo = UTC) -> datetime | None:
    """Return when a timer start event fires next: a date or duration once, a cycle counted from `anchor`."""
    text = text.strip()
    if text[:1] in "Rr" or looks_like_cron(text):
        return parse_cycle(text, zone).due(anchor, fired)
    if fired:
        return None
    return parse_duration(text).after(anchor) if text[:1] in "Pp" else parse_instant(text, zone)
