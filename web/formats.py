"""Instants, durations, sizes and names as people read them, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import get_locale, get_timezone, gettext, to_user_timezone
from markupsafe import Markup

from web import current

SOON = timedelta(hours=4)
"""A deadline within this time is shown as near; the inbox has a band for it."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A clock in words: `share` is the percentage of the time used, which fills the ring."""

    state: Literal["ok", "soon", "late", "paused", "none"]
    share: int
    text: str
    title: str = ""


def init(app: Flask) -> None:
    app.jinja_env.filters.update(
        moment=moment, day=day, time_of_day=time_of_day, span=span, age=age, size=size, stamp=stamp, written=written
    )
    app.jinja_env.globals.update(
        chip=chip, localised=localised, met=met, priority_level=priority_level, stamp=stamp, age=age
    )
    app.jinja_env.globals.update(detail_of=detail_of, full_name=full_name)


def localised(name: str | None, names: Mapping[str, str] | None = None) -> str:
    """Choose the name in the page's language, else the plain one."""
    return (names or {}).get(str(get_locale())) or name or ""


class Named(Protocol):
    """A task or the visit of a step: its name, and what tells it apart from others of its step."""

    @property
    def element_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def names(self) -> Mapping[str, str]: ...
    @property
    def details(self) -> Mapping[str, str]: ...


def detail_of(task: Named) -> str:
    """Give what tells a task apart from others of its step, in the page's language; "" where there is nothing."""
    return localised(task.details.get(""), task.details)


def full_name(task: Named) -> str:
    """Name a task so that no other of its case has the same name: “Inspect one section: Appearance, BC600-26-0011”."""
    return with_detail(localised(task.name, task.names) or task.element_id, detail_of(task))


def with_detail(name: str, detail: str) -> str:
    return gettext(": ").join(part for part in (name, detail) if part)


def chip(due_at: datetime | None, started_at: datetime | None, now: datetime | None = None) -> Chip:
    """Tell a deadline as the time left or the time past it."""
    if due_at is None:
        return Chip("none", 0, gettext("No deadline"))
    now = now or current.now()
    title = gettext("Due %(moment)s", moment=moment(due_at, now))
    if due_at < now:
        return Chip("late", 100, gettext("%(span)s late", span=span(now - due_at)), title)
    total = due_at - started_at if started_at else timedelta(0)
    share = round(100 * (now - started_at) / total) if started_at and total > timedelta(0) else 0
    return Chip(
        "soon" if due_at - now <= SOON else "ok",
        min(max(share, 0), 99),
        gettext("%(span)s left", span=span(due_at - now)),
        title,
    )


def met(due_at: datetime | None, started_at: datetime | None, ended_at: datetime) -> Chip:
    """Tell how a clock that no longer runs has ended."""
    if due_at is None:
        return Chip("none", 0, gettext("No deadline"))
    if ended_at > due_at:
        return Chip("late", 100, gettext("%(span)s late", span=span(ended_at - due_at)))
    return Chip("ok", 100, gettext("met in %(span)s", span=span(ended_at - (started_at or ended_at))))


def span(length: timedelta) -> str:
    """Write a duration with its two largest units: “1h 35m”, “1d 2h”, “2d”."""
    minutes = max(int(length.total_seconds() // 60), 0)
    if minutes == 0:
        return gettext("under 1m")
    days, rest = divmod(minutes, 24 * 60)
    hours, rest = divmod(rest, 60)
    parts = [_days(days), _hours(hours)] if days else [_hours(hours), _minutes(rest)]
    if days >= 10:
        parts = parts[:1]
    words = [part for part in parts if part]
    return gettext("%(large)s %(small)s", large=words[0], small=words[1]) if len(words) > 1 else words[0]


def _days(count: int) -> str:
    return gettext("%(n)sd", n=count) if count else ""


def _hours(count: int) -> str:
    return gettext("%(n)sh", n=count) if count else ""


def _minutes(count: int) -> str:
    return gettext("%(n)sm", n=count) if count else ""


def age(since: datetime, now: datetime | None = None) -> str:
    """Write how long ago, with one unit: “9 h”, “2 d”."""
    minutes = max(int(((now or current.now()) - since).total_seconds() // 60), 0)
    if minutes < 60:
        return gettext("%(n)s min", n=minutes)
    if minutes < 24 * 60:
        return gettext("%(n)s h", n=minutes // 60)
    return gettext("%(n)s d", n=minutes // (24 * 60))


def moment(at: datetime, now: datetime | None = None) -> str:
    """Write an instant: the time if it is today, else day and time."""
    if _local(at).date() == _local(now or current.now()).date():
        return time_of_day(at)
    return gettext("%(day)s, %(time)s", day=day(at, now), time=time_of_day(at))


def day(at: datetime, now: datetime | None = None) -> str:
    """Write a date: “21 Nov”, with the year if it is another."""
    local = _local(at)
    month = _months()[local.month - 1]
    if local.year == _local(now or current.now()).year:
        return gettext("%(day)s %(month)s", day=local.day, month=month)
    return gettext("%(day)s %(month)s %(year)s", day=local.day, month=month, year=local.year)


def written(value: str, subtype: str) -> str:
    """Write what a date field holds as people read it: a `date`, a `time` or a `datetime` of the page's time zone."""
    try:
        at = datetime.fromisoformat(value).replace(tzinfo=ZoneInfo(str(get_timezone())))
    except ValueError:  # a time, or nothing
        return value
    return day(at) if subtype == "date" else moment(at)


def time_of_day(at: datetime) -> str:
    return _local(at).strftime("%H:%M")


def stamp(at: datetime) -> Markup:
    """Write an instant as a `time` element, exact for machines and on pointing."""
    local = _local(at)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.isoformat(), local.strftime("%Y-%m-%d %H:%M:%S"), moment(at)
    )


def size(count: int) -> str:
    """Write a number of bytes: “640 B”, “12 kB”, “1.9 MB”."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"


def priority_level(priority: int) -> int:
    """Sort a priority of 0 to 100 into 1 high, 2 normal, 3 low."""
    return 1 if priority > 60 else 3 if priority < 40 else 2


def _local(at: datetime) -> datetime:
    return to_user_timezone(at)


def _months() -> list[str]:
    return [
        gettext("Jan"), gettext("Feb"), gettext("Mar"), gettext("Apr"), gettext("May"), gettext("Jun"),
        gettext("Jul"), gettext("Aug"), gettext("Sep"), gettext("Oct"), gettext("Nov"), gettext("Dec"),
    ]  # fmt: skip
