"""What can be said of a diagram beside its own rules: references against what is deployed or comes along, and advice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.bpmn.advice import advise, past_timers, unknown_functions
from engine.bpmn.dataflow import never_written
from engine.bpmn.diagram import Diagram, Node
from engine.bpmn.expressions import Expression, Literal
from engine.bpmn.loops import endless_loops
from engine.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Known:
    """The keys that a diagram may refer to; `functions` beside those of FEEL itself, `form_fields` by form.

    Without `now`, in the plant's zone, no timer is compared with the present.
    """

    forms: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    processes: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    form_fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    now: datetime | None = None


def check(diagram: Diagram, known: Known) -> list[Problem]:
    """Find references that lead nowhere: errors, but warnings where another dialect's keys may mean something else.

    Advice on what the diagram will do is given only where it has no errors of its own.
    """
    found = [
        problem
        for info in diagram.processes
        for node in info.contents.walk()
        for problem in _check_node(diagram, node, known)
    ]
    if not any(problem.is_error for problem in diagram.problems):
        for info in diagram.processes:
            found += unknown_functions(diagram, info, known.functions)
            found += advise(diagram, info)
            found += endless_loops(diagram, info)
            found += never_written(diagram, info, known.form_fields)
            found += past_timers(diagram, info, known.now) if known.now is not None else ()
    return found


def _check_node(diagram: Diagram, node: Node, known: Known) -> Iterator[Problem]:
    severity = "warning" if diagram.soft_references else "error"

    def unknown(rule: str, message: str, level: str = severity) -> Problem:
        return Problem(diagram.file, node.id, rule, message, "warning" if level == "warning" else "error")

    form = _key(node.work.form) if node.work else None
    if form and form not in known.forms:
        yield unknown(
            "unknown-form",
            f"There is no form “{form}”. Deploy it along, or choose another; forms are named by their id.",
        )
    decision = _key(node.decision.key) if node.decision else None
    if decision and decision not in known.decisions:
        yield unknown(
            "unknown-decision", f"There is no decision “{decision}”. Deploy its table along, or choose another."
        )
    process = _key(node.call.process) if node.call else None
    if process and process not in known.processes:
        yield unknown(
            "unknown-process", f"There is no process “{process}” to call. Deploy it along, or choose another."
        )
    if node.work is not None:
        for group in _groups(node):
            if group not in known.groups:
                message = f"There is no group “{group}”, so nobody would be offered the task. Add the group, or choose another."
                yield unknown("unknown-group", message, "warning")


def _key(expression: Expression | None) -> str | None:
    return expression.text if isinstance(expression, Literal) else None


def _groups(node: Node) -> tuple[str, ...]:
    assert node.work is not None
    if node.work.groups is None:
        return () if node.work.users is not None else node.lane_groups
    text = _key(node.work.groups)
    return tuple(part.strip() for part in text.split(",") if part.strip()) if text else ()
