"""Nothing that a user writes hangs or fills the memory."""

import contextlib
import time

import pytest

from engine.feel import LIMITS, FeelError, FeelLimitExceeded, compile_expression, evaluate

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
    'matches("a", "\\p{L}{1000000}")',
    'matches("a", "((a{1,100}){1,100}){1,100}")',
    "for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]]",
    "for i in 1..60 return if i = 1 then {a: 1} else {a: partial[-1], b: partial[-1]}",
    "count(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]]) > 1 and X[60] = X[60]".replace(
        "X", "(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])"
    ),
    "0 in (for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])",
    f"(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])[60] instance of {'list<' * 60}number{'>' * 60}",
    "for j in 1..1000 return count(concatenate(for i in 1..5000 return i, [j]))",
    'for j in 1..100000 return string length(big + "x")',
    "for j in 1..100000 return upper case(big)",
    "for j in 1..100000 return count(reverse(many))",
    "for j in 1..100000 return count(sublist(many, 2))",
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
    started = time.process_time()
    with pytest.raises(FeelLimitExceeded):
        evaluate(text, {"a": {"a": 1}, "big": "x" * 500_000, "many": list(range(50_000))})
    assert time.process_time() - started < LIMITS.seconds + 10


@pytest.mark.parametrize(
    "text", ["{a" + " " * 31000 + "}", "a " * 15000, "[" * 31000, "@" * 30000, "/*" * 15000, "{a:" * 10000]
)
def test_long_nonsense_is_refused_quickly(text: str) -> None:
    started = time.process_time()
    with contextlib.suppress(FeelError):
        evaluate(text, {"a": 1})
    assert time.process_time() - started < 3


def test_long_sums_and_conditions_are_not_nested() -> None:
    assert evaluate(" + ".join(["1"] * 5000), {}) == 5000
    assert evaluate(" and ".join(["true"] * 3000), {}) is True


@pytest.mark.parametrize(
    "text", ["10 ** 6145", "10 ** 100000000", "9e6144 * 10", "2 ** 0.5 ** 1000000000", "exp(1000000)"]
)
def test_numbers_stay_within_decimal128(text: str) -> None:
    found = evaluate(text, {})
    assert found is None or abs(found) < 10**6145


def test_compiled_expression_does_not_see_other_contexts() -> None:
    compiled = compile_expression("x")
    assert compiled({"x": 1}) == 1
    assert compiled({}) is None
