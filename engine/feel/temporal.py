"""Dates, times and durations: reading, writing, arithmetic and properties (DMN 10.3.2.3, 10.3.2.4)."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from engine.feel.values import YearsMonths

_DATE = r"(?P<year>-?(?:[1-9]\d{4,8}|\d{4}))-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = (
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
    r"(?P<zone>Z|z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][A-Za-z0-9_+/-]*)?"
)
DATE = re.compile(_DATE + r"\Z", re.A)
TIME = re.compile(r"T?" + _TIME + r"\Z", re.A)
DATE_AND_TIME = re.compile(_DATE + "T" + _TIME + r"\Z", re.A)
YEARS_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d{1,9})Y)?(?:(\d{1,10})M)?\Z", re.A)
DAYS_TIME = re.compile(
    r"(-)?P(?=[\dT])(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,14})M)?(?:(\d{1,16})(?:\.(\d+))?S)?)?\Z", re.A
)
MICROSECOND = timedelta(microseconds=1)


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def find_zone(text: str | None) -> tzinfo | None:
    """Return the zone of `Z`, `+08:00` or `@Asia/Shanghai`; None for no text. Raises ValueError."""
    if not text:
        return None
    if text in ("Z", "z"):
        return UTC
    if text.startswith("@"):
        if text[1:] not in _zone_names():
            raise ValueError(f"unknown time zone {text[1:]}")
        return ZoneInfo(text[1:])
    hours, minutes, seconds = int(text[1:3]), int(text[4:6]), int(text[7:9] or 0)
    if hours > 18 or minutes > 59 or seconds > 59:
        raise ValueError("the offset is out of range")
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-offset if text[0] == "-" else offset) if offset else UTC


def parse_date(text: str) -> date | None:
    """Return the date of ISO text in years 1 to 9999, or None."""
    found = DATE.match(text)
    return _date_of(found) if found else None


def _date_of(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except (ValueError, OverflowError):
        return None


def parse_time(text: str) -> time | None:
    """Return the time of ISO text, with its offset or zone if any, or None."""
    found = TIME.match(text)
    return _time_of(found) if found else None


def _time_of(found: re.Match[str]) -> time | None:
    micro = int((found["fraction"] or "0").ljust(6, "0")[:6])
    try:
        zone = find_zone(found["zone"])
        return time(int(found["hour"]), int(found["minute"]), int(found["second"]), micro, zone)
    except ValueError:
        return None


def parse_date_and_time(text: str) -> datetime | None:
    """Return the date and time of ISO text, or None; 24:00:00 is the next day's midnight."""
    found = DATE_AND_TIME.match(text)
    if not found:
        return None
    if (
        found["hour"] == "24"
        and found["minute"] == found["second"] == "00"
        and not (found["fraction"] or "").strip("0")
    ):
        start = parse_date_and_time(text.replace("T24:", "T00:", 1))
        return None if start is None else start + timedelta(days=1)
    day, clock = _date_of(found), _time_of(found)
    return None if day is None or clock is None else datetime.combine(day, clock)


def parse_duration(text: str) -> timedelta | YearsMonths | None:
    """Return the days and time or years and months duration of ISO text, or None."""
    if found := YEARS_MONTHS.match(text):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsMonths(-months if found[1] else months)
    if found := DAYS_TIME.match(text):
        micro = int((found[6] or "0").ljust(6, "0")[:6])
        try:
            span = timedelta(
                days=int(found[2] or 0), hours=int(found[3] or 0), minutes=int(found[4] or 0),
                seconds=int(found[5] or 0), microseconds=micro,
            )  # fmt: skip
            return -span if found[1] else span
        except OverflowError:
            return None
    return None


def parse_temporal(text: str) -> Any:
    """Return the value of an `@"…"` literal, or None where the text is none of the temporal forms."""
    return parse_date(text) or parse_date_and_time(text) or _first_not_none(parse_time(text), parse_duration(text))


def _first_not_none(*values: Any) -> Any:
    return next((v for v in values if v is not None), None)


def format_temporal(value: Any) -> str:
    """Return the ISO text that reads back as the value."""
    if isinstance(value, datetime):
        return f"{value.date().isoformat()}T{_format_clock(value)}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _format_clock(value)
    if isinstance(value, timedelta):
        return format_days_time(value)
    return str(value)


def _format_clock(value: time | datetime) -> str:
    text = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    if value.microsecond:
        text += f".{value.microsecond:06}".rstrip("0")
    return text + format_zone(value.tzinfo)


def format_zone(zone: tzinfo | None) -> str:
    """Return `Z`, `+08:00`, `@Asia/Shanghai` or ""."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None)
    if not offset:
        return "Z"
    seconds = int(abs(offset).total_seconds())
    sign = "-" if offset < timedelta(0) else "+"
    text = f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return text + (f":{seconds % 60:02}" if seconds % 60 else "")


def format_days_time(span: timedelta) -> str:
    """Return ISO 8601 text such as P1DT2H; zero is PT0S."""
    micros = abs(span) // MICROSECOND
    seconds, micro = divmod(micros, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    fraction = f".{micro:06}".rstrip("0") if micro else ""
    clock = (f"{hour}H" if hour else "") + (f"{minute}M" if minute else "")
    clock += f"{second}{fraction}S" if second or fraction else ""
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if span < timedelta(0) else "") + "P" + (text or "T0S")


def add_months(day: date, months: int) -> date:
    """Return the date (or date and time) moved by months, its day cut to the month's length. Raises ValueError."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise ValueError("the year is out of range")
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def shift(value: Any, span: timedelta) -> Any:
    """Return a date, time or date and time moved by a days and time duration. Raises OverflowError."""
    if isinstance(value, datetime):
        if isinstance(value.tzinfo, ZoneInfo):
            return (value.astimezone(UTC) + span).astimezone(value.tzinfo)
        return value + span
    if isinstance(value, date):
        return (datetime.combine(value, time()) + span).date()
    moved = datetime.combine(date(2000, 1, 1), value) + timedelta(microseconds=(span // MICROSECOND) % 86_400_000_000)
    return moved.timetz()


def time_offset(value: time | datetime) -> timedelta | None:
    """Return the offset from UTC, None for a local time; a zone's offset where no date decides is January's."""
    if isinstance(value, datetime):
        return value.utcoffset()
    if isinstance(value.tzinfo, ZoneInfo):
        return datetime.combine(date(1970, 1, 1), value).utcoffset()
    return value.utcoffset()


def seconds_of(value: time) -> Decimal:
    """Return seconds since midnight, UTC where the time has an offset, else local."""
    offset = time_offset(value)
    span = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    return Decimal((span - (offset or timedelta(0))) // MICROSECOND) / 1_000_000


def truncated(number: Decimal) -> int:
    """Return the integer part."""
    return int(number.to_integral_value(rounding=ROUND_DOWN))


def property_of(value: Any, name: str) -> Any:
    """Return a property of a temporal value (DMN table 62). Raises KeyError where it has none of that name."""
    if isinstance(value, timedelta):
        return _span_property(value, name)
    if isinstance(value, YearsMonths):
        sign = -1 if value.months < 0 else 1
        years, months = divmod(abs(value.months), 12)
        return Decimal({"years": years, "months": months}[name] * sign)
    if isinstance(value, date) and name in ("year", "month", "day"):
        return Decimal(getattr(value, name))
    if isinstance(value, date) and name == "weekday":
        return Decimal(value.isoweekday())
    if isinstance(value, (datetime, time)):
        return _clock_property(value, name)
    raise KeyError(name)


def _span_property(value: timedelta, name: str) -> Decimal:
    sign = -1 if value < timedelta(0) else 1
    seconds = abs(value) // timedelta(seconds=1)
    parts = {
        "days": seconds // 86400, "hours": seconds // 3600 % 24, "minutes": seconds // 60 % 60, "seconds": seconds % 60,
    }  # fmt: skip
    return Decimal(parts[name] * sign)


def _clock_property(value: datetime | time, name: str) -> Any:
    if name in ("hour", "minute", "second"):
        return Decimal(getattr(value, name))
    if name == "time offset":
        return time_offset(value)
    if name == "timezone":
        return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None
    raise KeyError(name)
