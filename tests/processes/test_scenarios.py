"""Every scenario beside a shipped process comes out as it says, played straight and with a restart between all steps."""

from __future__ import annotations

import pytest

from tests.processes.plant import definition, play, scenario_files

SCENARIOS = [
    pytest.param(key, scenario, id=f"{key}: {scenario['name']}")
    for key, file in scenario_files().items()
    for scenario in file["scenarios"]
]


def in_order(wanted: list[str], path: list[str]) -> list[str]:
    """Return what of `wanted` is missing from the path, in this order."""
    rest = iter(path)
    return [element for element in wanted if element not in rest]


@pytest.mark.parametrize("restored", [False, True], ids=["straight", "restored"])
@pytest.mark.parametrize(("key", "scenario"), SCENARIOS)
def test_a_scenario_comes_out_as_it_says(key, scenario, restored):
    case = play(key, scenario, restored=restored)
    expect = scenario["expect"]
    assert case.is_over, f"still open: {case.open_elements()}"
    assert case.path[-1] == expect["end"]
    assert in_order(expect["path"], case.path) == []
    assert not set(expect.get("never", [])) & set(case.path)
    for condition in expect.get("holds", []):
        assert case.value(condition) is True, condition
    assert not case.timers, "a timer outlives its case"


def test_scenarios_pass_every_element_of_the_shipped_processes():
    for key, file in scenario_files().items():
        passed = {element for scenario in file["scenarios"] for element in play(key, scenario, restored=False).path}
        own = {element.id for element in definition(key).elements.values() if element.scope == key}
        assert own - passed == set()
