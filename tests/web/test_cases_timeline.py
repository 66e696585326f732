"""The timeline of a case: bars, marks and lines on one axis."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from web.instances.timeline import MOST_TICKS, Timeline, draw

START = datetime(2025, 11, 18, 6, 50, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    element_id: str = "inspect"
    details: Mapping[str, str] = field(default_factory=dict)
    kind: str = "userTask"
    opened_at: datetime = START
    claimed_at: datetime | None = None
    ended_at: datetime | None = None


def after(**length: float) -> datetime:
    return START + timedelta(**length)


def timeline(*steps: Step, now: datetime, ended_at: datetime | None = None, due_at: datetime | None = None) -> Timeline:
    return draw(steps, started_at=START, ended_at=ended_at, due_at=due_at, now=now, local=lambda at: at)


def test_a_task_waits_until_it_is_claimed_and_is_worked_on_until_it_ends() -> None:
    step = Step(claimed_at=after(hours=2), ended_at=after(hours=8))
    (line,) = timeline(step, now=after(hours=10), ended_at=after(hours=10)).lines
    assert [(bar.kind, bar.left, bar.width) for bar in line.bars] == [("q", 0, 20), ("w", 20, 60)]
    assert line.took == timedelta(hours=8)


def test_an_unclaimed_task_only_waits_and_reaches_to_now() -> None:
    shown = timeline(Step(), now=after(hours=10))
    (bar,) = shown.lines[0].bars
    assert (bar.kind, bar.running) == ("q", True)
    assert bar.left + bar.width == pytest.approx(shown.now)


def test_bars_of_an_open_task_end_where_the_line_of_now_stands_and_the_deadline_after_it() -> None:
    shown = timeline(Step(claimed_at=after(hours=1)), now=after(hours=10), due_at=after(hours=20))
    last = shown.lines[0].bars[-1]
    assert last.left + last.width == pytest.approx(shown.now)
    assert (shown.now, shown.due, shown.due_beyond) == (50, 100, False)


def test_a_deadline_far_away_stands_at_the_edge_and_says_so() -> None:
    shown = timeline(Step(), now=after(hours=1), due_at=after(days=9))
    assert (shown.due, shown.due_beyond) == (100, True)
    assert shown.now == pytest.approx(80)


def test_a_missed_deadline_stands_before_now() -> None:
    shown = timeline(Step(), now=after(hours=10), due_at=after(hours=4))
    assert shown.due is not None
    assert shown.now is not None
    assert shown.due < shown.now


def test_a_case_that_is_over_has_neither_now_nor_due() -> None:
    shown = timeline(Step(ended_at=after(hours=2)), now=after(days=3), ended_at=after(hours=2), due_at=after(hours=9))
    assert (shown.now, shown.due) == (None, None)
    assert shown.lines[0].bars[-1].left + shown.lines[0].bars[-1].width == pytest.approx(100)


def test_visits_of_a_step_are_counted() -> None:
    again = Step(opened_at=after(hours=2))
    steps = [Step(ended_at=after(hours=1)), Step("rework", ended_at=after(hours=2)), again]
    assert [line.visit for line in timeline(*steps, now=after(hours=3)).lines] == [1, 1, 2]


def test_tasks_that_are_open_side_by_side_are_one_visit() -> None:
    steps = [Step(ended_at=after(hours=5)), Step(), Step(opened_at=after(hours=2), ended_at=after(hours=3))]
    assert [line.visit for line in timeline(*steps, now=after(hours=6)).lines] == [1, 1, 1]


@pytest.mark.parametrize("length", [timedelta(minutes=3), timedelta(hours=5), timedelta(days=2), timedelta(days=90)])
def test_marks_are_few_in_order_and_inside(length: timedelta) -> None:
    ticks = timeline(Step(), now=START + length, ended_at=START + length).ticks
    places = [tick.left for tick in ticks]
    assert 0 < len(places) <= MOST_TICKS + 1
    assert places == sorted(places)
    assert all(0 <= place <= 100 for place in places)


def test_the_first_mark_of_a_day_carries_the_day() -> None:
    ticks = timeline(Step(), now=after(hours=24), ended_at=after(hours=24)).ticks
    days = [tick.at.date() for tick in ticks if tick.new_day]
    assert days == [START.date(), after(days=1).date()]


def test_tasks_of_one_step_that_differ_in_detail_are_visited_each_for_itself() -> None:
    first = Step(details={"": "Function"}, ended_at=after(hours=1))
    steps = [first, Step(details={"": "Documents"}, opened_at=after(hours=2)), replace(first, opened_at=after(hours=2))]
    assert [line.visit for line in timeline(*steps, now=after(hours=3)).lines] == [1, 1, 2]


def test_a_deadline_shortly_after_now_has_room_for_its_words_behind_it() -> None:
    shown = timeline(Step(), now=after(hours=10), due_at=after(hours=11))
    assert shown.due is not None
    assert shown.crowded
    assert shown.due < 85


def test_lines_far_apart_are_not_crowded() -> None:
    assert not timeline(Step(), now=after(hours=10), due_at=after(hours=20)).crowded
    assert not timeline(Step(), now=after(hours=10), due_at=after(hours=2)).crowded
