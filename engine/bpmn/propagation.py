"""Errors and escalations on their way outward, until something catches them (BPMN 2.0, 10.5.7).

Mends, against SpiffWorkflow 3.2.0: with two parallel sub-processes an error in one fires the boundary events of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.bpmn.element import ElementSpec, best_match
from engine.bpmn.expressions import json_value

if TYPE_CHECKING:
    from engine.bpmn.token import Token
    from engine.bpmn.workflow import ScopeWorkflow

Catcher = tuple[ElementSpec, "Token"]


def find_catcher(token: Token, kind: str, code: str | None) -> Catcher | None:
    """Return who catches: a boundary event with the token of its activity, or an event sub-process with its scope's root.

    Looks from the inside out: the activity's boundary, then the event sub-processes of its scope, then the scope's activity.
    """
    scope: ScopeWorkflow = token.workflow
    current: Token | None = token
    inside_event_sub_process = False
    while True:
        while current is not None and current is not scope.task_tree:
            boundary = current.task_spec.boundary_for(kind, code)
            if boundary is not None:
                return boundary, current
            inside_event_sub_process = inside_event_sub_process or current.task_spec.node.event_sub_process
            current = current.parent
        if not inside_event_sub_process:
            start = best_match(scope.spec.event_starts, kind, code)
            if start is not None:
                return start, scope.task_tree
        if scope.owner is None:
            return None
        inside_event_sub_process = False
        current = scope.owner
        scope = current.workflow


def throw_to(token: Token, kind: str, code: str | None, variables: dict[str, Any] | None = None) -> bool:
    """Throw from the token; False where nothing catches. An interrupting catcher cancels the thrower too."""
    found = find_catcher(token, kind, code)
    if found is None:
        return False
    spec, at = found
    values = dict(variables or {})
    event = spec.node.event
    if event.code_variable:
        values[event.code_variable] = code
    spec.catch(at, values)
    return True


def thrown_code(token: Token) -> str | None:
    """Evaluate the code that a throwing event names."""
    expression = token.task_spec.node.event.code
    if expression is None:
        return None
    value = json_value(expression, token.workflow.context(token), token.workflow.case.around)
    return None if value is None else str(value)
