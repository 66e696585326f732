"""A marshmallow field for each component type: what a value must be, and how it is stored among the variables."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import regex
from marshmallow import ValidationError, fields, missing

from engine.feel import LIMITS
from engine.forms import messages as say
from engine.forms.component import Component, Option, is_empty
from engine.forms.expressions import number_to_json

if TYPE_CHECKING:
    from engine.forms.filling import Filling

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"[+\d(（][\d\s()（）/.-]{4,}(\s*(#|ext\.?|转)\s*\d+)?")
_CONTROL = {code: None for code in (*range(32), 127) if code not in (9, 10)}


class Answer(fields.Field[Any]):
    """Any input of a form: emptiness and `required` first, then the rules of its type."""

    needed: say.Message = say.REQUIRED

    def __init__(self, component: Component, filling: Filling) -> None:
        super().__init__(allow_none=True)
        self.component = component
        self.filling = filling

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """Return the JSON value to store; an input left empty has its type's empty value."""
        if value is not missing and not is_empty(value):
            return self.answer(value)
        if self.component.rules.required:
            raise ValidationError(self.needed)
        return self.component.empty()

    def answer(self, value: Any) -> Any:
        raise NotImplementedError


class Text(Answer):
    def answer(self, value: Any) -> str:
        if not isinstance(value, str) or not _is_unicode(value):
            raise ValidationError(say.NOT_TEXT)
        value = value.replace("\r\n", "\n").translate(_CONTROL).strip()
        if self.component.type == "textfield":
            value = value.replace("\n", " ")
        self.check(value)
        return value

    def check(self, value: str) -> None:
        rules = self.component.rules
        found: list[str] = []
        if rules.min_length is not None and len(value) < rules.min_length:
            found.append(say.too_short(rules.min_length))
        if rules.max_length is not None and len(value) > rules.max_length:
            found.append(say.too_long(rules.max_length))
        if rules.kind == "email" and not _EMAIL.fullmatch(value):
            found.append(say.NOT_EMAIL)
        if rules.kind == "phone" and not _PHONE.fullmatch(value):
            found.append(say.NOT_PHONE)
        if rules.pattern and not found and not self.matches(value, rules.pattern):
            found.append(say.pattern())
        if found:
            raise ValidationError(found)

    @staticmethod
    def matches(value: str, pattern: str) -> bool:
        """Search the pattern anywhere in the text, as form-js does; one that takes too long does not match."""
        try:
            return regex.search(pattern, value, timeout=LIMITS.regex_seconds) is not None
        except TimeoutError:
            return False


class Number(Answer):
    def answer(self, value: Any) -> int | float:
        number = to_decimal(value)
        if number is None:
            raise ValidationError(say.NOT_NUMBER)
        if abs(number) >= 2**63:
            raise ValidationError(say.NUMBER_TOO_LARGE)
        rules = self.component.rules
        found: list[str] = []
        if rules.min is not None and number < Decimal(repr(rules.min)):
            found.append(say.too_small(rules.min))
        if rules.max is not None and number > Decimal(repr(rules.max)):
            found.append(say.too_great(rules.max))
        places = self.component.attribute("decimalDigits")
        if isinstance(places, int) and _places(number) > places:
            found.append(say.digits(places))
        size = to_decimal(self.component.attribute("step"))
        if size is not None and size > 0 and number % size:
            found.append(say.step(self.component.attribute("step")))
        if found:
            raise ValidationError(found)
        return number_to_json(number)


class Moment(Answer):
    """Date, time, or both; the stored text follows `timeSerializingFormat` of form-js."""

    def answer(self, value: Any) -> str:
        subtype = self.component.attribute("subtype", "date")
        wrong = {"date": say.NOT_DATE, "time": say.NOT_TIME}.get(subtype, say.NOT_DATETIME)
        if not isinstance(value, str):
            raise ValidationError(wrong)
        text = value.strip()
        try:
            if subtype == "date":
                return self.of_date(text)
            return self.of_time(text) if subtype == "time" else self.of_datetime(text)
        except ValueError:
            raise ValidationError(wrong) from None

    def of_date(self, text: str) -> str:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError(text)
        day = date.fromisoformat(text)
        self.check_not_passed(day)
        return day.isoformat()

    def of_time(self, text: str) -> str:
        if not re.match(r"\d\d:\d\d", text):
            raise ValueError(text)
        moment = time.fromisoformat(text)
        zone, utc = self.zone()
        if zone is None:
            return moment.replace(tzinfo=None).isoformat("minutes")
        today = self.filling.now.astimezone(zone).date()
        placed = _placed(datetime.combine(today, moment), zone)
        return _iso((placed.astimezone(self.filling.now.tzinfo) if utc else placed).timetz())

    def of_datetime(self, text: str) -> str:
        if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text):
            raise ValueError(text)
        moment = datetime.fromisoformat(text)
        placed = _placed(moment, self.filling.zone)
        self.check_not_passed(placed.date())
        zone, utc = self.zone()
        if zone is None:
            return placed.replace(tzinfo=None).isoformat(timespec="minutes")
        return _iso(placed.astimezone(self.filling.now.tzinfo) if utc else placed)

    def zone(self) -> tuple[tzinfo | None, bool]:
        kept = self.component.attribute("timeSerializingFormat", "no_timezone")
        return (None if kept == "no_timezone" else self.filling.zone), kept == "utc_normalized"

    def check_not_passed(self, day: date) -> None:
        today = self.filling.now.astimezone(self.filling.zone).date()
        if self.component.attribute("disallowPassedDates") is True and day < today:
            raise ValidationError(say.PASSED_DATE)


class Tick(Answer):
    needed = say.TICK

    def answer(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(say.NOT_YES_NO)
        if self.component.rules.required and not value:
            raise ValidationError(self.needed)
        return value


class Choice(Answer):
    """One of the options; their text is as good as their value, so that pages and files can send it."""

    needed = say.CHOOSE

    def answer(self, value: Any) -> Any:
        return chosen(value, self.filling.options(self.component))


class Choices(Answer):
    needed = say.CHOOSE

    def answer(self, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError(say.NOT_LIST)
        options = self.filling.options(self.component)
        found = [chosen(one, options) for one in value]
        if any(one in found[:place] for place, one in enumerate(found)):
            raise ValidationError(say.TWICE)
        return found


class RecordKey(Answer):
    needed = say.CHOOSE

    def answer(self, value: Any) -> str:
        if not isinstance(value, str) or not _is_unicode(value):
            raise ValidationError(say.NO_RECORD)
        key = value.strip()
        if self.filling.record(self.component.attribute("recordType", ""), key) is None:
            raise ValidationError(say.NO_RECORD)
        return key


class Files(Answer):
    """Ids of attachments that were stored before."""

    needed = say.NEEDS_FILE

    def answer(self, value: Any) -> list[str]:
        ids = check_files(value, self.filling.attachment)
        if len(ids) > 1 and self.component.attribute("multiple") is not True:
            raise ValidationError(say.ONE_FILE)
        return ids


def check_files(value: Any, attachment: Callable[[str], Any]) -> list[str]:
    """Return the attachment ids, each once; raises ValidationError where one is unknown."""
    if not isinstance(value, list) or not all(isinstance(one, str) and _is_unicode(one) for one in value):
        raise ValidationError(say.NOT_LIST)
    if any(attachment(one) is None for one in value):
        raise ValidationError(say.NO_FILE)
    return list(dict.fromkeys(value))


def chosen(value: Any, options: Sequence[Option]) -> Any:
    """Return the option's value that equals the given one, by its text where the types differ."""
    if isinstance(value, (str, int, float, bool)):
        for option in options:
            if type(option.value) is type(value) and option.value == value:
                return option.value
        text = option_text(value)
        for option in options:
            if option_text(option.value) == text:
                return option.value
    raise ValidationError(say.NOT_OPTION)


def option_text(value: Any) -> str:
    """Return how an option's value is written in pages and files."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def to_decimal(value: Any) -> Decimal | None:
    """Return a JSON number as it was written, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _placed(moment: datetime, zone: tzinfo) -> datetime:
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def _iso(moment: datetime | time) -> str:
    return moment.isoformat(timespec="minutes").replace("+00:00", "Z")


def _is_unicode(value: str) -> bool:
    """Say whether the text can be stored: JSON may carry halves of surrogate pairs."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


FIELDS: Mapping[str, type[Answer]] = {
    "textfield": Text,
    "textarea": Text,
    "number": Number,
    "datetime": Moment,
    "select": Choice,
    "radio": Choice,
    "checkbox": Tick,
    "checklist": Choices,
    "filepicker": Files,
    "recordpicker": RecordKey,
}
