"""Field types of the REST schemas: instants, keys, variables, and the cursor lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

MAX_DEPTH = 64
"""Levels of lists and objects in variables: deeper ones are nobody's data, and the store refuses them at 255."""


class Instant(fields.AwareDateTime):
    """An instant in RFC 3339: any offset comes in, UTC with Z goes out."""

    def _serialize(self, value: datetime | str | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if isinstance(value, str):  # an answer kept for its idempotency key
            value = datetime.fromisoformat(value)
        return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        try:
            instant = datetime.fromisoformat(value)
            if instant.tzinfo is not None:
                return instant.astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            pass
        raise ValidationError("Not an instant with an offset, such as 2026-03-01T08:00:00Z.")


class Key(fields.String):
    """A name or key of 1 to 255 printable characters."""

    def __init__(self, *, max_length: int = 255, **kwargs: Any) -> None:
        metadata = {"pattern": r"^[^\x00-\x1f\x7f]*$", **kwargs.pop("metadata", {})}
        rules: list[Callable[[Any], Any]] = [validate.Length(min=1, max=max_length), _refuse_control_characters]
        super().__init__(validate=rules, metadata=metadata, **kwargs)


def _refuse_control_characters(text: str) -> None:
    if any(char < " " or char == "\x7f" for char in text):
        raise ValidationError("Control characters are not allowed.")


class Variables(fields.Dict):
    """An object of JSON values, nested at most `MAX_DEPTH` deep."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(keys=fields.String(), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        if _deeper_than(value, MAX_DEPTH):
            raise ValidationError(f"Nested more than {MAX_DEPTH} levels deep.")
        return value

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value


def _deeper_than(value: Any, levels: int) -> bool:
    """Tell whether containers nest more than `levels` deep, without recursion."""
    row = [value]
    for _ in range(levels):
        row = [
            child
            for item in row
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
        if not row:
            return False
    return True


class Strict(Schema):
    """Input that refuses unknown fields, so that a misspelt one is never silently ignored."""

    class Meta:
        unknown = RAISE
        ordered = True


class ListArgs(Strict):
    """The query of every list."""

    limit = fields.Integer(
        load_default=50,
        validate=validate.Range(min=1, max=200),
        metadata={"description": "Items a page, 200 at most."},
    )
    cursor = Key(
        load_default=None,
        max_length=2000,
        metadata={"description": "The `next` of the page before."},
    )


class Empty(Strict):
    """The query of a call that takes none."""


def list_of(item: type[Schema], name: str) -> type[Schema]:
    """Make the schema of a cursor list: its items, and the cursor of the next page or null."""
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next": fields.String(
                required=True, allow_none=True, metadata={"description": "Cursor of the next page, null on the last."}
            ),
        },
        name=name,
    )
