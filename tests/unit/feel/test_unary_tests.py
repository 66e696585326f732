"""Cells of decision tables."""

from typing import Any

import pytest

from engine.feel import compile_unary_tests


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("", 5, True),
        ("-", None, True),
        ("5", 5, True),
        ("-5", -5, True),
        ("-5", 5, False),
        ("< 5", 4, True),
        (">= 5", 4, False),
        ("!= 5", 4, True),
        ("[1..5]", 5, True),
        ("[1..5)", 5, False),
        ("]1..5[", 1, False),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "c", True),
        ('not("a", "b")', "a", False),
        ("not(< 5)", 5, True),
        ("< 0, > 10", 11, True),
        ("true", True, True),
        ("true", False, False),
        ("false", False, True),
        ("null", None, True),
        ("not(null)", 1, True),
        ("limit", 7, True),
        ("> limit", 8, True),
        ("limits", 2, True),
        ("? > 3 and ? < 6", 5, True),
        ("even(?)", 5, False),
        ('contains(?, "x")', "axb", True),
        ("? = limit", 7, True),
        ("limit > 5", "whatever", True),
        ("[limits]", [1, 2], True),
        ("not(limit > 5) or ? > 1", 2, True),
        ('@"2024-01-01"', None, False),
        ("< 5", "a", False),
        ("not(< 5)", "a", False),
    ],
)
def test_cell(cell: str, value: Any, passes: bool) -> None:
    assert compile_unary_tests(cell)(value, {"limit": 7, "limits": [1, 2]}) is passes


def test_names_read_by_a_cell_leave_the_tested_value_out() -> None:
    assert compile_unary_tests("> limit, ? < 2").names == {"limit"}
