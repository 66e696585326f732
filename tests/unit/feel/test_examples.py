"""The examples in the documents for process owners are true."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from engine.dmn import analyse, load
from engine.feel import FeelSyntaxError, compile_expression, compile_unary_tests, evaluate
from tests.unit.dmn.drawing import decision, definitions, table

DOCS = Path(__file__).resolve().parents[3] / "docs"
FEEL = (DOCS / "feel.md").read_text("utf-8")
DECISIONS = (DOCS / "decisions.md").read_text("utf-8")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", text, flags=re.M | re.S)


def rows(text: str, heading: str) -> list[list[str]]:
    """Return the cells of the table whose first column has this heading."""
    (body,) = re.findall(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, flags=re.M)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines()]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


CONTEXT = json.loads(blocks(FEEL, "json")[0], parse_float=Decimal)
LINES = [line.rsplit("//", 1) for block in blocks(FEEL, "feel") for line in block.splitlines()]


def test_there_are_examples() -> None:
    assert len(LINES) > 50
    assert len(rows(DECISIONS, "cell")) > 9


@pytest.mark.parametrize(("text", "value"), LINES, ids=lambda part: part.strip())
def test_an_expression_has_the_value_beside_it(text: str, value: str) -> None:
    assert evaluate(text, CONTEXT, now=NOW) == evaluate(value, {})


@pytest.mark.parametrize(("wrong", "right"), rows(FEEL, "written"))
def test_what_is_refused_tells_its_mend_and_the_mend_is_read(wrong: str, right: str) -> None:
    with pytest.raises(FeelSyntaxError) as refused:
        compile_expression(code(wrong)[0], CONTEXT)
    assert refused.value.mend
    assert evaluate(code(right)[0], CONTEXT, now=NOW) is not None


@pytest.mark.parametrize(("cell", "takes", "leaves"), rows(DECISIONS, "cell"))
def test_a_cell_takes_and_leaves_what_is_said(cell: str, takes: str, leaves: str) -> None:
    test = compile_unary_tests(code(cell)[0]) if code(cell)[0] != "-" else compile_unary_tests("")
    for expected, texts in ((True, code(takes)), (False, code(leaves))):
        for text in texts:
            value = evaluate(text, {})
            assert test(value, {"?": value, "limit": Decimal(7)}, now=NOW) is expected, text


@pytest.mark.parametrize(
    ("kind", "cells"),
    [(kind, code(example)) for kind, example in rows(DECISIONS, "finding") if len(code(example)) == 2],
)
def test_a_finding_is_found_in_its_example(kind: str, cells: list[str]) -> None:
    rules = [(cell, str(number)) for number, cell in enumerate(cells)]
    found = analyse(load(definitions(decision("d", table(["x"], ["y"], rules)))))
    assert kind in [finding.kind for finding in found]
