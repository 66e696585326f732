"""After-sales: levels, warnings and escalation come from the tables and on time; the owner stays; nothing is doubled or lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.bpmn import TokenNotFound
from tests.processes.plant import START, Plant, PlayedCase, scenario_files, tables

SCENARIOS = scenario_files()["after_sales"]
ANSWERS = SCENARIOS["answers"]


def reported(**given) -> PlayedCase:
    return Plant(SCENARIOS["records"]).start("after_sales", {**SCENARIOS["start"], **given})


def registered(**answers) -> PlayedCase:
    case = reported()
    case.complete("register", {**ANSWERS["register"], **answers})
    return case


def repaired(case: PlayedCase) -> PlayedCase:
    """Bring a case from its first contact to the wait before the revisit, by remote guidance."""
    case.complete("first_contact", ANSWERS["contact"], by="wang.jun")
    case.complete("diagnose", ANSWERS["remote"], by="wang.jun")
    case.complete("guide_remotely", {"guidance_steps": "Screw tightened", "guidance_helped": "yes"}, by="wang.jun")
    case.complete("repair", ANSWERS["log"], by="wang.jun")
    case.complete("check_quality", ANSWERS["good_check"])
    case.complete("confirm_repair", ANSWERS["confirmed"])
    return case


def test_the_intake_finds_the_machines_file():
    machine = reported().variables["machine"]
    assert machine["model"] == "BC-600"
    assert machine["in_warranty"] is True
    old = reported(serial_number="RC700-21-0044").variables["machine"]
    assert old["in_warranty"] is False
    assert old["service_history"] == "2023-04-02 | severity 3 | bearing changed"


STOPPED = {"impact": "stopped", "symptom": "stops", "mistracking": None}


@pytest.mark.parametrize(
    ("answers", "severity", "respond", "fix"),
    [
        ({"impact": "none", "safety_risk": True}, 1, 4, 24),
        (STOPPED, 1, 4, 24),
        ({**STOPPED, "backup_available": True}, 2, 8, 48),
        ({"impact": "reduced"}, 2, 8, 48),
        ({"impact": "none", "machines_affected": 3}, 2, 8, 48),
        ({"impact": "none"}, 3, 24, 72),
    ],
)
def test_severity_and_hours_come_from_the_tables(answers, severity, respond, fix):
    given = {name: value for name, value in {**ANSWERS["register"], **answers}.items() if value is not None}
    case = reported()
    case.complete("register", given)
    assert case.variables["severity"] == severity
    task = case.task("first_contact")
    assert task.due_at == START + timedelta(hours=respond)
    case.complete("first_contact", ANSWERS["contact"])
    assert case.task("diagnose").due_at == START + timedelta(hours=fix)


@pytest.mark.parametrize(
    ("answers", "respond"), [({"impact": "reduced"}, 8), ({"impact": "none"}, 24), ({"safety_risk": True}, 4)]
)
def test_the_team_is_warned_at_75_percent_and_the_manager_called_at_the_deadline(answers, respond):
    case = registered(**answers)
    engineer = case.task("first_contact")
    case.wait(f"PT{respond * 45 - 1}M")
    assert case.plant.outbox == []
    case.wait("PT1M")
    assert [message["to"] for message in case.plant.outbox] == ["engineers"]
    assert case.open_elements() == ["first_contact"]
    case.wait(f"PT{respond * 15 - 1}M")
    assert case.open_elements() == ["first_contact"]
    case.wait("PT1M")
    assert case.open_elements() == ["late_contact"]
    assert case.task("late_contact").candidate_groups == ("service_managers",)
    with pytest.raises(TokenNotFound):
        case.run.complete_task(engineer.id, ANSWERS["contact"], now=case.plant.now, functions=case.plant.functions)


def test_a_contact_in_time_disarms_warning_and_escalation():
    case = registered()
    case.wait("PT1H")
    case.complete("first_contact", ANSWERS["contact"])
    assert case.timers == {}
    case.wait("P3D")
    assert case.plant.outbox == []
    assert case.open_elements() == ["diagnose"]


def test_who_makes_the_first_contact_owns_the_case():
    case = registered()
    assert case.task("first_contact").assignee is None
    case.complete("first_contact", ANSWERS["contact"], by="wang.jun")
    assert case.task("diagnose").assignee == "wang.jun"
    case.complete("diagnose", ANSWERS["remote"], by="zhang.hua")
    assert case.task("guide_remotely").assignee == "wang.jun"


@pytest.mark.parametrize(
    ("values", "group", "skill"),
    [
        ({"reopened": 1, "severity": 3, "symptom": "wear", "product_family": "lift"}, "technical", "controls"),
        ({"reopened": 0, "severity": 1, "symptom": "control", "product_family": "lift"}, "engineers", "lifting"),
        ({"reopened": 0, "severity": 1, "symptom": "control", "product_family": "belt"}, "technical", "controls"),
        ({"reopened": 0, "severity": 2, "symptom": "control", "product_family": "belt"}, "engineers", "controls"),
        ({"reopened": 0, "severity": 2, "symptom": "no_start", "product_family": None}, "engineers", "electrical"),
        ({"reopened": 0, "severity": 3, "symptom": "other", "product_family": "chain"}, "engineers", "mechanical"),
    ],
)
def test_dispatch_chooses_group_and_skill(values, group, skill):
    found = tables()["dispatch"].evaluate("dispatch", values)
    assert (found["group"], found["skill"]) == (group, skill)


@pytest.mark.parametrize(
    ("way", "human_damage", "in_warranty", "contract", "payer"),
    [
        ("remote", True, False, "none", "plant"),
        ("on_site", False, True, "none", "plant"),
        ("on_site", True, True, "full", "customer"),
        ("return_to_factory", False, False, "full", "plant"),
        ("return_to_factory", False, False, "basic", "customer"),
        ("on_site", False, False, "none", "customer"),
    ],
)
def test_warranty_says_who_pays(way, human_damage, in_warranty, contract, payer):
    values = {"way": way, "human_damage": human_damage, "in_warranty": in_warranty, "service_contract": contract}
    assert tables()["warranty"].evaluate("warranty", values)["payer"] == payer


def test_a_called_consultation_hands_back_only_its_result():
    case = registered()
    case.complete("first_contact", ANSWERS["contact"])
    case.complete(
        "diagnose",
        {"findings": "Drive trips", "cause": "unknown", "way": "consultation", "consultation_question": "Why?"},
    )
    assert case.task("call_in_experts").candidate_groups == ("technical",)
    case.complete("call_in_experts", {"experts": ["research"], "meeting_at": "2026-03-03T02:00"})
    case.complete(
        "hold_consultation", {"agreed_cause": "Ramp", "agreed_solution": "Set 14", "advised_way": "remote"}, by="xu.tao"
    )
    assert case.open_elements() == ["diagnose"]
    assert case.variables["consultation"]["by"] == "xu.tao"
    assert not {"invitation", "agreed_cause", "experts"} & case.variables.keys()


def test_the_revisit_comes_24_hours_after_the_confirmation():
    case = repaired(registered())
    assert case.open_elements() == []
    case.wait("PT23H")
    assert case.open_elements() == []
    case.wait("PT1H")
    task = case.task("ask_satisfaction")
    assert task.candidate_groups == ("quality",)
    assert task.due_at == case.plant.now + timedelta(hours=24)


def test_a_dissatisfied_customer_reopens_the_case_one_step_worse_with_new_clocks():
    case = repaired(registered())
    case.wait("P1D")
    reopened_at = case.plant.now
    case.complete("ask_satisfaction", ANSWERS["unhappy"])
    assert case.open_elements() == ["first_contact"]
    task = case.task("first_contact")
    assert (case.variables["reopened"], case.variables["severity"]) == (1, 1)
    assert task.candidate_groups == ("technical",)
    assert task.due_at == reopened_at + timedelta(hours=4)
    (message,) = case.plant.outbox
    assert message["to"] == "service_managers"
    assert message["text"].endswith("It runs off again")


def test_a_case_is_reopened_at_most_twice():
    case = registered()
    for _ in range(2):
        repaired(case).wait("P1D")
        case.complete("ask_satisfaction", ANSWERS["unhappy"])
    repaired(case).wait("P1D")
    case.complete("ask_satisfaction", ANSWERS["unhappy"])
    assert case.open_elements() == ["decide_closing"]
    assert case.variables["reopened"] == 2
    assert case.task("decide_closing").candidate_groups == ("service_managers",)


def test_nothing_is_repaired_at_the_customers_cost_before_the_approval():
    case = reported(serial_number="RC700-21-0044")
    case.complete("register", {"impact": "none", "symptom": "wear", "fault_since": "weeks"})
    case.complete("first_contact", ANSWERS["contact"])
    case.complete("diagnose", ANSWERS["on_site"])
    assert case.open_elements() == ["quote"]
    case.complete("quote", ANSWERS["quotation"])
    assert case.open_elements() == ["approve_quotation"]
    case.complete_unchecked(case.task("approve_quotation"), {})
    assert case.is_over
    assert "book_visit" not in case.path


@pytest.mark.parametrize("element", ["confirm_repair", "check_quality"])
def test_an_empty_answer_never_moves_a_case_forward(element):
    case = registered()
    case.complete("first_contact", ANSWERS["contact"])
    case.complete("diagnose", ANSWERS["remote"])
    case.complete("guide_remotely", {"guidance_steps": "Screw tightened", "guidance_helped": "yes"})
    case.complete("repair", ANSWERS["log"])
    if element == "confirm_repair":
        case.complete("check_quality", ANSWERS["good_check"])
    case.complete_unchecked(case.task(element), {})
    assert case.open_elements() == ["diagnose" if element == "confirm_repair" else "repair"]


def test_the_archive_adds_a_line_to_the_machines_history():
    case = repaired(reported_and_registered_for("RC700-21-0044"))
    case.wait("P1D")
    case.complete("ask_satisfaction", ANSWERS["happy"])
    assert case.is_over
    history = case.plant.records["equipment"]["RC700-21-0044"]["service_history"].split("\n")
    assert history == [
        "2023-04-02 | severity 3 | bearing changed",
        "2026-03-03 | severity 2 | Belt runs off to the left | setting | remote | satisfied | reopened 0",
    ]


def reported_and_registered_for(serial_number: str) -> PlayedCase:
    case = reported(serial_number=serial_number)
    case.complete("register", {"impact": "reduced", "symptom": "wear", "fault_since": "days"})
    return case
