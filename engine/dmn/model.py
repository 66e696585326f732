"""A decision file with its imports, ready to decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from engine.dmn import boxed
from engine.dmn.errors import DmnError, Problem
from engine.dmn.graph import Linked, Session
from engine.dmn.reader import read
from engine.dmn.run import DecisionRun, Outcome
from engine.feel import FeelLimitExceeded
from engine.feel.instant import instant_of
from engine.feel.values import deep_to_feel


class DecisionName(NamedTuple):
    """A decision, decision service or business knowledge model of the file."""

    id: str
    name: str


class Outline(NamedTuple):
    """What a file says of itself, without its logic. `imports` are the namespaces of the files that it imports."""

    id: str
    name: str
    namespace: str
    imports: tuple[str, ...]
    has_decisions: bool


class Model:
    """The decisions of one file."""

    def __init__(self, linked: Linked) -> None:
        self._linked = linked
        self.name = linked.definitions.name
        self.id = linked.definitions.id
        self.namespace = linked.definitions.namespace
        self.definitions = linked.definitions
        self.decisions = self._names(boxed.Decision)
        self.services = self._names(boxed.Service)
        self.knowledge = self._names(boxed.Knowledge)

    def _names(self, kind: type[boxed.Drg]) -> tuple[DecisionName, ...]:
        return tuple(DecisionName(e.id, e.name) for e in self.definitions.elements if isinstance(e, kind))

    def problems(self) -> list[Problem]:
        """Return every fault found in the file, all at once."""
        return list(self._linked.problems)

    def evaluate(
        self,
        name: str,
        context: Mapping[str, Any] | None = None,
        *,
        now: datetime | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Any:
        """Return the value of a decision, decision service or business knowledge model, by id or name.

        Parameters of services and models are taken from the context by name. Raises DmnError for an unknown name,
        FeelError for a failed assertion, FeelLimitExceeded.
        """
        return self.explain(name, context, now=now, functions=functions).value

    def explain(
        self,
        name: str,
        context: Mapping[str, Any] | None = None,
        *,
        now: datetime | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        strict: bool = False,
    ) -> Outcome:
        """Return the value with the rules that matched; `strict` raises DmnError where a hit policy is broken."""
        element = self._linked.find(name)
        if element is None:
            raise DmnError(f'there is no decision "{name}"', code="dmn.unknown_decision", element=name)
        run = DecisionRun(instant_of(now), functions)
        session = Session(run, context or {})
        try:
            value = deep_to_feel(session.invoke(self._linked, element), run.step)
        except RecursionError:
            raise FeelLimitExceeded("nested calls of the interpreter", 0) from None
        if strict and run.conflicts:
            first = run.conflicts[0]
            raise DmnError(first.message, code="dmn.hit_policy", element=first.table or first.decision)
        return Outcome(value, tuple(run.matched), tuple(run.conflicts), tuple(run.warnings))


def load(xml: bytes, imports: Iterable[bytes] = ()) -> Model:
    """Return the model of a DMN file; `imports` are the files it may import, found by their namespaces.

    Raises DmnError where a file is no DMN at all; faults inside it are told by `problems`.
    """
    others = [read(data) for data in imports]
    return Model(Linked(read(xml), others))


def outline(xml: bytes) -> Outline:
    """Return the outline of a DMN file. Raises DmnError."""
    found = read(xml)
    return Outline(
        found.id,
        found.name,
        found.namespace,
        tuple(wanted.namespace for wanted in found.imports),
        any(isinstance(element, (boxed.Decision, boxed.Service)) for element in found.elements),
    )
