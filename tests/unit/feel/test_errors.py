"""What an owner is told about text that is not FEEL."""

import pytest

from engine.feel import FeelError, FeelSyntaxError, compile_expression, evaluate


def refusal(text: str) -> FeelSyntaxError:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("a == 1", '"="'),
        ("a && b", '"and"'),
        ("a || b", '"or"'),
        ("a <> 1", '"!="'),
        ("!a", "not("),
        ("not a", "not("),
        ("'x'", "double quotes"),
        ("“x”", "double quotes"),
        ("${a}", "${"),
        ("a ? b : c", "if"),
        ("a % 2", "modulo"),
        ("a > 1 AND b", '"and"'),
        ("(1, 2)", "[…]"),
        ("a；b", "full-width"),
    ],
)
def test_likely_mend_is_named(text: str, mend: str) -> None:
    error = refusal(text)
    assert error.mend is not None
    assert mend in error.mend


@pytest.mark.parametrize(
    ("text", "position", "line", "column"),
    [("1 + ", 4, 1, 5), ("1 +\n+ 2", 4, 2, 1), ('if a then "x"', 13, 1, 14), ("[1, 2", 5, 1, 6), ('"abc', 0, 1, 1)],
)
def test_place_is_named(text: str, position: int, line: int, column: int) -> None:
    error = refusal(text)
    assert (error.position, error.line, error.column) == (position, line, column)


def test_what_was_expected_is_named() -> None:
    assert '"else"' in refusal("if a then 1").expected
    assert "a value" in refusal("1 +").expected


def test_empty_text_is_refused() -> None:
    assert "empty" in refusal("  ").message


def test_impossible_date_literal_is_refused_at_once() -> None:
    assert refusal('@"2024-02-30"').position == 0


@pytest.mark.parametrize("text", ["1e7000", "1e99999999999999999999", "-1e6145"])
def test_number_out_of_range_is_refused_at_once(text: str) -> None:
    assert "out of range" in refusal(text).message


def test_failed_assertion_is_an_error_with_its_cause() -> None:
    with pytest.raises(FeelError, match="no serial number") as caught:
        evaluate('assert(x, x != null, "no serial number")', {"x": None})
    assert caught.value.code == "assertion_failed"
    assert evaluate("assert(x, x > 1)", {"x": 2}) == 2
