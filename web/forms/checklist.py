"""The rows of an inspection as they are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.forms import Component, Filling, Item
from engine.forms.fields import option_text, to_decimal
from web.forms import lookups
from web.forms.naming import anchor, part_name
from web.forms.shown import FileShown, OptionShown
from web.forms.texts import language, say

_LONGEST_NUMBER = 4
"""Ids up to this length number the rows; longer ones give way to 1, 2, 3…"""


@dataclass(frozen=True, slots=True)
class Gauge:
    """Where the limits and the value lie on the drawn scale, in percent; `needle` is None without a value."""

    start: float
    end: float
    left: float
    right: float
    needle: float | None
    limits: str


@dataclass(frozen=True, slots=True)
class Row:
    """One item with its answer so far; `state` is ok, fail or open."""

    item: Item
    id: str
    number: str
    text: str
    method: str
    state: str
    result: str
    value: str
    note: str
    defect_class: str
    photos: Sequence[FileShown]
    gauge: Gauge | None
    errors: Mapping[str, Sequence[str]]
    key: str

    def name(self, part: str) -> str:
        return part_name(self.key, self.item.id, part)

    @property
    def outcome(self) -> str:
        """The measured value with its unit, "" for pass and fail."""
        return f"{self.value} {self.item.unit}".strip() if self.item.is_measured and self.value else ""


@dataclass(frozen=True, slots=True)
class Checklist:
    items: Sequence[Row]
    classes: Sequence[OptionShown]
    rest_passes: bool

    @property
    def answered(self) -> int:
        return sum(row.state != "open" for row in self.items)


def checklist(component: Component, filling: Filling, value: Any, errors: Mapping[str, Sequence[str]]) -> Checklist:
    """Put the items beside what was answered so far."""
    answers = (
        {str(one.get("id")): one for one in value or () if isinstance(one, Mapping)} if isinstance(value, list) else {}
    )
    locale = language()
    items = filling.items(component) or ()
    return Checklist(
        items=[_row(component.key, place, item, answers.get(item.id, {}), errors) for place, item in enumerate(items)],
        classes=[OptionShown(option_text(option.value), option.text(locale)) for option in component.options],
        rest_passes=component.attribute("restPasses") is True,
    )


def _row(key: str, place: int, item: Item, answer: Mapping[str, Any], errors: Mapping[str, Sequence[str]]) -> Row:
    path = f"{key}.{place}"
    value = answer.get("value")
    number = to_decimal(value)
    result = str(answer.get("result") or "")
    photos = answer.get("photos")
    wrong = {
        name[len(path) + 1 :]: [say(message) for message in messages]
        for name, messages in errors.items()
        if name.startswith(f"{path}.")
    }
    locale = language()
    return Row(
        item=item,
        id=anchor(path),
        number=item.id if len(item.id) <= _LONGEST_NUMBER else str(place + 1),
        text=item.say("text", locale),
        method=item.say("method", locale),
        state=state_of(item, result, number),
        result=result,
        value="" if value is None else str(value),
        note=str(answer.get("note") or ""),
        defect_class=str(answer.get("defect_class") or ""),
        photos=[FileShown(one, lookups.find_file(one)) for one in photos or () if isinstance(one, str)],
        gauge=gauge(item, number),
        errors=wrong,
        key=key,
    )


def state_of(item: Item, result: str, value: Decimal | None) -> str:
    """Tell an item's state as the rules will: outside the limits is a fail, whatever was chosen."""
    if item.is_measured:
        if value is None:
            return "open"
        return "fail" if result == "fail" or not item.is_within(value) else "ok"
    return {"pass": "ok", "fail": "fail"}.get(result, "open")


def gauge(item: Item, value: Decimal | None) -> Gauge | None:
    """Lay out the scale: the allowed band in the middle, or from zero where only one limit is given."""
    if not item.is_measured or (item.low is None and item.high is None):
        return None
    low, high = item.low, item.high
    if low is not None and high is not None:
        start, end = low - (high - low) * 4 / 10, high + (high - low) * 4 / 10
        limits = f"{_short(low)} – {_short(high)}"
    elif high is not None:
        start, end = (Decimal(0), high * 3 / 2) if high > 0 else (high * 2 - 1, high / 2 + 1)
        limits = f"≤ {_short(high)}"
    else:
        assert low is not None
        start, end = (low / 2, low * 3 / 2) if low > 0 else (low * 2 - 1, abs(low) + 1)
        limits = f"≥ {_short(low)}"
    if end <= start:
        start, end = start - 1, end + 1

    def percent(at: Decimal) -> float:
        return round(float(min(max((at - start) / (end - start) * 100, Decimal(0)), Decimal(100))), 1)

    return Gauge(
        start=float(start),
        end=float(end),
        left=0.0 if low is None else percent(low),
        right=0.0 if high is None else round(100 - percent(high), 1),
        needle=None if value is None else percent(value),
        limits=f"{limits} {item.unit}".strip(),
    )


def _short(number: Decimal) -> str:
    return format(number.normalize(), "f")
