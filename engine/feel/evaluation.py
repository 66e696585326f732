"""Compiled expressions and their cache."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from engine.feel import builtins, calls, sequences, unarytests  # noqa: F401 - importing registers functions and compilers
from engine.feel.closures import compile_node
from engine.feel.errors import FeelLimitExceeded
from engine.feel.freenames import called_names, free_names
from engine.feel.instant import instant_of
from engine.feel.lexer import is_name, is_plain, normal_name
from engine.feel.parser import parse_expression, parse_unary_tests
from engine.feel.registry import BUILTINS
from engine.feel.run import Closure, Run, Scope, Warning
from engine.feel.tree import Node, UnaryTests
from engine.feel.unarytests import TestClosure, compile_tests
from engine.feel.values import deep_to_feel

Functions = Mapping[str, Callable[..., Any]]


class Evaluation(NamedTuple):
    """A value and why parts of it became null."""

    value: Any
    warnings: tuple[Warning, ...]


class Compiled:
    """An expression ready to be evaluated any number of times, in any thread."""

    __slots__ = ("calls", "closure", "names", "reads", "text", "tree")

    def __init__(self, text: str, tree: Node) -> None:
        self.text = text
        self.tree = tree
        self.closure: Closure = compile_node(tree)
        self.names = free_names(tree)
        """Variables read for sure; those that a filter's condition may take from its items are only in `reads`."""
        self.reads = free_names(tree, in_filters=True)
        self.calls = called_names(tree) - BUILTINS.keys()
        """Functions that must come from outside."""

    def __call__(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        functions: Functions | None = None,
        warnings: list[Warning] | None = None,
    ) -> Any:
        """Return the value; appends to `warnings` why parts became null. `now` is the instant of the call by default.

        Raises FeelError, FeelLimitExceeded.
        """
        run = Run(instant_of(now), functions)
        value = self.run(Scope(context, None, run))
        if warnings is not None:
            warnings.extend(run.warnings)
        return deep_to_feel(value, run.step) if type(value) in _CONTAINERS else value

    def run(self, scope: Scope) -> Any:
        """Return the value in a scope that the caller made."""
        return _guard(self.closure, scope)


_CONTAINERS = frozenset([list, dict])


def _guard(closure: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return closure(*arguments)
    except RecursionError:
        raise FeelLimitExceeded("nested calls of the interpreter", 0) from None
    except MemoryError:
        raise FeelLimitExceeded("memory", 0) from None


class CompiledTests:
    """A decision table cell ready to be tested against values."""

    __slots__ = ("closure", "names", "negated", "text", "tree")

    def __init__(self, text: str, tree: UnaryTests) -> None:
        self.text = text
        self.tree = tree
        self.closure: TestClosure | None = compile_tests(tree.tests, 0, membership=False) if tree.tests else None
        self.negated = tree.negated
        self.names = free_names(tree) - {"?"}

    def __call__(
        self,
        value: Any,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        functions: Functions | None = None,
        warnings: list[Warning] | None = None,
    ) -> bool:
        """Say whether the value passes."""
        run = Run(instant_of(now), functions)
        passed = self.run(Scope(context, None, run), deep_to_feel(value))
        if warnings is not None:
            warnings.extend(run.warnings)
        return passed

    def run(self, scope: Scope, value: Any) -> bool:
        """Say whether the value passes, in a scope that the caller made."""
        if self.closure is None:
            return True
        result = _guard(self.closure, scope, value)
        return result is False if self.negated else result is True


def _odd_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return those names that the lexer must be told of, as a cache key; what is no FEEL name is left out."""
    return tuple(sorted({normal_name(n) for n in names if is_name(n) and not is_plain(n)}))


@lru_cache(maxsize=8192)
def _compile_expression(text: str, names: tuple[str, ...]) -> Compiled:
    return Compiled(text, parse_expression(text, names))


@lru_cache(maxsize=8192)
def _compile_tests(text: str, names: tuple[str, ...]) -> CompiledTests:
    return CompiledTests(text, parse_unary_tests(text, names))


def compile_expression(text: str, names: Iterable[str] = ()) -> Compiled:
    """Return the compiled expression, from the cache where it was compiled before.

    `names` are variables in scope; only those with operators or keywords inside (`a-b`) matter. They decide how the text
    is read, so names that a stranger chose do not belong there. Raises FeelSyntaxError.
    """
    return _compile_expression(text, _odd_names(names) if names else ())


def compile_unary_tests(text: str, names: Iterable[str] = ()) -> CompiledTests:
    """Return the compiled decision table cell, cached as expressions are."""
    return _compile_tests(text, _odd_names(names) if names else ())


def evaluate_with_warnings(
    text: str,
    context: Mapping[str, Any],
    *,
    now: datetime | None = None,
    functions: Functions | None = None,
) -> Evaluation:
    """Evaluate and also return why parts became null."""
    warnings: list[Warning] = []
    value = compile_expression(text, [str(n) for n in context])(
        context, now=now, functions=functions, warnings=warnings
    )
    return Evaluation(value, tuple(warnings))


def evaluate(
    text: str,
    context: Mapping[str, Any] | None = None,
    *,
    now: datetime | None = None,
    functions: Functions | None = None,
) -> Any:
    """Return the value of an expression in a context. Raises FeelSyntaxError, FeelError, FeelLimitExceeded."""
    context = context or {}
    return compile_expression(text, [str(n) for n in context])(context, now=now, functions=functions)
