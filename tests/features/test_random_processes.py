"""Random processes reach their ends by the path that the generator foretold; a restart after every step changes nothing."""

import os
import random
from collections import Counter

import pytest

from tests.features.blocks import Generator, Made
from tests.features.paths import count, orders
from tests.features.stage import Stage

SEEDS = range(int(os.environ.get("FUZZ_FIRST", "0")), int(os.environ.get("FUZZ_LAST", "300")))
DEPTH = 4
LONGEST = 3000


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_process_takes_the_foretold_path(seed):
    rng = random.Random(seed)
    made = Generator(rng).make(DEPTH)
    while sum(count(made.path).values()) > LONGEST:
        made = Generator(rng).make(DEPTH - 1)
    try:
        path = taken(made, rng)
        assert Counter(path) == count(made.path)
        first = {name: path.index(name) for name in reversed(path)}
        last = {name: place for place, name in enumerate(path)}
        for before, after in orders(made.path):
            assert max(last[name] for name in before) < min(first[name] for name in after)
    except BaseException as error:
        error.add_note(
            f"Repeat: FUZZ_FIRST={seed} FUZZ_LAST={seed + 1} python -m pytest tests/features/test_random_processes.py"
        )
        raise


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if seed % 10 == 0])
def test_moving_a_random_process_to_the_same_diagram_after_every_step_changes_nothing(seed):
    rng = random.Random(seed)
    made = Generator(rng).make(DEPTH - 1)
    assert Counter(taken(made, rng, moves=True)) == count(made.path)


def taken(made: Made, rng: random.Random, *, moves: bool = False) -> list[str]:
    """Play the process straight, and restarted or moved after every step; return the path that both took to its end."""
    stage = Stage(made.data, moves=moves).start(**made.variables)
    play(stage, made, rng)
    return [str(element) for element in stage.path]


def play(stage: Stage, made: Made, rng: random.Random) -> None:
    """Do at random what the plan allows until the case ends."""
    failed: set[str] = set()
    while not stage.done:
        player = stage.players[0]
        open_now = [
            *player.tasks.values(),
            *player.timers.values(),
            *player.jobs.values(),
            *player.subscriptions.values(),
        ]
        choices = [item.element_id for item in open_now if may(stage, made, item.element_id)]
        assert choices, (
            f"nothing to do: {[item.element_id for item in open_now]} {stage.incidents} {stage.run.active_elements}"
        )
        act(stage, made.acts, rng.choice(choices), rng, failed)


def may(stage: Stage, made: Made, element: str) -> bool:
    plan = made.acts.get(element, "")
    done = Counter(stage.path)
    if element in made.once:
        return done[element] < stage.told("ElementStarted").count(made.once[element])
    if plan.startswith("complete after "):
        return done[plan.removeprefix("complete after ")] > done[element]
    return bool(plan)


def act(stage: Stage, acts: dict[str, str], element: str, rng: random.Random, failed: set[str]) -> None:
    plan = acts[element]
    if plan.startswith("complete"):
        stage.complete(element)
    elif plan == "fail first" and element not in failed:
        failed.add(element)
        stage.fail(element).retry(element)
    elif plan in ("job", "fail first"):
        stage.job(element)
    elif plan == "throw":
        stage.throw(element, "E")
    elif plan == "fire":
        stage.fire(element)
    else:
        stage.deliver(element)
