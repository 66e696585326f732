"""The tables that come with the product have nothing for the check to find."""

from pathlib import Path

import pytest

from engine.dmn import analyse, load

TABLES = sorted((Path(__file__).resolve().parents[2] / "processes").glob("*/*.dmn"))


@pytest.mark.parametrize("file", TABLES, ids=lambda file: file.stem)
def test_a_shipped_table_has_no_gap_overlap_or_idle_rule(file: Path) -> None:
    model = load(file.read_bytes())
    assert model.decisions
    assert model.problems() == []
    assert [finding.message for finding in analyse(model)] == []
