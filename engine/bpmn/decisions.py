"""Decisions of a case. The one place of this package that knows `engine.dmn`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.expressions import Failure, Surroundings
from engine.feel import FeelError, to_json


def evaluate(model: Any, key: str, context: Mapping[str, Any], around: Surroundings) -> tuple[Any, dict[str, Any]]:
    """Evaluate a decision; return its result as JSON and what history keeps of it. Raises Failure."""
    try:
        result = to_json(model.evaluate(key, dict(context), now=around.now, functions=around.functions))
    except FeelError as error:
        raise Failure(f"The decision “{key}” failed: {error}") from error
    return result, {"decision": key, "result": result, "matched": []}
