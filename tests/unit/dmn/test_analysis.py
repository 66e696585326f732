"""Gaps, overlaps and boundaries of tables, checked against trying every case."""

import random
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from engine.dmn import Effort, Finding, analyse, load
from tests.unit.dmn.drawing import decision, definitions, table

KINDS = ["red", "blue", "green"]
ALLOWED = {"kind": '"red", "blue", "green"'}
INPUTS = ["x", "kind", "urgent"]
Rules = list[tuple[str, ...]]


def findings(inputs: list[str], rules: Rules, policy: str = "", **more: Any) -> list[Finding]:
    return analyse(load(definitions(decision("d", table(inputs, ["y"], rules, policy, **more)))))


def kinds(found: list[Finding]) -> list[str]:
    return [f.kind for f in found]


def test_both_taking_an_end_is_a_boundary() -> None:
    (found,) = findings(["x"], [("<= 50", "1"), (">= 50", "2")])
    assert (found.kind, found.rules, found.example) == ("boundary", (1, 2), {"x": "50"})


def test_neither_taking_an_end_is_a_boundary() -> None:
    (found,) = findings(["x"], [("< 50", "1"), ("> 50", "2")])
    assert (found.kind, found.rules, found.example) == ("boundary", (), {"x": "50"})


def test_gap_has_an_example() -> None:
    (found,) = findings(["x"], [("< 50", "1"), ("> 60", "2")])
    assert (found.kind, found.example) == ("gap", {"x": "50"})


def test_overlap_has_an_example_and_its_rules() -> None:
    (found,) = findings(["urgent", "x"], [("true", "-", "1"), ("-", "< 3", "2"), ("false", ">= 3", "3")])
    assert (found.kind, found.rules, found.example) == ("overlap", (1, 2), {"urgent": "true", "x": "2"})


def test_default_output_closes_gaps() -> None:
    assert findings(["x"], [("< 50", "1")], defaults={"y": "0"}) == []


def test_texts_without_allowed_values_leave_the_others_open() -> None:
    (found,) = findings(["kind"], [('"red"', "1"), ('"blue"', "2")])
    assert (found.kind, found.example) == ("gap", {"kind": '"…"'})
    assert findings(["kind"], [('"red"', "1"), ('not("red")', "2")]) == []


def test_days_have_nothing_between_them() -> None:
    assert findings(["d"], [('<= @"2024-06-30"', "1"), ('>= date("2024-07-01")', "2")]) == []


def test_rules_that_any_lets_disagree_are_told() -> None:
    rules = [("> 3", "1"), ("> 5", "2"), ("<= 3", "3")]
    assert kinds(findings(["x"], rules, "ANY")) == ["disagreement"]
    assert findings(["x"], [("> 3", "1"), ("> 5", "1"), ("<= 3", "3")], "ANY") == []


def test_rule_behind_others_under_first_is_unreachable() -> None:
    (found,) = findings(["x"], [("> 3", "1"), ("<= 5", "2"), ("4", "3"), ("-", "4")], "FIRST")[:1]
    assert (found.kind, found.rules) == ("unreachable", (3,))


def test_cell_that_no_allowed_value_passes_is_unreachable() -> None:
    found = findings(["kind"], [('"yellow"', "1"), ("-", "2")], values=ALLOWED)
    assert [(f.kind, f.rules) for f in found] == [("unreachable", (1,))]


def test_several_hits_are_meant_where_all_are_collected() -> None:
    assert findings(["x"], [("> 3", "1"), ("> 5", "2"), ("-", "3")], "COLLECT") == []


def test_cells_that_depend_on_other_variables_raise_no_alarm() -> None:
    assert findings(["x"], [("> limit", "1"), ("<= limit", "2")]) == []
    assert findings(["x"], [("> limit", "1"), ("<= limit", "2"), ('contains(?, "a")', "3")], "FIRST") == []


def test_conditions_on_the_value_itself_are_looked_into() -> None:
    assert findings(["x"], [("? > 3 and ? < 5", "1"), ("? <= 3 or ? >= 5", "2")]) == []
    assert kinds(findings(["x"], [("? between 3 and 5", "1"), ("? < 3 or ? >= 5", "2")])) == ["boundary"]


def test_too_large_a_table_says_so() -> None:
    assert kinds(findings(["x"], [(str(n), "1") for n in range(2001)])) == ["not_analysed"]


def interval(low: int | None, high: int | None, *, closed: str) -> str:
    if low is None and high is None:
        return "-"
    if low is None:
        return f"{'<=' if closed[1] == ']' else '<'} {high}"
    if high is None:
        return f"{'>=' if closed[0] == '[' else '>'} {low}"
    return f"{closed[0]}{low}..{high}{closed[1]}"


def sound_rules(dice: random.Random, cells: tuple[str, ...] = (), depth: int = 0) -> Iterator[tuple[str, ...]]:
    """Yield rules that divide every case among them: a random tree over the columns."""
    if depth == len(INPUTS):
        yield (*cells, str(dice.randint(1, 5)))
        return
    if dice.random() < 0.3:
        yield from sound_rules(dice, (*cells, "-"), depth + 1)
        return
    name = INPUTS[depth]
    if name == "x":
        cuts: list[int | None] = [None, *sorted(dice.sample(range(-5, 100), dice.randint(1, 3))), None]
        sides = [dice.choice("[(") for _ in cuts]
        options = []
        for n in range(len(cuts) - 1):
            closing = ")" if sides[n + 1] == "[" else "]"
            options.append(interval(cuts[n], cuts[n + 1], closed=sides[n] + closing))
    elif name == "kind":
        one = dice.choice(KINDS)
        rest = ", ".join(f'"{k}"' for k in KINDS if k != one)
        options = [f'"{one}"', dice.choice([rest, f'not("{one}")'])]
    else:
        options = ["true", dice.choice(["false", "not(true)"])]
    for option in options:
        yield from sound_rules(dice, (*cells, option), depth + 1)


def spoiled(dice: random.Random, rules: Rules) -> Rules:
    """Return the rules with one removed, widened, or moved by one."""
    rules = list(rules)
    number = dice.randrange(len(rules))
    match dice.randrange(3):
        case 0:
            del rules[number]
        case 1:
            column = dice.randrange(len(INPUTS))
            rules[number] = (*rules[number][:column], "-", *rules[number][column + 1 :])
        case _:
            swap = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
            for n, rule in enumerate(rules):
                sign, _, limit = rule[0].partition(" ")
                if sign in swap:
                    rules[n] = (f"{swap[sign]} {limit}", *rule[1:])
                    break
    return rules or [("-", "-", "-", "1")]


def hits(rules: Rules) -> Iterator[tuple[int, ...]]:
    """Yield which rules hold, for every case that can make a difference."""
    model = load(definitions(decision("d", table(INPUTS, ["y"], rules, "COLLECT", values=ALLOWED))))
    numbers = sorted({int(p) for r in rules for p in _numbers(r[0])})
    cases = sorted({v for n in numbers for v in (n - 0.5, n, n + 0.5)} or {0})
    for x, kind, urgent in product(cases, KINDS, (True, False)):
        outcome = model.explain("d", {"x": x, "kind": kind, "urgent": urgent})
        yield tuple(m.rule for m in outcome.matched)


def _numbers(cell: str) -> list[str]:
    return [t for t in cell.replace("..", " ").translate(str.maketrans("[]()<>=", "       ")).split() if t != "-"]


@pytest.mark.parametrize("seed", range(10))
def test_sound_tables_raise_no_alarm(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(50):
        rules = list(sound_rules(dice))
        assert findings(INPUTS, rules, values=ALLOWED) == [], rules


@pytest.mark.parametrize("seed", range(10))
def test_every_planted_fault_is_found_and_no_other_told(seed: int) -> None:
    dice = random.Random(1000 + seed)
    for _ in range(50):
        rules = spoiled(dice, list(sound_rules(dice)))
        found = findings(INPUTS, rules, values=ALLOWED)
        tried = list(hits(rules))
        pairs = {(a, b) for h in tried for a in h for b in h if a < b}
        told = [f for f in found if f.kind in ("gap", "overlap", "boundary")]
        assert any(not f.rules for f in told) is any(not h for h in tried), rules
        assert {f.rules for f in told if f.rules} == pairs or len(found) == 50, rules
        for finding in told:
            assert example_is_right(rules, finding), (rules, finding)


def example_is_right(rules: Rules, finding: Finding) -> bool:
    from engine.feel import evaluate

    model = load(definitions(decision("d", table(INPUTS, ["y"], rules, "COLLECT", values=ALLOWED))))
    context = {k: None if v == "any value" else evaluate(v, {}) for k, v in finding.example.items()}
    matched = {m.rule for m in model.explain("d", context).matched}
    return set(finding.rules) <= matched if finding.rules else not matched


def test_hard_tables_take_no_more_than_the_effort_and_leave_some_to_the_others() -> None:
    hard = table(["x"], ["y"], [(f"[{n}..{n + 1})", "1") for n in range(2000)])
    easy = table(["x"], ["y"], [("< 5", "1")])
    effort = Effort()
    content = [decision(f"hard {n}", hard) for n in range(3)] + [decision("easy", easy)]
    found = analyse(load(definitions(*content)), effort)
    assert [(f.decision, f.kind) for f in found] == [
        ("hard_0", "not_analysed"),
        ("hard_1", "not_analysed"),
        ("hard_2", "not_analysed"),
        ("easy", "gap"),
    ]
    assert effort.total > 0
    assert kinds(analyse(load(definitions(decision("easy", easy))), Effort(total=0))) == ["not_analysed"]


def test_large_table_of_plain_values_is_analysed() -> None:
    rules = [(str(n), "1") for n in range(1999)] + [("5", "2")]
    (gap, overlap) = findings(["x"], rules)
    assert (gap.kind, overlap.kind, overlap.rules) == ("gap", "overlap", (6, 2000))
