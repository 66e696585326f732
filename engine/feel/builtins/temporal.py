"""Functions on dates, times and durations (DMN 10.3.4.1, 10.3.4.8, 10.3.4.9). The clock is the one given to the run."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from engine.feel.builtins.numbers import whole
from engine.feel.errors import Undefined
from engine.feel.operators import equal
from engine.feel.registry import builtin
from engine.feel.run import Run
from engine.feel.temporal import (
    find_zone,
    format_zone,
    parse_date,
    parse_date_and_time,
    parse_duration,
    parse_time,
)
from engine.feel.values import YearsMonths, kind_of

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = tuple(calendar.month_name[1:])


def _read(value: Any, text: str, what: str) -> Any:
    if value is None:
        raise Undefined(f'"{text[:60]}" is not a {what}')
    return value


@builtin(name="date")
def date_from_text(run: Run, from_: str) -> date:
    return _read(parse_date(from_), from_, "date")


@builtin(name="date")
def date_from_date(run: Run, from_: date | datetime) -> date:
    return from_.date() if isinstance(from_, datetime) else from_


@builtin(name="date")
def date_from_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> date:
    return date(whole(year, "the year"), whole(month, "the month"), whole(day, "the day"))


@builtin(name="date and time")
def date_and_time_from_text(run: Run, from_: str) -> datetime:
    day = parse_date(from_)
    return datetime.combine(day, time()) if day else _read(parse_date_and_time(from_), from_, "date and time")


@builtin(name="date and time")
def date_and_time_from_value(run: Run, from_: datetime) -> datetime:
    return from_


@builtin(name="date and time")
def date_and_time_from_two(run: Run, date: date | datetime, time: time) -> datetime:
    day = date.date() if isinstance(date, datetime) else date
    return datetime.combine(day, time)


@builtin(name="date and time")
def date_and_time_in_zone(run: Run, date: datetime, timezone: str) -> datetime:
    zone = find_zone(timezone if timezone[:1] in "Zz+-@" else f"@{timezone}")
    return date.astimezone(zone) if date.tzinfo else date.replace(tzinfo=zone)


@builtin(name="date and time")
def date_and_time_from_parts(
    run: Run, year: Decimal, month: Decimal, day: Decimal, hour: Decimal, minute: Decimal, second: Decimal,
    offset: timedelta | str | None = None,
) -> datetime:  # fmt: skip
    clock = time_from_parts(run, hour, minute, second)
    if isinstance(offset, str):
        clock = clock.replace(tzinfo=find_zone(offset if offset[:1] in "Zz+-@" else f"@{offset}"))
    elif offset is not None:
        clock = clock.replace(tzinfo=timezone(offset))
    return datetime.combine(date_from_parts(run, year, month, day), clock)


@builtin(name="time")
def time_from_text(run: Run, from_: str) -> time:
    return _read(parse_time(from_), from_, "time")


@builtin(name="time")
def time_from_value(run: Run, from_: datetime | time | date) -> time:
    if isinstance(from_, datetime):
        return from_.timetz()
    return from_ if isinstance(from_, time) else time(tzinfo=UTC)


@builtin(name="time")
def time_from_parts(run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time:
    micro = int(second % 1 * 1_000_000)
    zone = None if offset is None else timezone(offset) if offset else UTC
    return time(whole(hour, "the hour"), whole(minute, "the minute"), int(second), micro, zone)


@builtin(name="duration")
def duration_from_text(run: Run, from_: str) -> Any:
    return _read(parse_duration(from_), from_, "duration")


@builtin(name="duration")
def duration_from_value(run: Run, from_: timedelta | YearsMonths) -> Any:
    return from_


@builtin
def years_and_months_duration(run: Run, from_: date | datetime, to: date | datetime) -> YearsMonths:
    first = from_.date() if isinstance(from_, datetime) else from_
    last = to.date() if isinstance(to, datetime) else to
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonths(months)


def clock(run: Run) -> datetime:
    """Return the instant given to the run."""
    if run.now is None:
        raise Undefined("this evaluation has no clock")
    return run.now


@builtin
def now(run: Run) -> datetime:
    return clock(run)


@builtin
def today(run: Run) -> date:
    return clock(run).date()


@builtin
def day_of_year(run: Run, date: date | datetime) -> Decimal:
    return Decimal(date.timetuple().tm_yday)


@builtin
def day_of_week(run: Run, date: date | datetime) -> str:
    return _DAYS[date.weekday()]


@builtin
def month_of_year(run: Run, date: date | datetime) -> str:
    return _MONTHS[date.month - 1]


@builtin
def week_of_year(run: Run, date: date | datetime) -> Decimal:
    return Decimal(date.isocalendar().week)


@builtin
def last_day_of_month(run: Run, date: date | datetime) -> date:
    return date.replace(day=calendar.monthrange(date.year, date.month)[1])


@builtin(name="is")
def same_in_every_respect(run: Run, value1: object = None, value2: object = None) -> bool:
    if kind_of(value1) != kind_of(value2):
        return False
    if isinstance(value1, (datetime, time)) and isinstance(value2, (datetime, time)):
        same_clock = value1.replace(tzinfo=None) == value2.replace(tzinfo=None)
        return same_clock and format_zone(value1.tzinfo) == format_zone(value2.tzinfo)
    return equal(value1, value2, run) is True
