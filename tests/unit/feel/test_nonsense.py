"""Nonsense of every kind raises nothing but FEEL's own errors."""

import contextlib
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import FeelError, compile_unary_tests, evaluate
from tests.unit.feel.feel_values import is_feel

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
