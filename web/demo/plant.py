"""Fills an empty plant with the demo."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.commands.import_records import ImportRecords
from engine.model.actor import SYSTEM
from engine.model.errors import EngineError
from engine.queries import instances
from engine.queries.people import find_user
from web.demo import customers, deliveries, faults, machines, people
from web.demo.plan import Story, When, schedule
from web.demo.stage import Stage

if TYPE_CHECKING:
    from engine.app import Engine

MACHINES = 80
Progress = Callable[[int, int], None]


class HalfMade(EngineError):
    """The making of the demo was interrupted: its cases would stand still weeks ago."""

    code = "demo_half_made"
    message = "The demo was interrupted while it was made. Remove {folder} and make it again."


def fill(engine: Engine, progress: Progress = lambda done, total: None) -> int:
    """Make people, registers and cases; return how many cases were made, none where the plant has cases already.

    Raises HalfMade where an earlier filling was interrupted.
    """
    *most, last = people.PEOPLE
    if engine.query(instances.list_instances, actor=SYSTEM, limit=1).items:
        if engine.query(find_user, name=last.name) is None:
            raise HalfMade(folder=str(engine.settings.data_dir))
        return 0
    people.create(engine, most)
    now = engine.clock()
    zone = ZoneInfo(engine.settings.time_zone)
    stories = registers(engine, now.astimezone(zone).date())
    play(engine, stories, now, zone, progress)
    people.create(engine, [last])  # who tells by being there that all is made
    return len(stories)


def registers(engine: Engine, today: date) -> list[Story]:
    """Fill the registers of customers, orders and machines; return the stories that are told of them."""
    numbers = machines.Numbers()
    rows = customers.rows()
    regions = {row["code"]: row["region"] for row in rows}
    past = machines.past_orders(MACHINES - deliveries.machines_with_files(), regions, today, numbers)
    ready = deliveries.orders(today, numbers)
    every = [*past, *ready, *deliveries.waiting_orders(today, numbers)]
    files = [file for order in past for file in order.equipment_rows()]
    for register, records in (("customer", rows), ("order", [o.row() for o in every]), ("equipment", files)):
        engine.execute(ImportRecords(register, tuple(records), SYSTEM))
    contacts: dict[str, str] = {row["code"]: row["contact_name"] for row in rows}
    return [*deliveries.stories(ready, contacts), *faults.stories(files, {row["code"]: row for row in rows}, today)]


def play(engine: Engine, stories: list[Story], now: datetime, zone: ZoneInfo, progress: Progress) -> None:
    """Let the acts of all stories happen in the order of their moments, then let time run on to the present."""
    planned: list[tuple[datetime, int, int, When]] = []
    for number, story in enumerate(stories):
        moments = schedule(story, now, zone)
        for place, at in enumerate(moments):
            next_at = moments[place + 1] if place + 1 < len(moments) else at
            heapq.heappush(planned, (at, number, place, When(at, next_at, zone)))
    total = len(planned)
    stage = Stage(engine, planned[0][0] - timedelta(minutes=1))
    cases: dict[int, str] = {}
    try:
        while planned:
            at, number, place, when = heapq.heappop(planned)
            stage.move_to(at)
            _act(stage, stories[number], cases, number, place, when)
            progress(total - len(planned), total)
        stage.move_to(engine.clock())
    finally:
        stage.close()


def _act(stage: Stage, story: Story, cases: dict[int, str], number: int, place: int, when: When) -> None:
    if place == 0:
        cases[number] = stage.start(story.definition_key, story.starter, story.start(when))
        return
    act = story.acts[place - 1]
    if act.only_claim:
        stage.claim(cases[number], act.element, act.who, act.which)
        return

    def answers(seen: Any) -> dict[str, Any]:
        return act.values(when, seen)

    stage.complete(cases[number], act.element, act.who, answers, act.which)
