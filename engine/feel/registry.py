"""Built-in and host functions: declared as typed Python functions, called with FEEL values.

A built-in is `def string_length(run, string: str) -> …`: its FEEL name and those of its parameters are the Python ones
with spaces, and its annotations say which arguments fit. Several functions under one name are its overloads.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import DecimalException
from typing import Any

from engine.feel.errors import FeelError, Undefined
from engine.feel.run import Run
from engine.feel.values import KINDS, Function, deep_to_feel, kind_of, to_feel

_MISFIT = object()


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: str
    kinds: frozenset[type] | None
    optional: bool
    variadic: bool
    python_name: str

    def fit(self, value: Any) -> Any:
        """Return the value as this parameter takes it, or _MISFIT."""
        value = to_feel(value)
        kinds = self.kinds
        if kinds is None or type(value) in kinds:
            return value
        if list in kinds and value is not None:
            return [value]
        if type(value) is list and len(value) == 1:
            return self.fit(value[0])
        if type(value) is date and datetime in kinds:
            return datetime.combine(value, time(), UTC)
        return _MISFIT


@dataclass(frozen=True, slots=True)
class _Overload:
    function: Callable[..., Any]
    parameters: tuple[_Parameter, ...]

    def takes(self, count: int) -> bool:
        required = sum(not p.optional and not p.variadic for p in self.parameters)
        variadic = any(p.variadic for p in self.parameters)
        if variadic and len(self.parameters) == 1:
            required = 1
        return required <= count and (variadic or count <= len(self.parameters))

    def bind(self, arguments: list[Any]) -> list[Any] | None:
        values = []
        for index, argument in enumerate(arguments):
            value = self.parameters[min(index, len(self.parameters) - 1)].fit(argument)
            if value is _MISFIT:
                return None
            values.append(value)
        return values

    def bind_named(self, arguments: dict[str, Any]) -> dict[str, Any] | None:
        known = {p.name: p for p in self.parameters if not p.variadic}
        if not arguments.keys() <= known.keys():
            return None
        if any(p.name not in arguments and not p.optional for p in known.values()):
            return None
        values = {known[name].python_name: known[name].fit(value) for name, value in arguments.items()}
        return None if _MISFIT in values.values() else values


@dataclass(slots=True)
class Builtin:
    """A function of the language with its overloads."""

    name: str
    overloads: list[_Overload] = field(default_factory=list)
    _value: Function | None = None

    def call(self, run: Run, arguments: list[Any]) -> Any:
        """Call by position: the first overload that the arguments fit."""
        for overload in self.overloads:
            if overload.takes(len(arguments)) and (values := overload.bind(arguments)) is not None:
                return self._apply(run, overload, values, {})
        kinds = ", ".join(kind_of(to_feel(a)) for a in arguments)
        run.warn("bad_arguments", f"{self.name} cannot take ({kinds}); it takes {self.signature()}")
        return None

    def named(self, run: Run, arguments: dict[str, Any]) -> Any:
        """Call by parameter names."""
        for overload in self.overloads:
            if (values := overload.bind_named(arguments)) is not None:
                return self._apply(run, overload, [], values)
        run.warn("bad_arguments", f"{self.name} cannot take ({', '.join(arguments)}); it takes {self.signature()}")
        return None

    def _apply(self, run: Run, overload: _Overload, values: list[Any], named: dict[str, Any]) -> Any:
        try:
            return overload.function(run, *values, **named)
        except Undefined as reason:
            run.warn("no_result", f"{self.name}: {reason}")
        except (DecimalException, ArithmeticError, ValueError, OverflowError):
            run.warn("no_result", f"{self.name}: out of range")
        return None

    def signature(self) -> str:
        """Return the parameters of every overload, for messages."""
        return " or ".join(
            "(" + ", ".join(p.name + ("?" if p.optional else "…" if p.variadic else "") for p in o.parameters) + ")"
            for o in self.overloads
        )

    def as_value(self) -> Function:
        """Return the built-in as a function value."""
        if self._value is None:
            names = tuple(p.name for p in self.overloads[0].parameters)
            self._value = Function(self.name, names, self.call, self.named)
        return self._value


BUILTINS: dict[str, Builtin] = {}


def builtin(
    function: Callable[..., Any] | None = None, *, name: str | None = None, names: tuple[str, ...] = ()
) -> Callable[..., Any]:
    """Declare a built-in, or one more overload of it.

    `names` are the FEEL names of the parameters where they differ from Python's, each text one overload: `"a, b"`.
    """

    def declare(python: Callable[..., Any]) -> Callable[..., Any]:
        feel_name = name or python.__name__.strip("_").replace("_", " ")
        own = [n.strip("_").replace("_", " ") for n in list(inspect.signature(python).parameters)[1:]]
        overloads = BUILTINS.setdefault(feel_name, Builtin(feel_name)).overloads
        for naming in [text.split(", ") for text in names] or [own]:
            overloads.append(_overload(python, naming))
        return python

    return declare if function is None else declare(function)


def _overload(python: Callable[..., Any], names: list[str]) -> _Overload:
    hints = typing.get_type_hints(python)
    parameters = list(inspect.signature(python).parameters.values())[1:]
    return _Overload(
        python,
        tuple(
            _Parameter(
                name=name,
                kinds=_kinds(hints[p.name]),
                optional=p.default is not inspect.Parameter.empty,
                variadic=p.kind is inspect.Parameter.VAR_POSITIONAL,
                python_name=p.name,
            )
            for name, p in zip(names, parameters, strict=True)
        ),
    )


def _kinds(hint: Any) -> frozenset[type] | None:
    """Return the Python types that an annotation names; None takes all."""
    if hint is object or hint is Any:
        return None
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        parts = [_kinds(part) for part in typing.get_args(hint)]
        return None if None in parts else frozenset().union(*(p for p in parts if p is not None))
    plain = typing.get_origin(hint) or hint
    assert plain in KINDS, f"{hint} is no FEEL type"
    return frozenset([plain])


def find_builtin(name: str) -> Builtin | None:
    """Return the built-in function of that name."""
    return BUILTINS.get(name)


def host_function(name: str, python: Callable[..., Any]) -> Function:
    """Return a function of the host as a value; it gets FEEL values, and what it returns is read as JSON would be."""

    def call(run: Run, arguments: list[Any]) -> Any:
        return _guarded(run, lambda: python(*arguments))

    def named(run: Run, arguments: dict[str, Any]) -> Any:
        return _guarded(run, lambda: python(**{k.replace(" ", "_"): v for k, v in arguments.items()}))

    def _guarded(run: Run, work: Callable[[], Any]) -> Any:
        try:
            return deep_to_feel(work(), run.step)
        except FeelError:
            raise
        except (TypeError, ValueError, ArithmeticError, LookupError) as error:
            run.warn("host_function", f"{name}: {error}")
            return None

    return Function(name, (), call, named)
