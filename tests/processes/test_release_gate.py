"""No way through the delivery releases a machine without its recorded acceptance: every way is walked.

The real process is stepped from its start; at every standstill each open task gets each kind of answer, right, empty and
wrong ones that no form would let through, each timer fires, each job is done. States that no condition can tell apart
are walked once, which bounds the loops. Taking the gate away, in several manners, must be noticed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from lxml import etree

from engine import bpmn
from engine.model.advance import Advance
from engine.model.history import ELEMENT_COMPLETED, FLOW_TAKEN
from engine.services.records import host_functions
from tests.processes.plant import PROCESSES, diagrams, tables

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MODEL = {"b": "http://www.omg.org/spec/BPMN/20100524/MODEL"}
Answer = Mapping[str, Any]
ITEM = {"id": "X-1", "product_family": "belt", "section": "function", "text": "Runs", "kind": "pass"}

SIGNED = ({"signed_by": "Liu"}, {"signed_by": ""}, {"signed_by": None}, {})
ANSWERS: Mapping[str, tuple[Answer, ...]] = {
    "confirm_details": ({"colour": "RAL 6032"}, {}),
    "inspect": ({"results": [{"id": "X-1", "result": "pass"}]}, {"results": [{"id": "X-1", "result": "fail"}]}),
    "rework": ({"rework_action": "Set anew"},),
    "arrange": ({"acceptance_at": None}, {"acceptance_at": "2026-03-03T01:00Z"}),
    "record_answer": tuple(
        {"customer_answer": answer, **signed} for answer in ("accepted", "points", None, "") for signed in SIGNED
    ),
    "settle_points": tuple(
        {"next_step": step, "reinspect": ["BC-1/function X-1"]} for step in ("answered", "rework", "details", None)
    ),
}
ANSWERS = {**ANSWERS, "take_over": ANSWERS["record_answer"]}
STARTS = tuple(
    {"has_details": details, "urgency": urgency, "order_number": order, "product_family": "belt", "customer_code": "C", "serial_numbers": "BC-1"}
    for details, urgency, order in product((True, False), ("normal", "urgent"), ("key", "large", "attends", "small"))
)  # fmt: skip
ORDERS = {
    "key": {"project_class": "key", "order_value": 1, "bom": ""},
    "large": {"project_class": "standard", "order_value": 2_000_000, "bom": ""},
    "attends": {"project_class": "standard", "order_value": 1, "attends_acceptance": True, "bom": ""},
    "small": {"project_class": "standard", "order_value": 1, "attends_acceptance": False, "bom": ""},
}


def find_record(type_: str, key: str) -> Mapping[str, Any] | None:
    return ORDERS.get(key) if type_ == "order" else {"code": key, "name": key, "warranty_months": 12}


FUNCTIONS = {
    **host_functions(find_record, lambda type_: [ITEM] if type_ == "checklist_item" else []),
    "current_user": lambda: "somebody",
}
AROUND: dict[str, Any] = {"now": NOW, "functions": FUNCTIONS}


@dataclass(frozen=True)
class Standstill:
    """A state in which the case waits: what can be done there, and how to come back to it."""

    snapshot: bytes
    variables: Mapping[str, Any]
    tasks: Mapping[str, str]
    timers: Mapping[str, str]
    jobs: Mapping[str, str]
    last_sheet: int

    def key(self) -> tuple[Any, ...]:
        """Return all that a condition of the diagram can tell, and where the tokens are."""
        v = self.variables
        acceptance, step = v.get("acceptance") or {}, (v.get("settlement") or {}).get("next_step")
        return (
            tuple(sorted(self.tasks.values())),
            *(frozenset(waiting.values()) for waiting in (self.timers, self.jobs)),
            *(acceptance.get("result") == "accepted", bool(acceptance.get("signed_by"))),
            *(acceptance.get("sheet") == v.get("acceptance_sheet"), v.get("acceptance_sheet") is None),
            *(step if step in ("rework", "details") else None, v.get("has_details"), v.get("inspection_rounds", 0) > 0),
            *(bool(v.get("failed_sections")), bool(v.get("detail_items")), bool(v.get("sections"))),
            *(v.get("answer_expected_at") is None, (v.get("acceptance_plan") or {}).get("mode")),
        )


@dataclass
class Walk:
    """All states that can be reached before a release, and how releases came about."""

    definition: bpmn.Definition
    passed: set[str] = field(default_factory=set)
    releases: int = 0
    without_acceptance: list[Any] = field(default_factory=list)
    states: int = 0

    def go(self, limit: int = 5_000) -> Walk:
        seen: set[tuple[Any, ...]] = set()
        waiting: deque[Standstill] = deque()

        def look(state: Standstill) -> None:
            if state.key() not in seen:
                seen.add(state.key())
                waiting.append(state)
                assert len(seen) < limit, "the states do not end: a loop is not told apart"

        for start in STARTS:
            look(self.stand(*self.definition.start(dict(start), **AROUND)))
        while waiting:
            state = waiting.popleft()
            if "release" in state.tasks.values():
                self.judge(state)
                continue
            for following in self.next_states(state):
                look(following)
        self.states = len(seen)
        return self

    def next_states(self, state: Standstill) -> Iterator[Standstill]:
        for task, element in state.tasks.items():
            for answer in ANSWERS[element]:
                yield self.step(state, task, lambda run, t=task, a=answer: run.complete_task(t, dict(a), **AROUND))
        for timer in state.timers:
            yield self.step(state, timer, lambda run, t=timer: run.fire_timer(t, **AROUND))
        for job, element in state.jobs.items():
            sheet = state.last_sheet + (element == "issue_sheet")
            result = {"number": f"A-{sheet}"}
            yield self.step(state, job, lambda run, j=job, r=result: run.complete_job(j, r, **AROUND), sheet)

    def step(
        self, state: Standstill, done: str, act: Callable[[bpmn.Run], Advance], sheet: int | None = None
    ) -> Standstill:
        run = self.definition.restore(state.snapshot, dict(state.variables))
        return self.stand(run, act(run), state, done, state.last_sheet if sheet is None else sheet)

    def stand(
        self, run: bpmn.Run, advance: Advance, before: Standstill | None = None, done: str = "", sheet: int = 0
    ) -> Standstill:
        """Note what the step passed, and what can be done after it."""
        assert not advance.incidents, advance.incidents
        for entry in advance.history:
            if entry.element_id and entry.kind in (ELEMENT_COMPLETED, FLOW_TAKEN):
                self.passed.add(entry.element_id)

        def waiting(what: str, opened: list[Any], closed: list[str]) -> dict[str, str]:
            old: Mapping[str, str] = getattr(before, what, {})
            left = {key: element for key, element in old.items() if key != done and key not in closed}
            return left | {one.id: one.element_id for one in opened}

        return Standstill(
            run.snapshot(),
            run.variables,
            waiting("tasks", advance.tasks_opened, advance.tasks_cancelled),
            waiting("timers", advance.timers_armed, advance.timers_disarmed),
            waiting("jobs", advance.jobs, advance.jobs_cancelled),
            sheet,
        )

    def judge(self, state: Standstill) -> None:
        """Look at a release that is offered: the newest sheet must be accepted, with a name."""
        self.releases += 1
        acceptance, sheet = state.variables.get("acceptance") or {}, state.variables.get("acceptance_sheet")
        recorded = acceptance.get("result") == "accepted" and acceptance.get("signed_by") == "Liu"
        if not recorded or sheet is None or acceptance.get("sheet") != sheet or sheet != f"A-{state.last_sheet}":
            self.without_acceptance.append((acceptance, sheet))


def walked(change: Callable[[etree._Element], None] | None = None) -> Walk:
    """Walk the delivery, changed first where asked."""
    root = etree.fromstring((PROCESSES / "delivery/delivery.bpmn").read_bytes())
    if change is not None:
        change(root)
    diagram = bpmn.read(etree.tostring(root), "delivery.bpmn")
    assert not [problem for problem in diagram.problems if problem.is_error]
    others = [other for key, other in diagrams().items() if key != "delivery"]
    return Walk(bpmn.build("delivery", [diagram, *others], tables())).go()


def flow(root: etree._Element, key: str) -> etree._Element:
    (found,) = root.iterfind(f".//b:sequenceFlow[@id='{key}']", MODEL)
    return found


def element(root: etree._Element, key: str) -> etree._Element:
    (found,) = root.iterfind(f".//b:*[@id='{key}']", MODEL)
    return found


def lead_to(root: etree._Element, key: str, target: str) -> None:
    """Let a flow end at another element."""
    moved = flow(root, key)
    for old in element(root, moved.get("targetRef")).iterfind("b:incoming", MODEL):
        if old.text == key:
            old.getparent().remove(old)
    moved.set("targetRef", target)
    incoming = etree.Element(f"{{{MODEL['b']}}}incoming")
    incoming.text = key
    last = [child for child in element(root, target) if str(child.tag).endswith(("extensionElements", "incoming"))][-1]
    last.addnext(incoming)


def condition(root: etree._Element, key: str, text: str) -> None:
    flow(root, key).find("b:conditionExpression", MODEL).text = text


def without_gate(root: etree._Element) -> None:
    lead_to(root, "answered_to_release_gate", "release")


def open_gate(root: etree._Element) -> None:
    condition(root, "release_gate_to_release", "=true")


def nameless_gate(root: etree._Element) -> None:
    condition(root, "release_gate_to_release", '=acceptance.result = "accepted"')


def settled_is_enough(root: etree._Element) -> None:
    lead_to(root, "settled_to_record_answer", "release")


def take_over_releases(root: etree._Element) -> None:
    lead_to(root, "take_over_to_answered", "release")


@pytest.fixture(scope="module")
def walk() -> Walk:
    return walked()


def test_no_way_through_the_diagram_releases_without_the_recorded_acceptance(walk: Walk) -> None:
    assert walk.releases >= 10
    assert walk.without_acceptance == []


def test_the_walk_passes_everything_before_the_release(walk: Walk) -> None:
    process = next(info for info in diagrams()["delivery"].processes if info.key == "delivery")
    behind = {"release", "make_machine_file", "contact_customer", "note_expectations", "archive", "delivered"}
    assert process.elements.keys() - walk.passed == behind


@pytest.mark.parametrize("change", [without_gate, open_gate, nameless_gate, settled_is_enough, take_over_releases])
def test_the_walk_notices_when_the_gate_is_gone(change: Callable[[etree._Element], None]) -> None:
    assert walked(change).without_acceptance
