"""What an open case takes over from the new version of its process: added events, names and forms, message names, cycles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.bpmn.arming import arm, follows_variables, restart_cycle
from engine.bpmn.element import ARMED, ElementSpec
from engine.bpmn.events import AttachedSpec, EventGatewaySpec
from engine.bpmn.expressions import Expression, Failure, text_or_none
from engine.bpmn.gateways import JoiningSpec
from engine.bpmn.process_spec import ScopeSpec
from engine.bpmn.token import Token
from engine.bpmn.user_task import UserTaskSpec
from engine.bpmn.workflow import Case, ScopeWorkflow
from engine.model.cron import CronError
from engine.model.migration import Migration, TaskChange
from engine.model.schedule import ScheduleError


def follow_version(
    case: Case,
    before: Mapping[str, ElementSpec],
    scopes_before: Mapping[str, ScopeSpec],
    mapping: Mapping[str, str],
    migration: Migration,
) -> list[tuple[str, str]]:
    """Fit the tokens that moved to the version that they are on now; return elements that cannot follow, with the reason.

    `before` maps tokens to what they stood at, `scopes_before` the tokens of activities to the scopes inside them.
    """
    stops = []
    moved = [(token, before[name]) for name, token in list(case.tokens.items()) if name in before]
    for token, stood_at in moved:
        _rename(token, stood_at, migration)
        try:
            _follow_task(token, stood_at, migration)
            _follow_event(token, stood_at, migration)
        except (Failure, ScheduleError, CronError) as error:
            stops.append((token.task_spec.node.id, str(error)))
    for token, stood_at in moved:
        for added in _added(token, stood_at, mapping):
            child = token._add_child(added)
            if isinstance(token.task_spec, EventGatewaySpec):
                child.internal_data["via"] = next(link.id for link in token.task_spec.links if link.target is added)
            child._ready()
            migration.armed.append(added.node.id)
    for scope in (case, *case.subprocesses.values()):
        was = scopes_before["" if scope.owner is None else scope.owner.id]
        _follow_scope(scope, was, mapping, migration)
    return stops


def _rename(token: Token, stood_at: ElementSpec, migration: Migration) -> None:
    element, state = token.task_spec.node.id, token.internal_data
    if element != stood_at.node.id:
        names = [token.id, state.get("job"), *state.get("incident", ())[:1]]
        migration.renamed.update({name: element for name in names if name})


def _follow_task(token: Token, stood_at: ElementSpec, migration: Migration) -> None:
    spec = token.task_spec
    if not isinstance(spec, UserTaskSpec) or "open" not in token.internal_data:
        return
    node, was = spec.node, stood_at.node
    assert node.work is not None
    assert was.work is not None
    same_form = _text(node.work.form) == _text(was.work.form)
    if (node.name or node.id, node.names) == (was.name or was.id, was.names) and same_form:
        return
    scope = token.workflow
    form = text_or_none(node.work.form, scope.context(token), scope.case.around)
    migration.tasks.append(TaskChange(token.id, node.name or node.id, node.names, form))


def _follow_event(token: Token, stood_at: ElementSpec, migration: Migration) -> None:
    """Wait for what the new version names; an armed due instant stays, and what repeats it counts from there."""
    event, was, state = token.task_spec.node.event, stood_at.node.event, token.internal_data
    if "from" in state and not follows_variables(token):
        del state["from"]
        token.workflow.case.watching.pop(token.id, None)
    if "due" in state and event.timer == "cycle" and (was.timer, _text(was.when)) != ("cycle", _text(event.when)):
        restart_cycle(token, event)
    if "sub" in state and (_text(event.name), _text(event.key)) != (_text(was.name), _text(was.key)):
        arm(token, event)
        migration.resubscribed.append(token.workflow.case.advance.subscriptions_opened.pop())


def _text(expression: Expression | None) -> str | None:
    return None if expression is None else expression.text


def _added(token: Token, stood_at: ElementSpec, mapping: Mapping[str, str]) -> list[ElementSpec]:
    """Return the boundary events, or events behind a gateway, that the token's element did not have."""
    spec = token.task_spec
    phase = token.internal_data.get("incident", ("", ""))[1]
    if phase == "enter" or (spec.attached and "fired" not in token.internal_data):
        return []
    if isinstance(spec, EventGatewaySpec) and isinstance(stood_at, EventGatewaySpec):
        return _new([link.target for link in spec.links], [link.target for link in stood_at.links], mapping)
    return _new(spec.boundaries, stood_at.boundaries, mapping)


def _new(now: Sequence[ElementSpec], before: Sequence[ElementSpec], mapping: Mapping[str, str]) -> list[ElementSpec]:
    """Return what waits in one version only. One that was there and has fired is not armed again."""
    known = {(mapping.get(spec.node.id, spec.node.id), spec.node.event.kind) for spec in before}
    return [spec for spec in now if spec.node.event.kind in ARMED and (spec.node.id, spec.node.event.kind) not in known]


def _follow_scope(scope: ScopeWorkflow, was: ScopeSpec, mapping: Mapping[str, str], migration: Migration) -> None:
    """Arm event sub-processes that are new to a scope, and let joins look whether they still wait."""
    if scope.completed:
        return
    interrupted = any(
        token.task_spec.node.event_sub_process and _starts_by_interrupting(token)
        for token in scope.task_tree._children.values()
    )
    if not interrupted:
        for start in _new(scope.spec.event_starts, was.event_starts, mapping):
            scope.task_tree._add_child(start)._ready()
            migration.armed.append(start.node.id)
    for name in list(scope.arrivals):
        spec = scope.spec.task_specs[name]
        if isinstance(spec, JoiningSpec):
            spec.look(scope)


def _starts_by_interrupting(token: Token) -> bool:
    return any(
        isinstance(start, AttachedSpec) and start.node.interrupting and start.links[0].target is token.task_spec
        for start in token.workflow.spec.event_starts
    )
