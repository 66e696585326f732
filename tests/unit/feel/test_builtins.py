"""The built-in functions, by example; the test kit of DMN goes through them at length."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from engine.feel import YearsMonths, compile_expression, evaluate, evaluate_with_warnings
from engine.feel.registry import BUILTINS

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def d(*numbers: object) -> list[Decimal]:
    return [Decimal(str(n)) for n in numbers]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # numbers
        ("decimal(1/3, 2)", Decimal("0.33")),
        ("floor(-1.5)", Decimal(-2)),
        ("ceiling(1.23, 1)", Decimal("1.3")),
        ("round up(-5.5, 0)", Decimal(-6)),
        ("round down(5.5, 0)", Decimal(5)),
        ("round half up(5.5, 0)", Decimal(6)),
        ("round half down(5.5, 0)", Decimal(5)),
        ("abs(-1)", Decimal(1)),
        ("modulo(-12, 5)", Decimal(3)),
        ("modulo(10.1, 4.5)", Decimal("1.1")),
        ("sqrt(16)", Decimal(4)),
        ("exp(0)", Decimal(1)),
        ("log(1)", Decimal(0)),
        ("odd(3)", True),
        ("even(3)", False),
        # texts
        ('substring("foobar", -2, 1)', "a"),
        ('string length("\\U01F40E")', Decimal(1)),
        ('upper case("aBc")', "ABC"),
        ('substring before("foobar", "bar")', "foo"),
        ('substring after("foobar", "x")', ""),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('matches("foobar", "^fo*b")', True),
        ('split("a;b;;", ";")', ["a", "b", "", ""]),
        ('string join(["a", null, "b"], "-")', "a-b"),
        ('string join(["a", "b"], "-", "<", ">")', "<a-b>"),
        ('extract("references are 1234, 1256", "12[0-9]*")', ["1234", "1256"]),
        ('trim("  x ")', "x"),
        ('is blank(" ")', True),
        ('to base64("出厂")', "5Ye65Y6C"),
        ('from json("{\\"a\\": [1, 2.5, null]}")', {"a": [Decimal(1), Decimal("2.5"), None]}),
        ('to json({a: [1, 2.5], d: @"2024-01-01"})', '{"a": [1, 2.5], "d": "2024-01-01"}'),
        # lists
        ("list contains([1, null], null)", True),
        ("count([])", Decimal(0)),
        ("min(3, 1, 2)", Decimal(1)),
        ('max(["a", "c"])', "c"),
        ("sum(0.1, 0.2)", Decimal("0.3")),
        ("mean([1, 2, 3])", Decimal(2)),
        ("median([8, 2, 5, 3, 4])", Decimal(4)),
        ("stddev([2, 4, 7, 5])", Decimal("2.081665999466132735282297706979931")),
        ("mode([6, 1, 9, 6, 1])", d(1, 6)),
        ("product([2, 3, 4])", Decimal(24)),
        ("all([true, false])", False),
        ("any([])", False),
        ("sublist([4, 5, 6], 1, 2)", d(4, 5)),
        ("append([1], 2, 3)", d(1, 2, 3)),
        ("concatenate([1, 2], [3])", d(1, 2, 3)),
        ("insert before([1, 3], 1, 2)", d(2, 1, 3)),
        ("insert before(list: [1, 3], position: 1, newItem: 2)", d(2, 1, 3)),
        ("remove([1, 2, 3], 2)", d(1, 3)),
        ("reverse([1, 2, 3])", d(3, 2, 1)),
        ("index of([1, 2, 3, 2], 2)", d(2, 4)),
        ("union([1, 2], [2, 3])", d(1, 2, 3)),
        ("distinct values([1, 2, 1, {a: 1}, {a: 1}])", [*d(1, 2), {"a": Decimal(1)}]),
        ("duplicate values([1, 2, 1])", d(1)),
        ("flatten([[1, 2], [[3]], 4])", d(1, 2, 3, 4)),
        ("sort([3, 1, 2], function(a, b) a > b)", d(3, 2, 1)),
        ("sort([3, 1, 2])", d(1, 2, 3)),
        ("list replace([2, 4, 7, 8], 3, 6)", d(2, 4, 6, 8)),
        ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", d(5, 5, 7, 8)),
        ("partition([1, 2, 3], 2)", [d(1, 2), d(3)]),
        ("is empty([])", True),
        # contexts
        ('get value({a: 1}, "a")', Decimal(1)),
        ('get value({a: {b: 1}}, ["a", "b"])', Decimal(1)),
        ("get entries({a: 1})", [{"key": "a", "value": Decimal(1)}]),
        ('context([{key: "a", value: 1}])', {"a": Decimal(1)}),
        ('context put({a: 1}, "b", 2)', {"a": Decimal(1), "b": Decimal(2)}),
        ('context put({a: {b: 1}}, ["a", "c"], 2)', {"a": {"b": Decimal(1), "c": Decimal(2)}}),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": Decimal(2), "b": Decimal(3)}),
        ("context merge({a: 1}, {b: 3})", {"a": Decimal(1), "b": Decimal(3)}),
        ("get or else(null, 1)", Decimal(1)),
        # conversion
        ('number("1 000,5", " ", ",")', Decimal("1000.5")),
        ("string(1.50)", "1.5"),
        ('string([1, "a", {b: null}])', '[1, "a", {b: null}]'),
        ('string(duration("P1DT2H"))', "P1DT2H"),
        # temporal
        ("now()", NOW),
        ("today()", date(2026, 3, 4)),
        ("date(2012, 12, 25)", date(2012, 12, 25)),
        ('date and time("2012-12-24T23:59:00Z").hour', Decimal(23)),
        ('date and time(date("2012-12-24"), time("23:59:00"))', datetime(2012, 12, 24, 23, 59)),  # noqa: DTZ001
        ('date and time(@"2012-12-24T12:00:00Z", "Asia/Shanghai").hour', Decimal(20)),
        ('time("10:00:00+08:00")', time(10, tzinfo=timezone(timedelta(hours=8)))),
        ('time(10, 0, 0, duration("PT8H"))', time(10, tzinfo=timezone(timedelta(hours=8)))),
        ('duration("P1DT2H")', timedelta(days=1, hours=2)),
        ('duration("P1Y2M")', YearsMonths(14)),
        ('years and months duration(date("2011-12-22"), date("2013-08-24"))', YearsMonths(20)),
        ('date("2024-01-31") + duration("P1M")', date(2024, 2, 29)),
        ('date("2024-03-31") - date("2024-03-01")', timedelta(days=30)),
        ('time("23:00:00") + duration("PT2H")', time(1)),
        ('duration("P1D") / duration("PT6H")', Decimal(4)),
        ('duration("P1Y") * 1.5', YearsMonths(18)),
        ('day of week(date("2019-09-17"))', "Tuesday"),
        ('day of year(date("2019-09-17"))', Decimal(260)),
        ('week of year(date("2003-12-29"))', Decimal(1)),
        ('month of year(date("2019-09-17"))', "September"),
        ('last day of month(date("2024-02-01"))', date(2024, 2, 29)),
        ('is(@"10:00:00", @"10:00:00Z")', False),
        # ranges
        ('3 in range("[1..5)")', True),
        ('5 in range("(..5)")', False),
        ('@"2024-05-05" in range("[@\\"2024-01-01\\"..date(\\"2024-12-31\\")]")', True),
        ('abs(@"-PT5H")', timedelta(hours=5)),
        ("context merge(contexts: [{a: 1}, {b: 2}])", {"a": Decimal(1), "b": Decimal(2)}),
        ("before([1..5), [5..9])", True),
        ("after(6, [1..5])", True),
        ("meets([1..5], [5..9])", True),
        ("met by([5..9], [1..5])", True),
        ("overlaps([1..5], [3..9])", True),
        ("overlaps before([1..5], [3..9])", True),
        ("overlaps after([3..9], [1..5])", True),
        ("finishes(5, [1..5])", True),
        ("finished by([1..5], (3..5])", True),
        ("includes([1..5], 3)", True),
        ("during(range: [1..5], point: 3)", True),
        ("starts(1, [1..5])", True),
        ("started by([1..5], [1..3])", True),
        ("coincides([1..5], [1..5])", True),
    ],
)
def test_example(text: str, value: object) -> None:
    found = evaluate(text, {}, now=NOW)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "sqrt(-1)", 'from json("{")', 'from json("[NaN]")', 'range("")', 'range("[..]")', 'range("[5..1]")', 'range("[a..b]")', "log(0)", "modulo(1, 0)", "sum([])", "min([])", "mean([])", 'number("x")', 'date("2024-13-01")',
        "sublist([1], 5)", "remove([1], 0)", 'substring("a", 0)', 'matches("a", "[")', 'matches("a", "a", "z")',
        'context([{key: "a"}])', "partition([1], 0)", 'duration("P")', 'time("24:00:01")', "string join([1])",
        'sort([1, "a"])', "count()", "date(2024, 2, 30)", "stddev([1])", 'replace("a", "x?", "y")', "append()",
        'upper case(1)', "years and months duration(1, 2)", 'before(1, "a")', "now(1)",
    ],
)  # fmt: skip
def test_impossible_call_is_null_with_a_reason(text: str) -> None:
    found = evaluate_with_warnings(text, {}, now=NOW)
    assert found.value is None
    assert found.warnings


def test_a_call_without_an_instant_takes_its_own() -> None:
    before = datetime.now(UTC)
    assert before <= evaluate("now()") <= datetime.now(UTC)
    assert before <= compile_expression("now()")({}) <= datetime.now(UTC)
    assert evaluate("now() = now() and date(now()) = today()") is True


def test_random_values_are_values() -> None:
    assert 0 <= evaluate("random number()", {}) < 1
    assert len(evaluate("uuid()", {})) == 36


def test_zone_by_name_follows_summer_time() -> None:
    text = 'date and time("2024-03-30T12:00:00@Europe/Paris") + duration("PT24H")'
    assert evaluate(f"string({text})", {}) == "2024-03-31T13:00:00@Europe/Paris"


def test_warning_names_the_parameters_that_fit() -> None:
    found = evaluate_with_warnings("sublist(1)", {})
    assert "(list, start position, length?)" in found.warnings[0].message


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_every_function_can_be_passed_as_a_value(name: str) -> None:
    found = evaluate(f"{{f: {name}}}.f", {})
    assert found.name == name
