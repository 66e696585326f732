"""Delivery: the release gate holds on every way, reminders and takeover come on time, answers stay where they belong."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import timedelta

import pytest

from engine import xml
from engine.bpmn import TokenNotFound
from tests.processes.plant import PROCESSES, START, Plant, PlayedCase, definition, scenario_files

B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
Z = "{http://camunda.org/schema/zeebe/1.0}"
SCENARIOS = scenario_files()["delivery"]
ANSWERS = SCENARIOS["answers"]
FORGED = {"result": "accepted", "sheet": "A-2026-0001", "signed_by": "nobody"}


def inspected(**given) -> PlayedCase:
    """Return a case that waits for the acceptance to be arranged."""
    case = Plant(SCENARIOS["records"]).start("delivery", {**SCENARIOS["start"], **given})
    case.complete("inspect", ANSWERS["good"], each=True)
    return case


def waiting_for_the_customer(**given) -> PlayedCase:
    case = inspected(**given)
    case.complete("arrange", ANSWERS["arrange"])
    return case


def graph() -> tuple[dict[str, set[str]], dict[str, str]]:
    """Return what follows each element, boundaries included, and the conditions of the flows."""
    root = xml.parse((PROCESSES / "delivery/delivery.bpmn").read_bytes())
    follows = defaultdict(set)
    conditions = {}
    for flow in root.iter(f"{B}sequenceFlow"):
        follows[flow.get("sourceRef")].add((flow.get("id"), flow.get("targetRef")))
        conditions[flow.get("id")] = flow.findtext(f"{B}conditionExpression")
    for boundary in root.iter(f"{B}boundaryEvent"):
        follows[boundary.get("attachedToRef")].add(("", boundary.get("id")))
    return follows, conditions


def reachable(follows, without: str = "") -> set[str]:
    found, todo = set(), ["order_ready"]
    while todo:
        here = todo.pop()
        if here not in found:
            found.add(here)
            todo += [target for flow, target in follows[here] if flow != without]
    return found


def test_the_only_way_into_release_is_the_gate_that_asks_for_the_acceptance():
    follows, conditions = graph()
    into = [(source, flow) for source, outs in follows.items() for flow, target in outs if target == "release"]
    assert into == [("release_gate", "release_gate_to_release")]
    assert 'acceptance.result = "accepted"' in conditions["release_gate_to_release"]
    assert "acceptance.sheet = acceptance_sheet" in conditions["release_gate_to_release"]
    assert {"release", "make_machine_file", "delivered"} <= reachable(follows)
    behind = {"release", "make_machine_file", "contact_customer", "note_expectations", "archive", "delivered"}
    assert not behind & reachable(follows, without="release_gate_to_release")


def test_only_the_customers_answer_sets_the_acceptance():
    root = xml.parse((PROCESSES / "delivery/delivery.bpmn").read_bytes())
    writers = {
        element.get("id"): output.get("source")
        for element in root.iter(f"{B}userTask", f"{B}scriptTask", f"{B}serviceTask", f"{B}businessRuleTask")
        for output in element.iter(f"{Z}output")
        if output.get("target") == "acceptance"
    }
    assert {name for name, source in writers.items() if source != "=null"} == {"record_answer", "take_over"}
    assert {name for name, source in writers.items() if source == "=null"} == {"read_order", "issue_sheet"}


def moves() -> dict[str, list[dict]]:
    """Return what people may answer at each element, with right and with forged values."""
    rework = {"next_step": "rework", "points_reply": "-", "reinspect": ["BC600-26-0031/appearance BELT-1APP-01"]}
    answers = {
        "inspect": [ANSWERS["good"], ANSWERS["good"], ANSWERS["hot_bearing"]],
        "rework": [ANSWERS["rework"]],
        "arrange": [ANSWERS["arrange"]],
        "settle_points": [
            rework,
            {"next_step": "answered", "points_reply": "-"},
            {"next_step": "details", "points_reply": "-"},
        ],
        "confirm_details": [
            {"colour": "RAL 7035", "details_confirmed_by": "Sun Ting", "details_confirmed_on": "2026-03-01"}
        ],
        "release": [ANSWERS["release"]],
        "contact_customer": [ANSWERS["contact"]],
    }
    for element in ("record_answer", "take_over"):
        answers[element] = [
            ANSWERS["accepted"],
            {"customer_answer": "points", "points_text": "?", "signed_by": "x"},
            {"customer_answer": "accepted", "signed_by": ""},
            {"customer_answer": None},
            {},
        ]
    return answers


def walk(seed: int) -> PlayedCase:
    """Walk at random, past the forms and with forged variables in every answer; look whenever a release is offered."""
    chance = random.Random(seed)
    plant = Plant(SCENARIOS["records"])
    given = {**SCENARIOS["start"], "has_details": chance.random() < 0.3, "colour": "RAL 5010"}
    case = plant.start("delivery", given, restored=False)
    for _ in range(60):
        if case.is_over:
            break
        assert case.tasks, "the case stands still"
        if chance.random() < 0.1:
            case.wait("PT36H")
            continue
        task = chance.choice(sorted(case.tasks.values(), key=lambda task: (task.element_id, str(task.locals))))
        answer = chance.choice(moves()[task.element_id])
        values = {
            name: case.seen(task, value) if isinstance(value, str) and value.startswith("=") else value
            for name, value in answer.items()
        }
        case.complete_unchecked(
            task, {**values, "acceptance": FORGED, "acceptance_sheet": "A-2026-0001", "inspection_rounds": 0}
        )
        if "release" in case.open_elements():
            acceptance = case.variables["acceptance"]
            assert acceptance["result"] == "accepted"
            assert acceptance["signed_by"] == "Sun Ting"
            assert acceptance["sheet"] == case.variables["acceptance_sheet"]
            assert {"record_answer", "take_over"} & set(case.path)
    return case


def test_no_walk_through_the_process_releases_without_an_acceptance_of_the_newest_sheet():
    walked = [walk(seed) for seed in range(25)]
    releases = [case.flows.count("release_gate_to_release") for case in walked]
    assert set(releases) <= {0, 1}
    assert sum(releases) >= 5, "the walks hardly ever come to the gate"
    assert sum("rework" in case.path for case in walked) >= 5
    assert sum("release_gate_to_record_answer" in case.flows for case in walked) >= 1


def test_values_smuggled_in_at_the_start_open_no_gate():
    plant = Plant(SCENARIOS["records"])
    values = {**SCENARIOS["start"], "acceptance": FORGED, "acceptance_sheet": "A-2026-0001"}
    _, advance = definition("delivery").start(values, now=plant.now, functions=plant.functions)
    assert {task.element_id for task in advance.tasks_opened} == {"inspect"}
    case = plant.start("delivery", SCENARIOS["start"])
    assert case.variables["acceptance"] is None


def test_an_acceptance_without_a_name_is_asked_for_again():
    case = waiting_for_the_customer()
    case.complete_unchecked(case.task("record_answer"), {"customer_answer": "accepted"})
    assert case.open_elements() == ["record_answer"]
    assert case.path[-1] == "release_gate"


def test_sections_are_inspected_in_parallel_by_the_quality_group():
    case = Plant(SCENARIOS["records"]).start("delivery", SCENARIOS["start"])
    tasks = list(case.tasks.values())
    assert [task.locals["section"]["section_key"] for task in tasks] == [
        "appearance", "function", "documents", "configuration", "joint_test",
    ]  # fmt: skip
    assert {task.candidate_groups for task in tasks} == {("quality",)}
    assert {task.due_at for task in tasks} == {START + timedelta(hours=16)}
    assert {task.priority for task in tasks} == {50}


def test_the_configuration_section_holds_the_parts_list_and_the_confirmed_details():
    case = Plant(SCENARIOS["records"]).start(
        "delivery", {**SCENARIOS["start"], "has_details": True, "colour": "RAL 5010"}
    )
    case.complete("confirm_details", {"details_confirmed_by": "Sun Ting", "details_confirmed_on": "2026-03-01"})
    section = next(s for s in case.variables["sections"] if s["section_key"] == "configuration")
    ids = [item["id"] for item in section["items"]]
    assert ids == ["BELT-4CFG-01", "BELT-4CFG-02", "BOM-MTR-075", "BOM-BLT-600", "BOM-SNS-M18", "CUSTOM-COLOUR"]
    assert section["items"][4]["text"] == "Fitted as ordered: 4 x Photo sensor M18"
    assert section["items"][-1]["text_zh"] == "颜色符合约定：RAL 5010"


def test_roller_sections_need_no_joint_test_in_the_plant():
    plant = Plant(SCENARIOS["records"])
    plant.save("order", "SO-26-0103", {**SCENARIOS["records"]["order"]["SO-26-0101"], "model": "RC-700"})
    given = {
        **SCENARIOS["start"],
        "order_number": "SO-26-0103",
        "product_family": "roller",
        "serial_numbers": "RC700-26-0001",
    }
    case = plant.start("delivery", given)
    assert [s["section_key"] for s in case.variables["sections"]] == [
        "appearance",
        "function",
        "documents",
        "configuration",
    ]


def test_a_measured_value_outside_its_limits_goes_to_rework_with_value_and_note():
    case = Plant(SCENARIOS["records"]).start("delivery", SCENARIOS["start"])
    case.complete("inspect", ANSWERS["hot_bearing"], where='=section.section_key = "joint_test"', by="chen.wei")
    case.complete("inspect", ANSWERS["good"], each=True)
    task = case.task("rework")
    assert task.candidate_groups == ("production",)
    (failed,) = task.locals["failed_items"]
    assert (failed["id"], failed["value"], failed["area_zh"]) == ("BELT-5JNT-02", 81.5, "整机联调")
    case.complete("rework", ANSWERS["rework"])
    again = case.task("inspect")
    assert [item["id"] for item in again.locals["section"]["items"]] == ["BELT-5JNT-02"]


def test_reminders_repeat_every_24_hours_and_the_sales_manager_takes_over_at_72():
    case = waiting_for_the_customer()
    sales = case.task("record_answer")
    assert sales.candidate_groups == ("sales",)
    assert sales.due_at == START + timedelta(hours=72)
    case.wait("PT23H")
    assert case.plant.outbox == []
    case.wait("PT1H")
    assert len(case.plant.outbox) == 1
    case.wait("PT47H")
    assert len(case.plant.outbox) == 2
    assert case.open_elements() == ["record_answer"]
    case.wait("PT1H")
    assert case.open_elements() == ["take_over"]
    assert case.task("take_over").candidate_groups == ("sales_managers",)
    with pytest.raises(TokenNotFound):
        case.run.complete_task(sales.id, ANSWERS["accepted"], now=case.plant.now, functions=case.plant.functions)
    sent = len(case.plant.outbox)
    case.wait("P10D")
    assert len(case.plant.outbox) == sent, "after the takeover nobody but the sales manager speaks with the customer"
    assert case.open_elements() == ["take_over"]


def test_a_reminder_speaks_the_customers_language():
    case = waiting_for_the_customer()
    case.wait("P1D")
    assert case.plant.outbox[0]["to"] == "sun.ting@hengli.example"
    assert case.plant.outbox[0]["subject"] == "验收单 A-2026-0001：敬请答复"
    english = waiting_for_the_customer(customer_code="C-0012")
    english.wait("P1D")
    assert english.plant.outbox[0]["text"].startswith("Dear Jens Petersen, your order SO-26-0101")


def test_the_customers_clock_begins_on_the_acceptance_day():
    case = inspected()
    case.complete("arrange", {**ANSWERS["arrange"], "acceptance_at": "2026-03-07T02:00"})
    assert case.open_elements() == []
    case.wait("P4D")
    assert case.open_elements() == []
    case.wait("PT25H")
    assert case.open_elements() == ["record_answer"]
    assert case.task("record_answer").due_at == START + timedelta(days=5, hours=1 + 72)
    assert case.plant.outbox == []


def test_a_new_question_starts_the_reminders_anew():
    case = waiting_for_the_customer()
    case.wait("PT20H")
    case.complete(
        "record_answer",
        {"customer_answer": "points", "signed_by": "Sun Ting", "signed_on": "2026-03-03", "points_text": "Colour?"},
    )
    case.wait("PT20H")
    assert case.plant.outbox == []
    case.complete("settle_points", {"next_step": "answered", "points_reply": "RAL 5010"})
    case.wait("PT23H")
    assert case.plant.outbox == []
    case.wait("PT1H")
    assert len(case.plant.outbox) == 1


@pytest.mark.parametrize(
    ("order", "mode"),
    [
        ({"project_class": "key", "order_value": 1}, "on_site"),
        ({"order_value": 1_000_000}, "on_site"),
        ({"order_value": 999_999}, "remote_video"),
        ({"order_value": 999_999, "attends_acceptance": True}, "on_site"),
    ],
)
def test_the_table_chooses_the_acceptance_mode(order, mode):
    plant = Plant(SCENARIOS["records"])
    plant.save("order", "SO-26-0101", {**SCENARIOS["records"]["order"]["SO-26-0101"], **order})
    case = plant.start("delivery", SCENARIOS["start"])
    case.complete("inspect", ANSWERS["good"], each=True)
    assert case.variables["acceptance_plan"]["mode"] == mode
