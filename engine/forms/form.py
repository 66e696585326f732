"""A form as read from its file, immutable; `engine.forms.filling` applies it to a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from typing import Any

from marshmallow import Schema

from engine.forms.component import Component, Values
from engine.forms.expressions import Functions
from engine.forms.filling import Filling
from engine.model.problem import Problem


@dataclass(frozen=True)
class Form:
    """One `.form` file; `problems` with errors means that it must not be deployed."""

    key: str
    name: str
    file: str
    components: tuple[Component, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @cached_property
    def inputs(self) -> tuple[Component, ...]:
        """Every component with a value, groups opened, in document order."""
        return tuple(inner for outer in self.components for inner in outer.walk() if inner.is_input and inner.key)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(component.key for component in self.inputs)

    @cached_property
    def record_types(self) -> frozenset[str]:
        """The registers that this form chooses from."""
        types = (component.attribute("recordType") for component in self.inputs if component.type == "recordpicker")
        return frozenset(name for name in types if isinstance(name, str))

    def title(self, locale: str = "en") -> str:
        return self.properties.get(f"name:{locale}") or self.properties.get(f"record:name:{locale}") or self.name

    def component(self, key: str) -> Component | None:
        return next((component for component in self.inputs if component.key == key), None)

    def fill(
        self, data: Mapping[str, Any], *, now: datetime, functions: Functions | None = None, zone: tzinfo = UTC
    ) -> Filling:
        """Return the form over a task's variables."""
        return Filling(self, data, now=now, functions=functions or {}, zone=zone)

    def initial(self, data: Mapping[str, Any], *, now: datetime, functions: Functions | None = None) -> Values:
        """Return what is shown first, by dotted path."""
        return self.fill(data, now=now, functions=functions).initial()

    def schema(self, data: Mapping[str, Any], *, now: datetime, functions: Functions | None = None) -> Schema:
        """Return the rules for an answer over the variables as they are, before anything is typed."""
        filling = self.fill(data, now=now, functions=functions)
        return filling.schema(filling.hidden(filling.initial()))

    def validate(
        self,
        raw: Mapping[str, Any],
        data: Mapping[str, Any],
        *,
        now: datetime,
        functions: Functions | None = None,
        zone: tzinfo = UTC,
    ) -> Values:
        """Return the variables that an answer sets; raises InvalidInput with messages by dotted field path."""
        return self.fill(data, now=now, functions=functions, zone=zone).validate(raw)
