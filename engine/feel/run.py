"""One evaluation under way: its scopes, its clock, its bounds and its warnings."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.feel.errors import FeelLimitExceeded
from engine.feel.limits import LIMITS, Limits

_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Warning:
    """Why a part of an expression became null; `code` is stable, `message` is English."""

    code: str
    message: str


class Run:
    """State of one evaluation. Closures reach it as `scope.run`."""

    __slots__ = ("calls", "deadline", "functions", "limits", "now", "steps", "types", "warnings")

    def __init__(
        self,
        now: datetime | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        types: Mapping[str, Any] | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self.now = now
        self.functions = functions or _NOTHING
        self.types = types or _NOTHING
        self.limits = limits
        self.warnings: list[Warning] = []
        self.steps = 0
        self.calls = 0
        self.deadline = 0.0

    def warn(self, code: str, message: str) -> None:
        """Keep a warning; further ones past the bound are dropped."""
        if len(self.warnings) < self.limits.warnings:
            self.warnings.append(Warning(code, message))

    def step(self, count: int = 1) -> None:
        """Count work done; raises FeelLimitExceeded past the bound on steps or time."""
        before = self.steps
        self.steps = steps = before + count
        if steps > self.limits.steps:
            raise FeelLimitExceeded("steps", self.limits.steps)
        if before >> 8 != steps >> 8 or not before:
            self.check_time()

    def check_time(self) -> None:
        """Raise FeelLimitExceeded where the evaluation has run for too long; the first call starts the watch."""
        moment = time.monotonic()
        if not self.deadline:
            self.deadline = moment + self.limits.seconds
        elif moment > self.deadline:
            raise FeelLimitExceeded("seconds", self.limits.seconds)

    def check_list(self, items: list[Any]) -> list[Any]:
        """Return a list just made; its items count as steps. Raises FeelLimitExceeded where it is too long."""
        self.step(len(items))
        if len(items) > self.limits.list_size:
            raise FeelLimitExceeded("items in a list", self.limits.list_size)
        return items

    def check_string(self, text: str) -> str:
        """Return a text just made; every 16 characters count as a step. Raises FeelLimitExceeded where it is too long."""
        if len(text) >= 16:
            self.step(len(text) >> 4)
        if len(text) > self.limits.string_size:
            raise FeelLimitExceeded("characters in a text", self.limits.string_size)
        return text

    def enter_call(self) -> None:
        """Count a function entered; raises FeelLimitExceeded past the bound on depth."""
        self.calls += 1
        self.step()
        if self.calls > self.limits.call_depth:
            raise FeelLimitExceeded("nested function calls", self.limits.call_depth)

    def leave_call(self) -> None:
        """Count a function left."""
        self.calls -= 1


class Scope:
    """Names visible at one place; `parent` holds those around it."""

    __slots__ = ("names", "parent", "run")

    def __init__(self, names: Mapping[str, Any], parent: Scope | None, run: Run) -> None:
        self.names = names
        self.parent = parent
        self.run = run

    def inner(self, names: Mapping[str, Any]) -> Scope:
        """Return a scope whose names hide those of this one."""
        return Scope(names, self, self.run)

    def visible(self) -> set[str]:
        """Return every name that can be read here."""
        found: set[str] = set(self.run.functions)
        scope: Scope | None = self
        while scope is not None:
            found.update(str(n) for n in scope.names)
            scope = scope.parent
        return found


Closure = Callable[[Scope], Any]
