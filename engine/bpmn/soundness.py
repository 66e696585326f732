"""Can tokens get stuck or multiply? Answered by walking through all markings of a scope, conditions taken as free to choose.

A marking is the set of sequence flows that hold a token. A second token on a flow is a finding and is not followed further. Chains of
elements that only pass a token on count as one step, so that parallel branches stay affordable; beyond a bound nothing is said.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Literal

from engine.bpmn.diagram import Node, Scope
from engine.bpmn.reading import Reading

MAX_MARKINGS = 4_000
MAX_FREE_FLOWS = 6

Marking = frozenset[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """`path` names the elements passed on the way that shows it."""

    kind: Literal["can-deadlock", "tokens-multiply"]
    element: str
    path: tuple[str, ...]


def warn_of_unsoundness(reading: Reading, scope: Scope) -> None:
    """Warn of what may go wrong when the process runs, in each scope."""
    for one in (scope, *(node.inner for node in scope.walk() if node.inner is not None)):
        names = {node.id: node.name or node.id for node in one.nodes.values()}
        for element in unreachable(one):
            reading.warn(
                element,
                "unreachable",
                f"Nothing leads to “{names[element]}”, so it never happens. Connect it, or remove it.",
            )
        for finding in explore(one):
            way = " → ".join(f"“{names[element]}”" for element in finding.path) or "the start"
            label = names[finding.element]
            if finding.kind == "can-deadlock":
                message = f"“{label}” can wait for ever: by way of {way} no token comes by all of its flows. Join what an exclusive gateway split with an exclusive gateway."
            else:
                message = f"“{label}” can be reached twice at once, by way of {way}. Join parallel branches with a parallel gateway."
            reading.warn(finding.element, finding.kind, message)


def explore(scope: Scope) -> list[Finding]:
    """Return the first finding of each kind and element, with a shortest path to it."""
    return _Net(scope).explore()


class _Net:
    def __init__(self, scope: Scope) -> None:
        self.nodes = scope.nodes
        self.into: dict[str, list[str]] = {name: [] for name in scope.nodes}
        self.out: dict[str, list[str]] = {name: [] for name in scope.nodes}
        self.target: dict[str, str] = {}
        self.free: dict[str, bool] = {}
        for flow in scope.flows:
            self._connect(flow.id, flow.source, flow.target, free=flow.condition is not None)
        catches = {
            n.event.name: n.id
            for n in scope.nodes.values()
            if n.event.kind == "link" and n.kind == "intermediateCatchEvent"
        }
        for node in scope.nodes.values():
            if node.event.kind == "link" and node.kind == "intermediateThrowEvent" and node.event.name in catches:
                self._connect(f"#link {node.id}", node.id, catches[node.event.name], free=False)
        for node in self._starts(scope):
            self._connect(f"#start {node.id}", "", node.id, free=False)
        self.boundaries: dict[str, list[Node]] = {}
        for node in scope.nodes.values():
            if node.attached_to and node.event.kind != "compensation":
                self.boundaries.setdefault(node.attached_to, []).append(node)
        self.last = self._ends_of_chains()
        self.main = self._main_flows()
        self.initial = [frozenset([self.last[f"#start {node.id}"]]) for node in self._starts(scope)]
        if not any(node.kind == "startEvent" for node in scope.nodes.values()):
            self.initial = [frozenset(chain.from_iterable(self.initial))]

    def _starts(self, scope: Scope) -> list[Node]:
        return [node for node in scope.nodes.values() if node.kind == "startEvent"] or scope.starts()

    def _connect(self, flow: str, source: str, target: str, *, free: bool) -> None:
        self.target[flow], self.free[flow] = target, free
        self.into[target].append(flow)
        if source:
            self.out[source].append(flow)

    def _ends_of_chains(self) -> dict[str, str]:
        """Map each flow to the last one behind elements that only pass a token on."""
        found: dict[str, str] = {}
        for first in self.target:
            path = [first]
            while path[-1] not in found:
                element = self.target[path[-1]]
                out = self.out[element]
                passes = len(out) == 1 and len(self.into[element]) == 1 and element not in self.boundaries
                if not passes or self.free[out[0]] or out[0] in path[:1]:
                    found[path[-1]] = path[-1]
                else:
                    path.append(out[0])
            for flow in path:
                found[flow] = found[path[-1]]
        return found

    def _main_flows(self) -> set[str]:
        """Return the flows that tokens can take without a non-interrupting event; beside them a second token is meant."""
        seen: set[str] = set()
        todo = [flow for flow in self.target if flow.startswith("#start")]
        while todo:
            flow = todo.pop()
            if flow in seen:
                continue
            seen.add(flow)
            element = self.target[flow]
            todo += self.out[element]
            todo += [
                f
                for boundary in self.boundaries.get(element, ())
                if boundary.interrupting
                for f in self.out[boundary.id]
            ]
        return seen

    def explore(self) -> list[Finding]:
        found: dict[tuple[str, str], Finding] = {}
        seen: dict[Marking, tuple[Marking, str] | None] = dict.fromkeys(self.initial)
        todo = deque(self.initial)
        while todo and len(seen) <= MAX_MARKINGS:
            marking = todo.popleft()
            stuck = bool(marking)
            for element, after, twice in self._steps(marking):
                stuck = False
                if twice is not None:
                    place = self.target[twice]
                    found.setdefault(
                        ("tokens-multiply", place), self._finding("tokens-multiply", place, seen, marking, element)
                    )
                elif after not in seen:
                    seen[after] = (marking, element)
                    todo.append(after)
            if stuck:
                place = self.target[min(marking)]
                found.setdefault(("can-deadlock", place), self._finding("can-deadlock", place, seen, marking, None))
        return [] if todo else list(found.values())

    def _finding(
        self,
        kind: Literal["can-deadlock", "tokens-multiply"],
        place: str,
        seen: dict[Marking, tuple[Marking, str] | None],
        marking: Marking,
        last: str | None,
    ) -> Finding:
        path = [] if last is None else [last]
        step = seen[marking]
        while step is not None:
            path.append(step[1])
            step = seen[step[0]]
        return Finding(kind, place, tuple(reversed(path)))

    def _steps(self, marking: Marking) -> Iterator[tuple[str, Marking, str | None]]:
        """Yield each element that can act, the marking after it, and the flow that would hold two tokens."""
        for taken in self._enabled(marking):
            element = self.target[next(iter(taken))]
            node = self.nodes[element]
            rest = marking - taken
            if node.kind == "endEvent" and node.event.kind in ("terminate", "error", "cancel"):
                yield element, frozenset(), None
                continue
            for flows in self._outcomes(node):
                made = frozenset(self.last[flow] for flow in flows)
                twice = next((flow for flow in sorted(made & rest) if flow in self.main), None)
                yield element, rest | made, twice

    def _enabled(self, marking: Marking) -> Iterator[Marking]:
        joined: set[str] = set()
        for flow in sorted(marking):
            element = self.target[flow]
            kind = self.nodes[element].kind
            into = self.into[element]
            if kind not in ("parallelGateway", "inclusiveGateway") or len(into) < 2:
                yield frozenset([flow])
            elif element not in joined:
                joined.add(element)
                present = marking.intersection(into)
                if len(present) == len(into) or (
                    kind == "inclusiveGateway" and self._may_merge(element, marking, present)
                ):
                    yield present

    def _may_merge(self, element: str, marking: Marking, present: Marking) -> bool:
        """Tell whether no other token can still come by a flow without one (BPMN 2.0, 13.4.3)."""
        empty = set(self.into[element]) - present
        for flow in marking - present:
            reached = self._reach(flow, element)
            if reached & empty and not reached & present:
                return False
        return True

    def _reach(self, flow: str, without: str) -> set[str]:
        seen = {flow}
        todo = [flow]
        while todo:
            element = self.target[todo.pop()]
            if element == without:
                continue
            following = [
                *self.out[element],
                *(f for boundary in self.boundaries.get(element, ()) for f in self.out[boundary.id]),
            ]
            todo.extend(flow for flow in following if flow not in seen)
            seen.update(following)
        return seen

    def _outcomes(self, node: Node) -> Iterator[Marking]:
        """Yield the flows that can get a token when the element is through."""
        normal = list(self._normal(node))
        yield from normal
        for boundary in self.boundaries.get(node.id, ()):
            beside = frozenset(self.out[boundary.id])
            if boundary.interrupting:
                yield beside
            else:
                yield from (made | beside for made in normal)

    def _normal(self, node: Node) -> Iterator[Marking]:
        out = self.out[node.id]
        if node.kind in ("exclusiveGateway", "eventBasedGateway") and len(out) > 1:
            yield from (frozenset([flow]) for flow in out)
            return
        free = [flow for flow in out if self.free[flow] and node.kind != "parallelGateway" and flow != node.default]
        sure = frozenset(flow for flow in out if flow not in free and flow != node.default)
        if not free:
            yield frozenset(out)
            return
        sizes = range(1, len(free) + 1) if len(free) <= MAX_FREE_FLOWS else (1, len(free))
        for some in chain.from_iterable(combinations(free, size) for size in sizes):
            yield sure | frozenset(some)
        if node.default:
            yield sure | {node.default}
        elif sure:
            yield sure


def unreachable(scope: Scope) -> list[str]:
    """Return the elements that no token can come to."""
    net = _Net(scope)
    attached: dict[str, list[str]] = {}
    for node in scope.nodes.values():
        if node.attached_to:
            attached.setdefault(node.attached_to, []).append(node.id)
    seen: set[str] = set()
    todo = [net.target[flow] for flow in net.target if flow.startswith("#start")]
    todo += [node.id for node in scope.nodes.values() if node.event_sub_process or node.for_compensation]
    while todo:
        element = todo.pop()
        if element not in seen:
            seen.add(element)
            todo += [net.target[flow] for flow in net.out[element]]
            todo += attached.get(element, [])
    return [name for name in scope.nodes if name not in seen]
