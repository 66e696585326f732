"""Play what loads at random, as its people, clocks and services would, restarting after every step."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Literal

from engine.bpmn import Definition
from engine.model.instance import InstanceState
from tests.features.stage import NOW, Player

Outcome = Literal["ended", "incident", "waits at a join", "goes on"]


def play(definition: Definition, seed: int, element_id: str | None, *, steps: int = 40) -> tuple[Outcome, Player]:
    """Act at random until the case ends or waits for something that it names; fails where it does neither."""
    rng = random.Random(seed)
    player = Player(definition, restart=True)
    now = NOW
    player.run, advance = definition.start({}, now=now, element_id=element_id)
    player.take(advance)
    for _ in range(steps):
        if player.run.state is not InstanceState.RUNNING:
            return "ended", player
        acts = [(kind, name) for kind in ("tasks", "timers", "jobs", "subscriptions") for name in getattr(player, kind)]
        if not acts:
            return ("incident" if player.incidents else "waits at a join"), player
        now = _act(player, *rng.choice(acts), now)
    return "goes on", player


def _act(player: Player, kind: str, name: str, now: datetime) -> datetime:
    assert player.run is not None
    if kind == "tasks":
        del player.tasks[name]
        player.take(player.run.complete_task(name, {}, now=now))
    elif kind == "timers":
        now = max(now, player.timers.pop(name).due_at)
        player.take(player.run.fire_timer(name, now=now))
    elif kind == "jobs":
        del player.jobs[name]
        player.take(player.run.complete_job(name, {}, now=now))
    else:
        player.take(player.run.deliver(name, {}, now=now))
    return now
