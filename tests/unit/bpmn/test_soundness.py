"""Deadlocks and doubled tokens: found where they can be, and nowhere else."""

import random
from collections import Counter

import pytest

from engine.bpmn import read
from engine.bpmn.diagram import Flow, Node, Scope
from engine.bpmn.soundness import explore
from tests.features.stage import chain, diagram, flow

START = '<startEvent id="s"/>'


def warnings(body: str) -> list[tuple[str, str]]:
    found = read(diagram(body), "f").problems
    assert not any(problem.is_error for problem in found)
    return sorted((problem.rule, problem.element) for problem in found)


def test_a_parallel_join_behind_an_exclusive_split_can_wait_for_ever():
    body = (
        START
        + '<exclusiveGateway id="g" default="d"/><task id="a" name="Repair"/><task id="b"/><parallelGateway id="j"/><endEvent id="e"/>'
    )
    body += flow("s", "g") + flow("g", "a", "=x") + flow("g", "b", None, "d") + chain("a", "j", "e") + chain("b", "j")
    assert warnings(body) == [("can-deadlock", "j")]
    (problem,) = read(diagram(body), "f").problems
    assert "“g”" in problem.message


def test_an_exclusive_merge_behind_a_parallel_split_doubles_the_token():
    body = (
        START
        + '<parallelGateway id="g"/><task id="a"/><task id="b"/><exclusiveGateway id="m"/><userTask id="z"/><endEvent id="e"/>'
    )
    body += chain("s", "g", "a", "m", "z", "e") + chain("g", "b", "m")
    assert [rule for rule, _ in warnings(body)] == ["tokens-multiply"]


def test_matching_gateways_loops_and_reminders_are_sound():
    body = (
        START + '<exclusiveGateway id="m"/><parallelGateway id="f"/><userTask id="a"/><userTask id="b"/><parallelGateway id="j"/>'
        + '<exclusiveGateway id="x" default="out"/><endEvent id="e"/><task id="r"/><boundaryEvent id="t" attachedToRef="a" cancelActivity="false">'
        + "<timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></boundaryEvent>"
        + chain("s", "m", "f", "a", "j", "x") + chain("f", "b", "j") + chain("t", "r") + flow("x", "m", "=again") + flow("x", "e", None, "out")
    )  # fmt: skip
    assert warnings(body) == []


def test_an_inclusive_join_waits_for_nothing_that_cannot_come():
    body = (
        START
        + '<inclusiveGateway id="f" default="d"/><task id="a"/><task id="b"/><inclusiveGateway id="j"/><endEvent id="e"/>'
    )
    body += flow("s", "f") + flow("f", "a", "=x") + flow("f", "b", None, "d") + chain("a", "j", "e") + chain("b", "j")
    assert warnings(body) == []


def test_what_nothing_leads_to_is_named():
    assert warnings(
        START + '<task id="a"/><task id="lost"/><task id="too"/>' + chain("s", "a") + chain("lost", "too")
    ) == [
        ("unreachable", "lost"),
        ("unreachable", "too"),
    ]


def random_scope(rng: random.Random) -> Scope:
    count = rng.randint(3, 6)
    kinds = {
        f"n{n}": rng.choice(["task", "exclusiveGateway", "parallelGateway", "parallelGateway"]) for n in range(count)
    }
    scope = Scope("p", {"s": Node("s", "startEvent", "", "p")})
    scope.nodes.update({name: Node(name, kind, "", "p") for name, kind in kinds.items()})
    scope.nodes["e"] = Node("e", "endEvent", "", "p")
    names = list(kinds)
    scope.flows.append(Flow("f0", "s", names[0]))
    for name in names:
        for target in rng.sample([*names, "e"], rng.randint(1, 2)):
            scope.flows.append(Flow(f"f{len(scope.flows)}", name, target))
    return scope


def by_hand(scope: Scope, bound: int = 3_000) -> tuple[bool, bool] | None:
    """Walk through all markings one flow at a time, counting tokens; tell (deadlock, doubled), None when there are too many."""
    out = {name: [f.id for f in scope.flows if f.source == name] for name in scope.nodes}
    into = {name: [f.id for f in scope.flows if f.target == name] for name in scope.nodes}
    target = {f.id: f.target for f in scope.flows}
    first = tuple(sorted(out["s"]))
    seen, todo, deadlock = {first}, [first], False
    while todo:
        marking = todo.pop()
        tokens = Counter(marking)
        following: list[Counter[str]] = []
        for name in {target[f] for f in tokens}:
            if scope.nodes[name].kind == "parallelGateway":
                taken = [into[name]] if all(tokens[f] for f in into[name]) else []
            else:
                taken = [[f] for f in into[name] if tokens[f]]
            for used in taken:
                rest = tokens - Counter(used)
                options = [[f] for f in out[name]] if scope.nodes[name].kind == "exclusiveGateway" else [out[name]]
                following += [rest + Counter(option) for option in options]
        deadlock = deadlock or (bool(marking) and not following)
        for after in following:
            if any(times > 1 for times in after.values()):
                return deadlock, True
            key = tuple(sorted(after.elements()))
            if key not in seen:
                if len(seen) > bound:
                    return None
                seen.add(key)
                todo.append(key)
    return deadlock, False


@pytest.mark.parametrize("part", range(10))
def test_random_graphs_are_judged_as_a_walk_by_hand_judges_them(part):
    rng = random.Random(part)
    judged = 0
    while judged < 200:  # 2,000 in all; those with too many markings to walk through by hand do not count
        scope = random_scope(rng)
        expected = by_hand(scope)
        if expected is None:
            continue
        kinds = {finding.kind for finding in explore(scope)}
        deadlock, doubled = expected
        assert ("tokens-multiply" in kinds) == doubled, scope.flows
        if not doubled:
            assert ("can-deadlock" in kinds) == deadlock, scope.flows
        judged += 1
