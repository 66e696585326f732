"""Decisions of a case. The one place of this package that knows `engine.dmn`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.expressions import Failure, Surroundings
from engine.dmn import DmnError, Model
from engine.feel import FeelError, to_json


def evaluate(model: Model, key: str, context: Mapping[str, Any], around: Surroundings) -> tuple[Any, dict[str, Any]]:
    """Evaluate a decision; return its result as JSON and what history keeps of it. Raises Failure."""
    try:
        outcome = model.explain(key, dict(context), now=around.now, functions=around.functions, strict=True)
        result = to_json(outcome.value)
        matched = [{"decision": rule.decision, "rule": rule.rule, "rule_id": rule.rule_id} for rule in outcome.matched]
    except (FeelError, DmnError) as error:
        raise Failure(f"The decision “{key}” failed: {error}") from error
    around.warnings.extend(outcome.warnings)
    return result, {"decision": key, "result": result, "matched": matched}
