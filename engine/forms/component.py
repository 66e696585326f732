"""A form's parts as plain values, and where a value stands among the variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

INPUTS = frozenset(
    {"textfield", "textarea", "number", "datetime", "select", "radio", "checkbox", "checklist", "filepicker",
     "recordpicker", "inspection"}
)  # fmt: skip
CONTAINERS = frozenset({"group"})
SHOWN = frozenset({"text", "separator", "spacer"})
TYPES = INPUTS | CONTAINERS | SHOWN
CHOICES = frozenset({"select", "radio", "checklist"})
LISTS = frozenset({"checklist", "filepicker", "inspection"})

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that a choice offers."""

    value: Any
    label: str
    labels: Mapping[str, str] = field(default_factory=dict)

    def text(self, locale: str) -> str:
        return self.labels.get(locale) or self.label


@dataclass(frozen=True, slots=True)
class Rules:
    """A component's `validate` block."""

    required: bool = False
    min: float | None = None
    max: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    kind: str | None = None  # email, phone


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a form; `key` is the dotted path of its value among the variables, "" if it has none."""

    type: str
    path: str
    key: str = ""
    label: str = ""
    description: str = ""
    rules: Rules = Rules()
    hide: str | None = None
    readonly: bool = False
    disabled: bool = False
    default: Any = None
    options: tuple[Option, ...] = ()
    components: tuple[Component, ...] = ()
    columns: int | None = None
    row: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_input(self) -> bool:
        return self.type in INPUTS

    @property
    def is_locked(self) -> bool:
        return self.readonly or self.disabled

    def attribute(self, name: str, otherwise: Any = None) -> Any:
        value = self.attributes.get(name)
        return otherwise if value is None else value

    def text(self, name: str, locale: str = "en") -> str:
        """Return the label, description or text in the language, else as written."""
        own = {"label": self.label, "description": self.description}.get(name)
        return self.properties.get(f"{name}:{locale}") or own or str(self.attribute(name, ""))

    def empty(self) -> Any:
        """Return the value of this component when nothing was filled in."""
        if self.type in LISTS:
            return []
        return {"checkbox": False, "textfield": "", "textarea": ""}.get(self.type)

    def walk(self) -> Iterator[Component]:
        yield self
        for child in self.components:
            yield from child.walk()


def is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or (isinstance(value, str) and not value.strip())


def find(values: Mapping[str, Any], key: str) -> Any:
    """Return the value at a dotted path, None where there is none."""
    if key in values:
        return values[key]
    found: Any = values
    for name in key.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return found


def has(values: Mapping[str, Any], key: str) -> bool:
    """Say whether the dotted path leads to a value, null included."""
    if key in values:
        return True
    found: Any = values
    for name in key.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return False
        found = found[name]
    return True


def put(values: Values, key: str, value: Any) -> None:
    """Set the value at a dotted path; contexts on the way are copied, so what they came from stays as it is."""
    *parents, last = key.split(".")
    for name in parents:
        inner = values.get(name)
        values[name] = dict(inner) if isinstance(inner, Mapping) else {}
        values = values[name]
    values[last] = value


def drop(values: Values, key: str) -> None:
    """Remove the value at a dotted path."""
    if has(values, key):
        put(values, key, None)
        *parents, last = key.split(".")
        for name in parents:
            values = values[name]
        del values[last]


def flatten(raw: Mapping[str, Any], keys: frozenset[str], prefix: str = "") -> Values:
    """Return the values by dotted path; contexts are opened only where known paths go through them."""
    flat: Values = {}
    for name, value in raw.items():
        path = f"{prefix}{name}"
        if path not in keys and isinstance(value, Mapping) and any(key.startswith(f"{path}.") for key in keys):
            flat.update(flatten(value, keys, f"{path}."))
        else:
            flat[path] = value
    return flat
