"""Operators, names, lists, contexts, loops: what expressions are worth."""

from collections import ChainMap
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.feel import Range, YearsMonths, compile_expression, evaluate, evaluate_with_warnings

CONTEXT: dict[str, Any] = {
    "severity": "critical",
    "amount": 120,
    "ratio": 0.1,
    "open": True,
    "nothing": None,
    "Serial Number": "CB-7",
    "a-b": 3,
    "order in hand": 4,
    "item": {"price": 7, "unit price": 2},
    "lines": [{"part": "belt", "price": 5}, {"part": "motor", "price": 7.5}],
    "plain": [3, 1, 2],
    "started": datetime(2026, 3, 4, 5, 6, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 ** 2", Decimal(19)),
        ("-2 ** 2", Decimal(4)),
        ("10 - 2 - 3", Decimal(5)),
        ("2 ** 3 ** 2", Decimal(64)),
        ("(1 + 2) * 3", Decimal(9)),
        ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
        ("0.1 + 0.2 = 0.3", True),
        ("ratio + 0.2 = 0.3", True),
        (".5 + 1e2", Decimal("100.5")),
        ('"a" + "b"', "ab"),
        ('severity = "critical" and amount > 100', True),
        ("amount between 100 and 120 and open", True),
        ("amount in [100..120)", False),
        ("amount in ]100..121[", True),
        ("amount in (1, 2, > 100)", True),
        ("amount in >= 120", True),
        ("5 in [[1..3], [4..6]]", True),
        ("not(open)", False),
        ("true or nothing", True),
        ("false and nothing", False),
        ("true and nothing", None),
        ("nothing = null", True),
        ("if open then 1 else 2", Decimal(1)),
        ("if nothing then 1 else 2", Decimal(2)),
        ("if open then 1 else 2 + 5", Decimal(1)),
        ("Serial Number", "CB-7"),
        ("Serial   Number", "CB-7"),
        ("a-b + 1", Decimal(4)),
        ("order in hand", Decimal(4)),
        ("`a-b`", Decimal(3)),
        ("item.unit price * 2", Decimal(4)),
        ("lines[1].part", "belt"),
        ("lines[-1].part", "motor"),
        ("lines[price > 6].part", ["motor"]),
        ("lines[item.price > 6].part", ["motor"]),
        ("lines.price", [Decimal(5), Decimal("7.5")]),
        ("plain[item > 1]", [Decimal(3), Decimal(2)]),
        ("amount[1]", Decimal(120)),
        ("for i in 1..3 return i * i", [Decimal(1), Decimal(4), Decimal(9)]),
        ("for i in 3..1 return i", [Decimal(3), Decimal(2), Decimal(1)]),
        ("for a in [1, 2], b in [a, 10] return a * b", [Decimal(1), Decimal(10), Decimal(4), Decimal(20)]),
        ("for i in 1..5 return if i = 1 then 1 else i * partial[-1]", [Decimal(n) for n in (1, 2, 6, 24, 120)]),
        ("some l in lines satisfies l.price > 6", True),
        ("every l in lines satisfies l.price > 6", False),
        ("{a: 1, b c: a + 1}.b c", Decimal(2)),
        ('{"a-b": 1, x: 2}', {"a-b": Decimal(1), "x": Decimal(2)}),
        ("{a+b: 1, c: a+b + 1}.c", Decimal(2)),
        ("(function(x, y) x + y)(1, 2)", Decimal(3)),
        ("{f: function(n: number) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r", Decimal(120)),
        ('substring(start position: 2, string: "abc")', "bc"),
        ('"a\\u4e2d\\n\\""', 'a中\n"'),
        ("[]", []),
        ("{}", {}),
        ("1 // one", Decimal(1)),
        ("/* one */ 1", Decimal(1)),
        ("started.year", Decimal(2026)),
        ('started + duration("P1D") > started', True),
        ("5 instance of number", True),
        ('"x" instance of number', False),
        ("[1, 2] instance of list<number>", True),
        ("{a: 1} instance of context<a: number, b: string>", False),
        ("(function(a: number) a) instance of function<number> -> number", True),
        ("[1..3] instance of range<number>", True),
        ("[1..5].start", Decimal(1)),
        ("[1..5[.end included", False),
        ("is defined(item.price)", True),
        ("is defined(item.weight)", False),
        ("is defined(elsewhere)", False),
    ],
)
def test_value(text: str, value: object) -> None:
    found = evaluate(text, CONTEXT)
    assert found == value
    assert type(found) is type(value)


def test_range_is_a_value_of_its_own() -> None:
    assert evaluate("[1..5)", {}) == Range(Decimal(1), Decimal(5), True, False)
    assert evaluate("5 in r", {"r": Range(1, 5)}) is True


def test_temporal_literals_are_python_values() -> None:
    assert evaluate('@"2024-02-29"', {}) == date(2024, 2, 29)
    assert evaluate('@"P1Y2M"', {}) == YearsMonths(14)
    assert evaluate('@"-PT36H"', {}) == timedelta(hours=-36)


def test_numbers_in_results_are_decimal_however_deep() -> None:
    found = evaluate("x", {"x": [1, {"y": 2.5}]})
    assert found == [Decimal(1), {"y": Decimal("2.5")}]
    assert type(found[0]) is Decimal
    assert type(found[1]["y"]) is Decimal


def test_context_given_is_not_changed() -> None:
    given = {"x": [1, {"y": 2.5}]}
    evaluate('context put(x[2], "y", 3)', given)
    assert given == {"x": [1, {"y": 2.5}]}
    assert type(given["x"][0]) is int


def test_context_may_be_a_chain_of_mappings() -> None:
    assert evaluate("a + b", ChainMap({"a": 1}, {"a": 5, "b": 2})) == 3


@pytest.mark.parametrize(
    "name", ["not applicable", "if needed", "a and b", "in hand", "date/time", "O'Neil", "x*", "α β", "型号 2"]
)
def test_names_of_every_form_are_read(name: str) -> None:
    assert evaluate(f"{name} + 1", {name: 1}) == 2
    assert evaluate(f"{{{name}: 2, r: {name} * 2}}.r", {}) == 4


def test_boolean_is_no_number() -> None:
    assert evaluate("x = 1", {"x": True}) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"bytes"])
def test_what_feel_has_no_value_for_reads_as_null(value: object) -> None:
    assert evaluate("x = null", {"x": value}) is True


def test_unknown_variable_is_null_and_the_nearest_name_is_told() -> None:
    found = evaluate_with_warnings("severty", CONTEXT)
    assert found.value is None
    assert [w.code for w in found.warnings] == ["unknown_variable"]
    assert 'did you mean "severity"' in found.warnings[0].message


@pytest.mark.parametrize(
    "text", ['1 + "a"', "1 / 0", 'date("2024-02-30")', "[1, 2][5]", "nothing()", "lines.weight", '1 < "a"']
)
def test_null_without_a_reason_never_happens(text: str) -> None:
    found = evaluate_with_warnings(text, CONTEXT)
    assert found.value in (None, [None, None])
    assert found.warnings


def test_free_names_are_those_read_from_outside() -> None:
    compiled = compile_expression("for x in xs return x + y[z > 1].a + {k: 1, m: k}.m + count(xs)")
    assert compiled.names == {"xs", "y"}
    assert compiled.reads == {"xs", "y", "z"}
    assert compile_expression("date = today() and count > 1").names == {"date", "count"}


def test_functions_from_outside_are_known_before_anything_runs() -> None:
    compiled = compile_expression('{f: function(a) a, g: f(1) + record("equipment", serial).price + count([])}.g')
    assert compiled.calls == {"record"}
    assert compiled.names == {"serial"}


def test_names_of_variables_do_not_change_what_an_expression_says() -> None:
    strange = {"in": 1, "and": 2, "amount > 100 or x": True, "x)": 1, "if": 3, "": 4, " ": 5, "true": False}
    assert evaluate("amount > 100 or x = 5 and x in [5]", {"amount": 1, "x": 5, **strange}) is True
    assert evaluate("amount > 100 or x", {"amount": 1, "x": False, **strange}) is False


def test_same_text_is_compiled_once() -> None:
    assert compile_expression("1 + x") is compile_expression("1 + x", ["x", "plain name"])


def test_host_functions_take_and_return_plain_values() -> None:
    def record(kind: str, key: str) -> dict[str, object]:
        return {"kind": kind, "key": key, "price": 5}

    assert evaluate('record("equipment", "CB-7").price + 1', {}, functions={"record": record}) == 6
    assert evaluate("record(1)", {}, functions={"record": record}) is None


def test_host_function_that_fails_is_null_with_its_reason() -> None:
    def failing() -> None:
        raise ValueError("no such record")

    found = evaluate_with_warnings("failing()", {}, functions={"failing": failing})
    assert found.value is None
    assert "no such record" in found.warnings[0].message
