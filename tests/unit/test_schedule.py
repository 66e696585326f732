from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.cron import CronError, parse_cron
from engine.model.schedule import (
    Duration,
    ScheduleError,
    add_months,
    parse_cycle,
    parse_duration,
    parse_instant,
    start_due,
)

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "months", "seconds"),
    [
        ("PT5M", 0, 300),
        ("P1Y2M", 14, 0),
        ("P1DT2H3.5S", 0, 93603.5),
        ("P2W", 0, 1209600),
        ("pt1h", 0, 3600),
        ("PT0S", 0, 0),
    ],
)
def test_durations_are_read(text, months, seconds):
    assert parse_duration(text) == Duration(months, timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "5M", "P1", "PT1D", "P1.5M", "-PT5M", "P-1D", "PT5M3", "P1H", "P9999Y", "P1D ago"]
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ScheduleError):
        parse_duration(text)


def test_months_end_on_the_last_day_there_is():
    assert [add_months(NOW, n).strftime("%m-%d") for n in (1, 2, 13, 25)] == ["02-28", "03-31", "02-28", "02-29"]


@given(st.integers(0, 400), st.integers(0, 400))
def test_months_never_skip_a_month(first, second):
    whole = add_months(NOW, first + second)
    assert (whole.year * 12 + whole.month) - (NOW.year * 12 + NOW.month) == first + second


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T08:00:00Z", "2026-03-01T08:00:00+00:00"),
        ("2026-03-01T08:00:00+08:00", "2026-03-01T00:00:00+00:00"),
        ("2026-03-01T08:00@Asia/Shanghai", "2026-03-01T00:00:00+00:00"),
        ("2026-03-01T08:00[Asia/Shanghai]", "2026-03-01T00:00:00+00:00"),
        ("2026-03-01", "2026-03-01T00:00:00+00:00"),
    ],
)
def test_instants_are_read_as_utc(text, expected):
    assert parse_instant(text).isoformat() == expected


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "2026-03-01T08:00@Nowhere/Town", "@", ""])
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(ScheduleError):
        parse_instant(text)


def dues(text: str, count: int = 5) -> list[str]:
    cycle = parse_cycle(text)
    found = [cycle.due(NOW, fired) for fired in range(count)]
    return [due.strftime("%m-%dT%H") for due in found if due is not None]


def test_cycles_count_from_the_arming():
    assert dues("R/P1M", 3) == ["02-28T08", "03-31T08", "04-30T08"]
    assert dues("R2/PT12H") == ["01-31T20", "02-01T08"]
    assert dues("R0/PT1H") == []


def test_cycles_with_a_start_begin_there_or_at_the_next_occurrence():
    assert dues("R2/2026-03-01T00:00:00Z/P1D") == ["03-01T00", "03-02T00"]
    assert dues("R2/2026-01-01T00:00:00Z/P1D") == ["02-01T00", "02-02T00"]


def test_cycles_with_an_end_stop_there():
    assert dues("R/P1D/2026-02-02T08:00:00Z") == ["02-01T08", "02-02T08"]


@pytest.mark.parametrize(
    "text", ["", "R", "R/", "R5", "5/PT1H", "R/PT0S", "Rx/PT1H", "R/-PT1H", "R/P1D/P1D/P1D", "PT5M"]
)
def test_what_is_no_cycle_is_refused(text):
    with pytest.raises(ScheduleError):
        parse_cycle(text)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0 0 9-17 * * MON-FRI", ["02-02T09", "02-02T10"]),
        ("@daily", ["02-01T00", "02-02T00"]),
        ("0 30 8 1 */3 *", ["04-01T08", "07-01T08"]),
        ("0 0 0 29 2 ?", ["02-29T00", "02-29T00"]),
        ("15 14 1 * *", ["02-01T14", "03-01T14"]),
    ],
)
def test_cron_lines_are_read(line, expected):
    assert dues(line, 2) == expected


@pytest.mark.parametrize(
    "line", ["* * * *", "60 * * * * *", "0 0 0 32 * *", "a b c d e f", "0 0 0 * * */0", "0 5-3 * * * *"]
)
def test_what_is_no_cron_line_is_refused(line):
    with pytest.raises(CronError):
        parse_cron(line)


def test_a_day_that_never_comes_is_refused():
    with pytest.raises(CronError):
        parse_cron("0 0 0 31 2 *").after(NOW)


def test_a_timer_start_event_is_due_again_and_again_or_once():
    assert start_due("PT1H", NOW, 0) == NOW + timedelta(hours=1)
    assert start_due("PT1H", NOW, 1) is None
    assert start_due("R/P1D", NOW, 2) == NOW + timedelta(days=3)
    assert start_due("@hourly", NOW, 3) == NOW + timedelta(hours=4)
