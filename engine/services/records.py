"""What expressions know of the registers: FEEL's `record(type, key)` and `records(type, filter)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any, Protocol

MAX_RECORDS = 10_000


class FindRecord(Protocol):
    """Returns a record's data, None where there is none."""

    def __call__(self, record_type: str, key: str, /) -> Mapping[str, Any] | None: ...


class ListRecords(Protocol):
    """Returns the data of every record of a register, by key."""

    def __call__(self, record_type: str, /) -> Iterable[Mapping[str, Any]]: ...


def host_functions(find: FindRecord, list_all: ListRecords) -> dict[str, Callable[..., Any]]:
    """Return the host functions over two look-ups; they only read."""

    def record(type: Any, key: Any) -> dict[str, Any] | None:
        if not isinstance(type, str) or key is None or isinstance(key, (list, dict)):
            return None
        found = find(type, key_text(key))
        return None if found is None else dict(found)

    def records(type: Any, filter: Any = None) -> list[dict[str, Any]] | None:
        if not isinstance(type, str) or not (filter is None or isinstance(filter, Mapping)):
            return None
        wanted = filter or {}
        found = (data for data in list_all(type) if _fits(data, wanted))
        return [dict(data) for data in islice(found, MAX_RECORDS)]

    return {"record": record, "records": records}


def key_text(key: Any) -> str:
    """Return a key as it is stored: numbers without exponent or needless zeros."""
    if isinstance(key, (Decimal, float)) and not isinstance(key, bool):
        number = Decimal(repr(key)) if isinstance(key, float) else key
        return format(number.to_integral_value() if number == number.to_integral_value() else number.normalize(), "f")
    return str(key).strip()


def _fits(data: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(_equal(_at(data, name), value) for name, value in wanted.items())


def _at(data: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(data, Mapping):
            return None
        data = data.get(name)
    return data


def _equal(stored: Any, wanted: Any) -> bool:
    if isinstance(stored, bool) or isinstance(wanted, bool):
        return stored is wanted
    if isinstance(stored, float):
        stored = Decimal(repr(stored))
    if isinstance(wanted, float):
        wanted = Decimal(repr(wanted))
    return bool(stored == wanted)
