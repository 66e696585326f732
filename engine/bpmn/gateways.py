"""Gateways: exclusive, parallel, inclusive.

Mends, against SpiffWorkflow 3.2.0: a parallel join counts tasks of the whole tree instead of one token per flow; an inclusive join
walks the diagram by recursion, at each step; an exclusive gateway without a matching flow fails when it is too late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.diagram import Node
from engine.bpmn.element import ElementSpec, Link
from engine.bpmn.expressions import Failure, truth
from engine.bpmn.token import Token

if TYPE_CHECKING:
    from engine.bpmn.process_spec import ScopeSpec
    from engine.bpmn.workflow import ScopeWorkflow


class ExclusiveSpec(ElementSpec):
    """The first flow whose condition holds, in the order of the diagram's file, else the default (BPMN 2.0, 13.4.2)."""

    def choose(self, token: Token) -> tuple[Link, ...]:
        if not self.conditional:
            return self.links
        scope = token.workflow
        context = scope.context(token)
        for link in self.conditional:
            if truth(link.condition, context, scope.case.around):  # type: ignore[arg-type]
                return (link,)
        if self.default is not None:
            return (self.default,)
        raise Failure("No flow can be taken: no condition holds and there is no default flow.")


class JoiningSpec(ElementSpec):
    """A gateway where tokens wait for one another; each remembers the flow it came by."""

    def __init__(self, scope: ScopeSpec, node: Node, suffix: str = "") -> None:
        super().__init__(scope, node, suffix)
        self.incoming: tuple[str, ...] = ()

    def _update_hook(self, my_task: Token) -> bool:
        if not self.counts_flows or "via" not in my_task.internal_data:
            return True
        my_task._set_state(TaskState.WAITING)
        self.note(my_task)
        self.look(my_task.workflow)
        return False

    def look(self, scope: ScopeWorkflow) -> None:
        """See, when a token arrived, whether they go on."""

    def note(self, token: Token) -> None:
        """Note a waiting token by its flow; after a restore too."""
        arrived = token.workflow.arrivals.setdefault(self.name, {})
        arrived.setdefault(token.internal_data["via"], []).append(token)

    def consume(self, scope: ScopeWorkflow) -> None:
        """Take one token of each flow that has one; the last of them goes on."""
        arrived = scope.arrivals[self.name]
        taken = [arrived[flow].pop(0) for flow in list(arrived)]
        for flow in [flow for flow, tokens in arrived.items() if not tokens]:
            del arrived[flow]
        for token in taken[:-1]:
            token.vanish()
        taken[-1].internal_data.pop("via", None)
        taken[-1]._ready()

    def _on_cancel(self, my_task: Token) -> None:
        flow = my_task.internal_data.get("via")
        arrived = my_task.workflow.arrivals.get(self.name, {})
        if flow in arrived and my_task in arrived[flow]:
            arrived[flow].remove(my_task)
            if not arrived[flow]:
                del arrived[flow]


class ParallelSpec(JoiningSpec):
    """One token of each incoming flow, one on each outgoing flow (BPMN 2.0, 13.4.1)."""

    def look(self, scope: ScopeWorkflow) -> None:
        if len(scope.arrivals[self.name]) == len(self.incoming):
            self.consume(scope)

    def choose(self, token: Token) -> tuple[Link, ...]:
        return self.links


class InclusiveSpec(JoiningSpec):
    """Waits for every token that can still come by a flow without one (BPMN 2.0, 13.4.3)."""

    def __init__(self, scope: ScopeSpec, node: Node, suffix: str = "") -> None:
        super().__init__(scope, node, suffix)
        self.reach: dict[str, frozenset[str]] = {}
        """Per incoming flow the elements that lead to it without passing this gateway; made when the definition is built."""

    def note(self, token: Token) -> None:
        super().note(token)
        scope = token.workflow
        scope.case.merging[scope.task_tree.id, self.name] = (scope, self)

    def try_merge(self, scope: ScopeWorkflow) -> bool:
        """Go on if no token can reach a flow that has none yet; False while waiting."""
        arrived = scope.arrivals.get(self.name)
        if not arrived or scope.completed:
            scope.case.merging.pop((scope.task_tree.id, self.name), None)
            return False
        for token in scope.task_tree._children.values():
            spec = token.task_spec
            if spec is self or token.is_beside:
                continue
            element = spec.node.id
            reaches_empty = any(element in self.reach[flow] for flow in self.incoming if flow not in arrived)
            if reaches_empty and not any(element in self.reach[flow] for flow in arrived):
                return False
        self.consume(scope)
        return True


def reach_of(spec: InclusiveSpec, incoming: dict[str, list[tuple[str, str]]]) -> dict[str, frozenset[str]]:
    """Compute who leads to each incoming flow; `incoming` maps an element to (flow, element before it)."""
    found = {}
    for flow, source in incoming.get(spec.node.id, ()):
        seen: set[str] = set()
        todo = [source]
        while todo:
            element = todo.pop()
            if element == spec.node.id or element in seen:
                continue
            seen.add(element)
            todo.extend(before for _, before in incoming.get(element, ()))
        found[flow] = frozenset(seen)
    return found
