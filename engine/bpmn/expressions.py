"""Expressions and decisions of a diagram: FEEL behind “=”, literals otherwise. The one place here that knows `engine.feel` and `engine.dmn`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.dmn import DmnError, Model
from engine.feel import FeelError, Warning, compile_expression, to_json

BUSINESS_KEY = "businessKey"
"""The name by which expressions read the key that people know the case by, unless a variable has it."""


class Failure(Exception):
    """A technical failure at a token, in words for the operator: becomes an incident there."""


@dataclass(slots=True)
class Surroundings:
    """What an evaluation may see besides the variables; `warnings` collects FEEL's null-on-error remarks."""

    now: datetime
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    business_key: str | None = None
    warnings: list[Warning] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Literal:
    """A text that stands for itself."""

    text: str
    names: frozenset[str] = frozenset()

    def value(self, context: Mapping[str, Any], around: Surroundings) -> Any:
        return self.text


class Feel:
    """A compiled FEEL expression; immutable, so cases and threads share it."""

    __slots__ = ("compiled", "names", "text")

    def __init__(self, text: str) -> None:
        """Compile the text behind “=”. Raises FeelError."""
        self.text = "=" + text
        self.compiled = compile_expression(text)
        self.names = frozenset(self.compiled.names)

    def value(self, context: Mapping[str, Any], around: Surroundings) -> Any:
        """Evaluate to a FEEL value. Raises Failure."""
        if BUSINESS_KEY in self.names and BUSINESS_KEY not in context:
            context = {**context, BUSINESS_KEY: around.business_key}
        try:
            return self.compiled(context, now=around.now, functions=around.functions, warnings=around.warnings)
        except FeelError as error:
            raise Failure(f"The expression “{self.text}” failed: {error}") from error


Expression = Feel | Literal


def json_value(expression: Expression, context: Mapping[str, Any], around: Surroundings) -> Any:
    """Evaluate to a JSON value, as variables hold them. Raises Failure."""
    return _as_json(expression, expression.value(context, around))


def _as_json(expression: Expression, value: Any) -> Any:
    try:
        return to_json(value)
    except FeelError as error:
        raise Failure(f"The expression “{expression.text}” gave what cannot be kept: {error}") from error


def truth(expression: Expression, context: Mapping[str, Any], around: Surroundings) -> bool:
    """Evaluate a condition. Raises Failure where the result is neither true nor false, null included (as Camunda 8)."""
    result = expression.value(context, around)
    if result is True or result is False:
        return result
    shown = "null" if result is None else f"“{result}”"
    reads = ", ".join(sorted(expression.names))
    raise Failure(
        f"The condition “{expression.text}” gave {shown} where true or false is needed"
        + (f"; it reads {reads}: is each of them set?" if reads else ".")
    )


LONGEST_NAME = 255
"""Characters of a key, a name or an id: what the store keeps and finds it by."""


def text_or_none(expression: Expression | None, context: Mapping[str, Any], around: Surroundings) -> str | None:
    """Evaluate to a key, name or date; numbers and the like are written out, null and "" are None. Raises Failure."""
    if expression is None:
        return None
    result = json_value(expression, context, around)
    if result is None or result == "":
        return None
    if isinstance(result, bool):
        return "true" if result else "false"
    text = result if isinstance(result, str) else str(result)
    require_name(expression, text)
    return text


def require_name(expression: Expression, text: str) -> None:
    """Raise Failure for a text that is too long for a name."""
    if len(text) > LONGEST_NAME:
        raise Failure(f"“{expression.text}” gave {len(text):,} characters; a name or key has at most {LONGEST_NAME}.")


MAX_MATCHED = 100
"""How many matched rules of one decision the history keeps."""


def _kept(value: Any) -> Any:
    """Return a table's input as history keeps it."""
    try:
        return to_json(value)
    except FeelError:  # a function
        return str(value)


def decide(model: Model, key: str, context: Mapping[str, Any], around: Surroundings) -> tuple[Any, dict[str, Any]]:
    """Evaluate a decision; return its result as JSON and what history keeps of it. Raises Failure."""
    try:
        outcome = model.explain(key, dict(context), now=around.now, functions=around.functions, strict=True)
        result = to_json(outcome.value)
        matched = [
            {
                "decision": rule.decision,
                "rule": rule.rule,
                "rule_id": rule.rule_id,
                "inputs": {label: _kept(value) for label, value in rule.inputs.items()},
            }
            for rule in outcome.matched[:MAX_MATCHED]
        ]
    except (FeelError, DmnError) as error:
        raise Failure(f"The decision “{key}” failed: {error}") from error
    around.warnings.extend(outcome.warnings)
    return result, {"decision": key, "result": result, "matched": matched}


__all__ = [
    "Expression",
    "Failure",
    "Feel",
    "FeelError",
    "Literal",
    "Surroundings",
    "Warning",
    "decide",
    "json_value",
    "text_or_none",
    "truth",
]
