"""FEEL types: as written, as checked, and the conversions that fitting a value to a type allows (DMN 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from engine.feel.run import Run
from engine.feel.tree import TypeName
from engine.feel.values import Function, Range, kind_of, to_feel


@dataclass(frozen=True, slots=True)
class Type:
    """Any FEEL type."""


@dataclass(frozen=True, slots=True)
class AnyType(Type):
    """Every value."""


@dataclass(frozen=True, slots=True)
class SimpleType(Type):
    """A kind of value by its FEEL name."""

    kind: str


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """A list of items of one type."""

    item: Type


@dataclass(frozen=True, slots=True)
class ContextType(Type):
    """A context with at least these members."""

    members: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True)
class RangeType(Type):
    """A range with ends of one type."""

    end: Type


@dataclass(frozen=True, slots=True)
class FunctionType(Type):
    """A function by its parameters (None: any) and result."""

    parameters: tuple[Type, ...] | None
    result: Type


@dataclass(frozen=True, slots=True)
class AllowedType(Type):
    """A type whose values also pass a test (allowed values of an item definition)."""

    base: Type
    allows: Callable[[Any], bool] = field(compare=False)


SIMPLE_NAMES = {
    "number": "number", "string": "string", "boolean": "boolean", "date": "date", "time": "time",
    "date and time": "date and time", "dateTime": "date and time",
    "days and time duration": "days and time duration", "dayTimeDuration": "days and time duration",
    "years and months duration": "years and months duration", "yearMonthDuration": "years and months duration",
    "list": "list", "context": "context", "range": "range", "function": "function", "Null": "null",
}  # fmt: skip


def type_of_name(name: TypeName, known: Mapping[str, Type]) -> Type | None:
    """Return the type of a written name; None where it is unknown."""
    if name.result is not None:
        parameters = [type_of_name(a, known) for a in name.arguments]
        result = type_of_name(name.result, known)
        if result is None or None in parameters:
            return None
        return FunctionType(tuple(p for p in parameters if p is not None), result)
    if name.fields:
        members = [(key, type_of_name(t, known)) for key, t in name.fields]
        found = tuple((key, t) for key, t in members if t is not None)
        return ContextType(found) if len(found) == len(members) and name.name == "context" else None
    if name.arguments:
        inner = type_of_name(name.arguments[0], known)
        wrapper = {"list": ListType, "range": RangeType}.get(name.name)
        return None if inner is None or wrapper is None or len(name.arguments) != 1 else wrapper(inner)
    if name.name in known:
        return known[name.name]
    if name.name == "Any":
        return AnyType()
    return SimpleType(SIMPLE_NAMES[name.name]) if name.name in SIMPLE_NAMES else None


def conforms(value: Any, wanted: Type, run: Run | None = None, *, allowed: bool = True) -> bool:
    """Say whether the value belongs to the type; null belongs to every one. Without `allowed`, kinds alone count."""
    value = to_feel(value)
    if value is None or isinstance(wanted, AnyType):
        return True
    if run is not None and type(value) in (list, dict):
        run.step(len(value) + 1)
    if isinstance(wanted, SimpleType):
        return kind_of(value) == wanted.kind
    if isinstance(wanted, AllowedType):
        return conforms(value, wanted.base, run, allowed=allowed) and (not allowed or wanted.allows(value))
    if isinstance(wanted, ListType):
        return type(value) is list and all(conforms(item, wanted.item, run, allowed=allowed) for item in value)
    if isinstance(wanted, ContextType):
        return type(value) is dict and all(
            key in value and conforms(value[key], t, run, allowed=allowed) for key, t in wanted.members
        )
    if isinstance(wanted, RangeType):
        return type(value) is Range and all(
            conforms(end, wanted.end, run, allowed=allowed) for end in (value.low, value.high)
        )
    assert isinstance(wanted, FunctionType)
    return type(value) is Function and _function_conforms(value, wanted)


def _function_conforms(value: Function, wanted: FunctionType) -> bool:
    if wanted.parameters is None:
        return True
    if len(value.parameters) != len(wanted.parameters):
        return False
    given = value.parameter_types or (AnyType(),) * len(value.parameters)
    fits = all(is_subtype(w, g) for w, g in zip(wanted.parameters, given, strict=True))
    return fits and (value.result_type is None or is_subtype(value.result_type, wanted.result))


def is_subtype(narrow: Type, wide: Type) -> bool:
    """Say whether every value of `narrow` belongs to `wide`."""
    if isinstance(wide, AnyType) or narrow == wide or narrow == SimpleType("null"):
        return True
    if isinstance(narrow, AllowedType):
        return is_subtype(narrow.base, wide)
    if isinstance(narrow, ListType):
        return wide == SimpleType("list") or (isinstance(wide, ListType) and is_subtype(narrow.item, wide.item))
    if isinstance(narrow, RangeType):
        return wide == SimpleType("range") or (isinstance(wide, RangeType) and is_subtype(narrow.end, wide.end))
    if isinstance(narrow, ContextType):
        if not isinstance(wide, ContextType):
            return wide == SimpleType("context")
        have = dict(narrow.members)
        return all(key in have and is_subtype(have[key], t) for key, t in wide.members)
    if isinstance(narrow, FunctionType) and isinstance(wide, FunctionType):
        if narrow.parameters is None or wide.parameters is None or len(narrow.parameters) != len(wide.parameters):
            return wide.parameters is None
        contrary = all(is_subtype(w, n) for n, w in zip(narrow.parameters, wide.parameters, strict=True))
        return contrary and is_subtype(narrow.result, wide.result)
    return isinstance(narrow, FunctionType) and wide == SimpleType("function")


def coerce(value: Any, wanted: Type | None, run: Run | None = None) -> Any:
    """Fit a value to a type: as it is, out of or into a list of one, a date to a date and time; else null."""
    value = to_feel(value)
    if wanted is None or conforms(value, wanted, run):
        return value
    if type(value) is list and len(value) == 1 and not _takes_lists(wanted):
        return coerce(value[0], wanted, run)
    inner = _base(wanted)
    if type(value) is not list and isinstance(inner, ListType) and conforms(value, inner.item, run):
        return [value]
    if type(value) is not list and inner == SimpleType("list"):
        return [value]
    if type(value) is date and inner == SimpleType("date and time"):
        return datetime.combine(value, time(), UTC)
    return None


def _base(wanted: Type) -> Type:
    return wanted.base if isinstance(wanted, AllowedType) else wanted


def _takes_lists(wanted: Type) -> bool:
    base = _base(wanted)
    return isinstance(base, ListType) or base == SimpleType("list")
