"""Decision tables: hit policies, defaults, allowed values, what is told about the rules that matched."""

import time
from decimal import Decimal
from typing import Any

import pytest

from engine.dmn import DmnError, Outcome, load
from tests.unit.dmn.drawing import decision, definitions, table


def outcome(logic: str, context: dict[str, Any], *, strict: bool = False) -> Outcome:
    return load(definitions(decision("d", logic))).explain("d", context, strict=strict)


SEVERITY = table(
    ["machine stopped", "days"],
    ["severity"],
    [("true", "-", "1"), ("false", "< 3", "2"), ("false", ">= 3", "3")],
)


def test_unique_is_the_policy_where_none_is_written() -> None:
    assert outcome(SEVERITY, {"machine stopped": False, "days": 4}).value == 3


def test_matched_rules_are_told_with_their_inputs() -> None:
    found = outcome(SEVERITY, {"machine stopped": True, "days": 4})
    assert [(m.decision, m.rule, m.rule_id, m.inputs) for m in found.matched] == [
        ("d", 1, "r1", {"machine stopped": True, "days": Decimal(4)})
    ]


def test_no_matching_rule_is_null_with_a_warning() -> None:
    found = outcome(SEVERITY, {"machine stopped": False, "days": None})
    assert found.value is None
    assert "no_match" in [w.code for w in found.warnings]


OVERLAP = [("> 5", '"a"'), ("> 8", '"b"')]


def test_two_rules_under_unique_are_null_and_a_conflict() -> None:
    found = outcome(table(["x"], ["y"], OVERLAP), {"x": 9})
    assert found.value is None
    assert found.conflicts[0].message == "rules 1 and 2 hold together, but the hit policy is UNIQUE"


def test_strict_evaluation_raises_on_a_conflict() -> None:
    with pytest.raises(DmnError, match="rules 1 and 2") as caught:
        outcome(table(["x"], ["y"], OVERLAP), {"x": 9}, strict=True)
    assert caught.value.code == "dmn.hit_policy"


@pytest.mark.parametrize(
    ("policy", "value"),
    [
        ("FIRST", "low"),
        ("PRIORITY", "high"),
        ("COLLECT", ["low", "high", "mid"]),
        ("RULE ORDER", ["low", "high", "mid"]),
        ("OUTPUT ORDER", ["high", "mid", "low"]),
        ("F", "low"),
    ],
)
def test_hit_policy(policy: str, value: object) -> None:
    logic = table(
        ["x"],
        ["y"],
        [("> 0", '"low"'), ("> 1", '"high"'), ("> 2", '"mid"')],
        policy,
        values={"y": '"high", "mid", "low"'},
    )
    assert outcome(logic, {"x": 3}).value == value


def test_any_takes_rules_that_agree() -> None:
    rules = [("> 5", '"a"'), ("> 8", '"a"')]
    assert outcome(table(["x"], ["y"], rules, "ANY"), {"x": 9}).value == "a"
    found = outcome(table(["x"], ["y"], OVERLAP, "ANY"), {"x": 9})
    assert found.value is None
    assert found.conflicts


@pytest.mark.parametrize(("aggregation", "value"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)])
def test_collected_values_are_aggregated(aggregation: str, value: int) -> None:
    logic = table(["x"], ["y"], [("> 0", "10"), ("> 1", "20"), ("> 2", "30")], "COLLECT", aggregation)
    assert outcome(logic, {"x": 3}).value == value


def test_several_outputs_are_a_context() -> None:
    logic = table(["x"], ["hours", "who"], [("1", "4", '"desk"'), ("2", "8", '"plant"')])
    assert outcome(logic, {"x": 2}).value == {"hours": Decimal(8), "who": "plant"}


def test_default_output_stands_where_no_rule_matches() -> None:
    assert outcome(table(["x"], ["y"], [("1", '"a"')], defaults={"y": '"z"'}), {"x": 2}).value == "z"


def test_value_that_is_not_allowed_is_null_with_a_warning() -> None:
    found = outcome(table(["x"], ["y"], [("-", '"a"')], values={"x": '"red", "blue"'}), {"x": "green"})
    assert found.value is None
    assert "not_allowed" in [w.code for w in found.warnings]


def test_cells_read_other_variables_and_outputs_compute() -> None:
    logic = table(["amount"], ["y"], [("> limit", "amount - limit"), ("<= limit", "0")])
    assert outcome(logic, {"amount": 12, "limit": 10}).value == 2


def test_empty_cells_are_any_input_and_no_output() -> None:
    assert outcome(table(["x"], ["y"], [("", "")]), {"x": 2}).value is None
    assert outcome(table(["x"], ["y"], [("", "")]), {"x": 2}).matched


def test_unreadable_cells_are_all_told_with_their_lines() -> None:
    model = load(definitions(decision("d", "\n" + table(["x ="], ["y"], [("== 1", "1 +"), ("> ", "'a'")], "LAST"))))
    problems = model.problems()
    assert [p.rule for p in problems].count("dmn.feel") == 5
    assert [p.rule for p in problems].count("dmn.hit_policy") == 1
    assert {p.line for p in problems} == {2}


def test_rule_with_an_unreadable_cell_never_matches() -> None:
    assert outcome(table(["x"], ["y"], [("== 1", "1"), ("1", "2")]), {"x": 1}).value == 2


def test_rule_without_a_cell_for_each_column_is_told() -> None:
    model = load(definitions(decision("d", table(["a", "b"], ["y"], [("1", "2")]))))
    assert any("one cell for each column" in p.message for p in model.problems())


@pytest.mark.parametrize(
    ("logic", "fault"),
    [
        (table(["x"], [], [("1",)]), "no output"),
        (table(["x"], ["y", "y"], [("1", "2", "3")]), "a name each"),
        (table(["x"], ["y", "z"], [("1", "2", "3")], "COLLECT", "SUM"), "cannot be aggregated"),
        (table(["x"], ["y"], [("1", "2")], "PRIORITY"), "order of priority"),
        (table([""], ["y"], [("1", "2")]), "input 1 has no expression"),
    ],
)
def test_table_that_cannot_be_decided_is_told(logic: str, fault: str) -> None:
    (problem,) = load(definitions(decision("d", logic))).problems()
    assert fault in problem.message


def test_new_table_of_the_modeler_is_no_fault() -> None:
    model = load(definitions(decision("d", table([""], ["y"], [("", "1")]))))
    assert model.problems() == []
    assert model.evaluate("d") == 1


def large(rows: int) -> str:
    rules = [(f'"family {n % 100}"', f'"part {n // 100}"', ">= 0", f'"tool {n}"') for n in range(rows)]
    return table(["family", "part", "count"], ["tool"], rules)


def test_ten_thousand_rows_are_decided_through_the_index() -> None:
    model = load(definitions(decision("d", large(10_000))))
    context = {"family": "family 42", "part": "part 77", "count": 1}
    assert model.evaluate("d", context) == "tool 7742"
    started = time.process_time()
    for _ in range(100):
        model.evaluate("d", context)
    assert (time.process_time() - started) / 100 < 0.005


def test_index_sees_numbers_however_they_are_written() -> None:
    logic = table(
        ["x"], ["y"], [("1.0", '"one"'), ("2, 3", '"more"'), ("not(1, 2, 3)", '"other"'), ("null", '"none"')], "COLLECT"
    )
    assert outcome(logic, {"x": 1}).value == ["one"]
    assert outcome(logic, {"x": 3.0}).value == ["more"]
    assert outcome(logic, {"x": 9}).value == ["other"]
    assert "none" in outcome(logic, {"x": None}).value


def test_column_that_asks_for_true_takes_no_number() -> None:
    assert outcome(table(["x"], ["y"], [("true", "1"), ("1", "2")]), {"x": 1}).value == 2
