"""The `inspection` component: a checklist in, an answer for every item out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, missing

from engine.forms import messages as say
from engine.forms.expressions import number_to_json
from engine.forms.fields import Answer, check_files, chosen, to_decimal

_ANSWER = frozenset({"id", "text", "result", "value", "defect_class", "note", "photos"})
_LONGEST_NOTE = 4_000


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist; limits are inclusive, None where there is none."""

    id: str
    text: str
    method: str = ""
    kind: str = "pass"
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    required_photo: bool = False
    texts: Mapping[str, str] | None = None

    @property
    def is_measured(self) -> bool:
        return self.kind == "measure"

    def is_within(self, value: Decimal) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def say(self, name: str, locale: str) -> str:
        """Return `text` or `method` in the language: items may bring `text_zh`, `method_zh`."""
        own = (self.texts or {}).get(f"{name}_{locale.partition('_')[0]}")
        return own or str(getattr(self, name))


def items_of(found: Any) -> tuple[Item, ...] | None:
    """Return the items that the expression gave; None where they are no checklist."""
    if not isinstance(found, list):
        return None
    items = [_item(one) for one in found]
    read = tuple(item for item in items if item is not None)
    if len(read) < len(items) or len({item.id for item in read}) < len(read):
        return None
    return read


def _item(found: Any) -> Item | None:
    if not isinstance(found, Mapping):
        return None
    key, text = found.get("id"), found.get("text")
    kind = found.get("kind") or "pass"
    if key is None or key == "" or not isinstance(text, str) or kind not in ("pass", "measure"):
        return None
    return Item(
        id=str(key),
        text=text,
        method=str(found.get("method") or ""),
        kind=kind,
        unit=str(found.get("unit") or ""),
        low=to_decimal(found.get("low")),
        high=to_decimal(found.get("high")),
        required_photo=found.get("required_photo") is True,
        texts={str(name): value for name, value in found.items() if isinstance(value, str)},
    )


class Inspection(Answer):
    """Every item answered; errors stand at `<key>.<place of the item>.<part>`, places from 0."""

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        items = self.filling.items(self.component)
        if items is None or (not items and self.component.rules.required):
            raise ValidationError(say.BROKEN)
        answers = self.by_item(value, items)
        errors: dict[int, dict[str, list[str]]] = {}
        results = []
        for place, item in enumerate(items):
            found: dict[str, list[str]] = {}
            results.append(self.result(item, answers.get(item.id, {}), found))
            if found:
                errors[place] = found
        if errors:
            raise ValidationError(errors)
        return results

    def by_item(self, value: Any, items: tuple[Item, ...]) -> dict[str, Mapping[str, Any]]:
        if value is None or value == "" or value is missing:
            return {}
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            raise ValidationError(say.NOT_LIST)
        known = {item.id for item in items}
        answers: dict[str, Mapping[str, Any]] = {}
        for one in value:
            key = str(one.get("id"))
            if key not in known:
                raise ValidationError(say.unknown_item(key))
            if key in answers:
                raise ValidationError(say.item_twice(key))
            answers[key] = one
        return answers

    def result(self, item: Item, answer: Mapping[str, Any], errors: dict[str, list[str]]) -> dict[str, Any]:
        """Return the stored answer; what is wrong with it goes to `errors` by part."""
        for part in answer.keys() - _ANSWER:
            errors[str(part)] = [say.UNKNOWN]
        value, outcome = self.outcome(item, answer, errors)
        note = self.words(answer.get("note"), "note", errors)
        if outcome == "fail" and not note:
            errors["note"] = [say.ITEM_NOTE]
        photos = self.photos(item, answer.get("photos"), errors) if outcome else []
        return {
            "id": item.id,
            "text": item.text,
            "result": outcome,
            "value": value,
            "defect_class": self.defect_class(answer.get("defect_class"), errors) if outcome == "fail" else None,
            "note": note,
            "photos": photos,
        }

    @staticmethod
    def outcome(
        item: Item, answer: Mapping[str, Any], errors: dict[str, list[str]]
    ) -> tuple[int | float | None, str | None]:
        sent, value = answer.get("result") or None, answer.get("value")
        value = None if value == "" else value
        if sent not in (None, "pass", "fail"):
            errors["result"] = [say.ITEM_RESULT]
            return None, None
        if not item.is_measured:
            if value is not None:
                errors["value"] = [say.ITEM_NO_VALUE]
            if sent is None:
                errors["result"] = [say.ITEM_OPEN]
            return None, sent
        if value is None:
            errors["value"] = [say.ITEM_MEASURE]
            return None, None
        number = to_decimal(value)
        if number is None or abs(number) >= 2**63:
            errors["value"] = [say.NOT_NUMBER]
            return None, None
        return number_to_json(number), ((sent or "pass") if item.is_within(number) else "fail")

    def defect_class(self, value: Any, errors: dict[str, list[str]]) -> str | None:
        text = self.words(value, "defect_class", errors)
        options = self.filling.options(self.component)
        if text and options:
            try:
                return str(chosen(text, options))
            except ValidationError as error:
                errors["defect_class"] = list(error.messages)
        return text

    def photos(self, item: Item, value: Any, errors: dict[str, list[str]]) -> list[str]:
        found: list[str] = []
        if value not in (None, ""):
            try:
                found = check_files(value, self.filling.attachment)
            except ValidationError as error:
                errors["photos"] = list(error.messages)
                return found
        if item.required_photo and not found:
            errors["photos"] = [say.ITEM_PHOTO]
        return found

    @staticmethod
    def words(value: Any, part: str, errors: dict[str, list[str]]) -> str | None:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            errors[part] = [say.NOT_TEXT]
            return None
        if len(value) > _LONGEST_NOTE:
            errors[part] = [say.too_long(_LONGEST_NOTE)]
        return value.strip() or None
