"""Nothing that a user writes hangs, fills the memory or reaches Python."""

import contextlib
import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import (
    LIMITS,
    FeelError,
    FeelLimitExceeded,
    compile_expression,
    compile_unary_tests,
    evaluate,
    kind_of,
)

GREEDY = [
    "for a in 1..100000, b in 1..100000 return a",
    "for i in 1..1000000000 return i",
    "count(for i in 1..100000000 return 1)",
    "some i in 1..1000000000000 satisfies false",
    "{f: function(f, n) f(f, n), r: f(f, 1)}.r",
    "(function(f) f(f))(function(f) f(f))",
    "{f: function(f, n) [f(f, n + 1), f(f, n + 1)], r: f(f, 1)}.r",
    'for i in 1..60 return if i = 1 then "ab" else partial[-1] + partial[-1]',
    "for i in 1..60 return if i = 1 then [1, 1] else concatenate(partial[-1], partial[-1])",
    "flatten(for i in 1..60 return if i = 1 then [1, 1] else concatenate(partial[-1], partial[-1]))",
    'string(for i in 1..60 return if i = 1 then "ab" else [partial[-1], partial[-1]])',
    "sort(for i in 1..50000 return i, function(a, b) (every x in 1..1000 satisfies x > 0) and a > b)",
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a|aa)+$")',
    'replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a|aa)+$", "x")',
    'split("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a|aa)+$")',
    "[" * 1000 + "]" * 1000,
    "(" * 1000 + "1" + ")" * 1000,
    "-" * 1000 + "1",
    "if true then " * 1000 + "1" + " else 1" * 1000,
    "a" + ".a" * 1000,
    "1" + " " * LIMITS.text_length,
    "for a in 1..1000 return " * 40 + "1",
    "[1..5]" + "[1]" * 1000,
    "function(a) " * 1000 + "a",
    "union(for i in 1..3000 return [i], for i in 1..3000 return {a: i})",
    "distinct values(for i in 1..5000 return {a: i})",
    "duplicate values(for i in 1..5000 return i)",
]


@pytest.mark.parametrize("text", GREEDY, ids=lambda t: t[:40])
def test_greedy_expression_meets_a_bound_instead_of_hanging(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(FeelLimitExceeded):
        evaluate(text, {"a": {"a": 1}})
    assert time.monotonic() - started < LIMITS.seconds + 10


def test_long_sums_and_conditions_are_not_nested() -> None:
    assert evaluate(" + ".join(["1"] * 5000), {}) == 5000
    assert evaluate(" and ".join(["true"] * 3000), {}) is True


@pytest.mark.parametrize(
    "text", ["10 ** 6145", "10 ** 100000000", "9e6144 * 10", "2 ** 0.5 ** 1000000000", "exp(1000000)"]
)
def test_numbers_stay_within_decimal128(text: str) -> None:
    found = evaluate(text, {})
    assert found is None or abs(found) < 10**6145


PAYLOADS = [
    "__import__('os').system('id')",
    '__import__("os").system("id")',
    "().__class__.__bases__[0].__subclasses__()",
    '"".__class__.__mro__[1].__subclasses__()',
    "x.__class__",
    "x.__init__.__globals__",
    "f.__globals__",
    "f.__code__",
    "f.func_globals",
    "abs.__self__",
    "abs.call",
    "count.overloads",
    "now.__wrapped__",
    '"{0.__class__}".format(x)',
    'string("{x.__class__}")',
    '"%s" % x',
    "eval(\"1\")",
    'exec("1")',
    'open("/etc/passwd").read()',
    'compile("1", "", "eval")',
    "globals()",
    "locals()",
    "vars(x)",
    "dir(x)",
    'getattr(x, "__class__")',
    'setattr(x, "a", 1)',
    "lambda: 1",
    "[c for c in ().__class__.__base__.__subclasses__()]",
    "import os",
    "import(\"os\")",
    "os.system(\"id\")",
    "sys.modules",
    "builtins.eval",
    "__builtins__",
    '__builtins__["eval"]',
    "self",
    "scope",
    "run",
    "run.functions",
    "scope.run",
    "item.__dict__",
    "partial.__class__",
    "x[\"__class__\"]",
    "d.__class__",
    "d.keys",
    "d.items()",
    "d.get(\"a\")",
    "xs.append(1)",
    "xs.__class__",
    "xs.sort",
    "s.upper()",
    "s.format(1)",
    "n.as_tuple",
    "n.real",
    "when.tzinfo",
    "when.__reduce__()",
    "when.replace(year: 1)",
    "when.strftime(\"%s\")",
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{% for c in [1] %}{{c}}{% endfor %}",
    "{{ ''.__class__.__mro__[2].__subclasses__() }}",
    "constructor.constructor(\"return process\")()",
    "this.constructor",
    "x.constructor",
    "process.mainModule.require(\"child_process\")",
    "require(\"fs\")",
    "$('x').item.json",
    "=cmd|' /C calc'!A0",
    "@import url(x)",
    "T(java.lang.Runtime).getRuntime().exec(\"id\")",
    "java.lang.Runtime.getRuntime()",
    "function() external {java: {class: \"java.lang.System\", method signature: \"exit(int)\"}}",
    "(function(a) external {java: {class: \"java.lang.Math\", method signature: \"abs(int)\"}})(1)",
    "function(a) external {pmml: {document: \"file:///etc/passwd\", model: \"m\"}}",
    "`__class__`",
    "x.`__class__`",
    "{__class__: 1}.__class__",
    "{\"__proto__\": 1}",
    "context put(d, \"__class__\", 1)",
    "get value(x, \"__class__\")",
    "get value(d, [\"__class__\"])",
    "get entries(x)",
    "context merge([d, x])",
    "is defined(x.__class__)",
    "list replace(xs, x, 1)",
    "sort(xs, x)",
    "sort(xs, abs)",
    "matches(s, \"(?{ code })\")",
    "matches(s, \"(?P<a>x)\")",
    "matches(s, \"(?#x)\")",
    "matches(s, \"(?R)\")",
    "replace(s, \"a\", \"\\\\g<0>\")",
    "replace(s, \"a\", \"\\\\1\")",
    "replace(s, \"(a)\", \"$9\")",
    "number(\"1_000\")",
    "number(\"٣\")",
    "number(\"inf\")",
    "number(\"nan\")",
    "string(number(\"1e999999\"))",
    "date(\"0000-00-00\")",
    "time(\"25:61:61\")",
    "date and time(\"2024-01-01T00:00:00@../../etc/passwd\")",
    "date and time(\"2024-01-01T00:00:00@/etc/passwd\")",
    "date and time(when, \"../../etc/passwd\")",
    "duration(\"P99999999999999999999D\")",
    "duration(\"PT1e9S\")",
    "@\"2024-01-01T00:00:00@Etc/../../passwd\"",
    "\"\\ud800\"",
    "\"\\U999999\"",
    "\u202e1",
    "1\u0000",
    "x\u0000y",
    "ｅｖａｌ(1)",
    "x;y",
    "x:=1",
    "x = y = z",
    "d[a := 1]",
    "f(x)(y)(z)",
    "[f][1](1)",
    "{a: f}.a(1)",
    "record.__globals__",
    "record.__wrapped__",
    "record(\"__class__\")",
    "record(f)",
    "record(xs, xs)",
]  # fmt: skip


ATTRIBUTES = [
    "__class__",
    "__dict__",
    "__globals__",
    "__code__",
    "__self__",
    "__init__",
    "__reduce__",
    "mro",
    "call",
    "run",
]
PAYLOADS += [
    f"{base}.{name}" for base in ("x", "d", "xs", "s", "n", "f", "now", "count", "record") for name in ATTRIBUTES
]


@pytest.mark.parametrize("text", PAYLOADS)
def test_known_payload_reaches_nothing(text: str) -> None:
    touched: list[Any] = []

    def record(key: str) -> object:
        touched.append(key)
        return {"key": str(key)}

    given = {"x": object(), "d": {"a": 1}, "xs": [1, 2], "s": "abc", "n": 1.5, "f": evaluate("function(a) a", {})}
    try:
        value = evaluate(text, given, functions={"record": record})
    except FeelError:
        return
    assert is_feel(value)


def is_feel(value: object) -> bool:
    if isinstance(value, dict):
        return all(type(k) is str and is_feel(v) for k, v in value.items())
    if isinstance(value, list):
        return all(map(is_feel, value))
    return kind_of(value) != "unknown" and type(value) not in (int, float)


WORDS = [
    "1", "2.5", '"a"', "x", "xs", "d", "null", "true", "+", "-", "*", "/", "**", "=", "!=", "<", ">=", "(", ")", "[", "]",
    "{", "}", ",", ":", ".", "..", "and", "or", "not", "in", "between", "if", "then", "else", "for", "return", "some",
    "every", "satisfies", "function", "instance of", "number", "list", "item", "partial", "?", '@"P1D"', '@"2024-01-01"',
    "count", "sum", "string", "date", "sort", "substring", "matches", "a", "external", "->", "is defined", "\n", "@",
    "sublist", "insert before", "flatten", "duration", "time", "date and time", "1e6144", "-1", "0", "get value",
]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | st.datetimes() | st.times()
    | st.timedeltas(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def attempt(text: str, given: dict[str, Any]) -> None:
    with contextlib.suppress(FeelError):
        assert is_feel(evaluate(text, given))


@settings(max_examples=200)
@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join), VALUES)
def test_word_salad_raises_nothing_but_feel_errors(text: str, value: object) -> None:
    attempt(text, {"x": value, "xs": [value, 1], "d": {"a": value}})


@settings(max_examples=200)
@given(st.text(max_size=40))
def test_any_text_raises_nothing_but_feel_errors(text: str) -> None:
    attempt(text, {"x": 1})
    with contextlib.suppress(FeelError):
        compile_unary_tests(text)(1, {})


OPERATORS = ["x + y", "x - y", "x * y", "x / y", "x ** y", "x = y", "x < y", "x in y", "x[y]", "x.a", "-x", "[x..y]", "x between y and x",
             "x instance of list<number>", "for i in x return i", "for i in x..y return 1", "x and y", "if x then y else x", "x(y)", "{a: x}.a",
             "string(x)", "x in (y, < x)", "some i in x satisfies i = y"]  # fmt: skip


@settings(max_examples=300)
@given(st.sampled_from(OPERATORS), VALUES, VALUES)
def test_operators_take_any_values(text: str, x: object, y: object) -> None:
    attempt(text, {"x": x, "y": y})


@settings(max_examples=300)
@given(st.data())
def test_built_in_functions_take_any_arguments(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(ALL_FUNCTIONS)))
    arguments = data.draw(st.lists(VALUES | st.sampled_from(["1", "P1D", "2024-01-01", "10:00:00", "a"]), max_size=4))
    given = {f"v{i}": a for i, a in enumerate(arguments)}
    with contextlib.suppress(FeelError):
        attempt(f"{name}({', '.join(given)})", given)


def _all_functions() -> set[str]:
    from engine.feel.registry import BUILTINS

    return set(BUILTINS)


ALL_FUNCTIONS = _all_functions()


ATOMS = [
    "1", "-1", "0", "2.5", "1e6144", "1e-6143", '"a"', '"2024-01-31"', '"P1D"', '""', "null", "true", "false", "[]", "[1, 2]",
    '["a", null]', "{}", "{a: 1}", "[1..5]", "(< 5)", "[null..5]", '@"2024-02-29"', '@"10:00:00@Europe/Paris"',
    '@"2024-03-31T02:30:00@Europe/Paris"', '@"9999-12-31T23:59:59"', '@"0001-01-01"', '@"P1Y"', '@"-P999999999D"',
    '@"PT0.5S"', "function(a) a", "function(a, b) a", "abs", "x", '"[a-"', '"(a)"', '"$1"', '[{key: "a", value: 1}]',
]  # fmt: skip
SHAPES = [
    "({0}) + ({1})", "({0}) - ({1})", "({0}) * ({1})", "({0}) / ({1})", "({0}) ** ({1})", "({0}) = ({1})", "({0}) < ({1})",
    "({0}) in ({1})", "({0})[{1}]", "({0}).a", "({0}).year", "({0}).time offset", "for i in {0} return {1}",
    "some i in {0} satisfies {1}", "if {0} then {1} else {0}", "[{0}..{1}]", "{{a: {0}, b: {1}}}", "({0})({1})", "-({0})",
    "({0}) instance of list<number>", "({0}) between {1} and {0}", "for i in {0}..{1} return i", "string({0})",
    "({0}) in (< {1}, {0})", "sort({0}, function(a, b) {1})", "[{0}, {1}]",
]  # fmt: skip


def grown(dice: random.Random, depth: int = 0) -> str:
    """Return a readable expression of any nonsense."""
    if depth > 2 or dice.random() < 0.25:
        return dice.choice(ATOMS)
    if dice.random() < 0.5:
        arguments = (grown(dice, depth + 1) for _ in range(dice.randint(0, 4)))
        return f"{dice.choice(sorted(ALL_FUNCTIONS))}({', '.join(arguments)})"
    return dice.choice(SHAPES).format(grown(dice, depth + 1), grown(dice, depth + 1))


@settings(max_examples=500)
@given(st.integers(0, 2**32))
def test_readable_nonsense_raises_nothing_but_feel_errors(seed: int) -> None:
    attempt(grown(random.Random(seed)), {"x": 1.5})


@pytest.mark.parametrize(
    "text", ["[1, 2][1e6144]", "1[-1e6144]", "sublist([1], 1e6144)", "for i in 1e6144..1 return i"]
)
def test_huge_numbers_are_no_positions(text: str) -> None:
    attempt(text, {})


def test_compiled_expression_does_not_see_other_contexts() -> None:
    compiled = compile_expression("x")
    assert compiled({"x": 1}) == 1
    assert compiled({}) is None
