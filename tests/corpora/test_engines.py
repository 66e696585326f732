"""Diagrams from other engines' own tests: each loads, or is refused with a reason; what loads runs."""

import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.bpmn import Diagram, Known, NoPlainStart, build, check, read
from engine.services.deployment import FUNCTIONS
from tests.corpora.playing import play

pytestmark = pytest.mark.corpora
REVIEWED = Path(__file__).with_name("refused.txt")
SECONDS = 2.0
LOAD_AT_LEAST = 380


@pytest.fixture(scope="module")
def diagrams(corpora: Path) -> list[Diagram]:
    """Read every file, each in less than two seconds."""
    found = []
    files = [
        path for folder in ("engines", "miwg-reference") for path in (corpora / folder).rglob("*") if path.is_file()
    ]
    for path in sorted(files):
        data = path.read_bytes()
        begun = time.process_time()
        diagram = read(data, path.relative_to(corpora).as_posix())
        assert time.process_time() - begun < SECONDS, path
        found.append(diagram)
    return found


def errors(diagram: Diagram) -> list[str]:
    return sorted({problem.rule for problem in diagram.problems if problem.is_error})


def test_every_file_loads_or_is_refused_with_a_reason(diagrams, capsys):
    rules: Counter[str] = Counter()
    executable = loaded = 0
    for diagram in diagrams:
        refused = errors(diagram)
        rules.update(refused)
        assert refused or diagram.processes, diagram.file
        for problem in diagram.problems:
            assert problem.message.endswith((".", "…", "”", ")")), problem
        if b'isExecutable="true"' in diagram.data:
            executable += 1
            loaded += not refused
    with capsys.disabled():
        print(
            f"\n{len(diagrams)} files, {executable} with an executable process, {loaded} of them load; refused by rule: {dict(rules.most_common())}"
        )
    assert loaded >= LOAD_AT_LEAST


def test_the_reviewed_list_names_each_refused_file_with_its_rules(diagrams):
    reviewed = dict(
        line.rsplit(": ", 1) for line in REVIEWED.read_text().splitlines() if line and not line.startswith("#")
    )
    refused = {diagram.file: ", ".join(errors(diagram)) for diagram in diagrams if errors(diagram)}
    assert refused == reviewed


def test_what_loads_runs_to_an_end_or_waits_for_something_it_names(diagrams, capsys):
    outcomes: Counter[str] = Counter()
    for diagram in diagrams:
        if errors(diagram):
            continue
        for info in diagram.processes:
            begun = time.process_time()
            definition = build(info.key, [diagram], {})
            for element in (None, *(trigger.element_id for trigger in definition.triggers)):
                try:
                    outcome, player = play(definition, 1, element)
                except NoPlainStart:
                    outcomes["starts on an event only"] += 1
                    continue
                outcomes[outcome] += 1
                if outcome == "waits at a join":
                    assert player.run is not None
                    waiting = {definition.elements[name].kind for name in player.run.active_elements}
                    assert waiting & {
                        "parallelGateway",
                        "inclusiveGateway",
                        "intermediateCatchEvent",
                        "eventBasedGateway",
                    }, diagram.file
            assert time.process_time() - begun < SECONDS * 2, diagram.file
    with capsys.disabled():
        print(f"\nplayed at random: {dict(outcomes.most_common())}")


def test_advice_on_what_loads_is_rare_where_it_is_not_plainly_true(diagrams, capsys):
    files: dict[str, set[str]] = {}
    loaded = [diagram for diagram in diagrams if not errors(diagram)]
    for diagram in loaded:
        for problem in check(diagram, Known(functions=FUNCTIONS, now=datetime(2026, 1, 1, tzinfo=UTC))):
            files.setdefault(problem.rule, set()).add(diagram.file)
    with capsys.disabled():
        print(
            f"\nadvice by files, of {len(loaded)}: {dict(sorted((rule, len(found)) for rule, found in files.items()))}"
        )
    for rule in ("variable-never-written", "unknown-function", "endless-loop"):
        assert files.get(rule, set()) == set()
    assert len(files["loop-without-pause"]) <= 5
    assert len(files["timer-in-the-past"]) <= 1
