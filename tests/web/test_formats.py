from datetime import UTC, datetime, timedelta

import pytest
from flask_babel import force_locale

from web import formats

NOW = datetime(2025, 11, 20, 6, 2, tzinfo=UTC)  # 14:02 in the plant


@pytest.fixture(params=["en", "zh_Hans"])
def locale(app, request):
    with app.test_request_context(), force_locale(request.param):
        yield request.param


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (0.5, "under 1m", "不到1分"),
        (25, "25m", "25分"),
        (60, "1h", "1小时"),
        (95, "1h 35m", "1小时35分"),
        (14 * 60, "14h", "14小时"),
        (26 * 60 + 59, "1d 2h", "1天2小时"),
        (2 * 24 * 60 + 5, "2d", "2天"),
        (11 * 24 * 60 + 700, "11d", "11天"),
    ],
)
def test_a_span_has_its_two_largest_units(locale, minutes, english, chinese):
    assert formats.span(timedelta(minutes=minutes)) == (english if locale == "en" else chinese)


@pytest.mark.parametrize(
    ("due", "state", "share", "english", "chinese"),
    [
        (timedelta(minutes=-72), "late", 100, "1h 12m late", "超时 1小时12分"),
        (timedelta(minutes=95), "soon", 56, "1h 35m left", "剩 1小时35分"),
        (timedelta(hours=4), "soon", 33, "4h left", "剩 4小时"),
        (timedelta(hours=5, minutes=20), "ok", 27, "5h 20m left", "剩 5小时20分"),
        (None, "none", 0, "No deadline", "无时限"),
    ],
)
def test_a_chip_says_what_is_left_and_fills_its_ring(locale, due, state, share, english, chinese):
    chip = formats.chip(None if due is None else NOW + due, NOW - timedelta(hours=2), NOW)
    assert (chip.state, chip.share, chip.text) == (state, share, english if locale == "en" else chinese)


def test_a_clock_that_has_ended_says_whether_it_was_met(locale):
    start = NOW - timedelta(hours=2)
    assert (
        formats.met(NOW, start, start + timedelta(minutes=52)).text
        == {"en": "met in 52m", "zh_Hans": "用时 52分"}[locale]
    )
    assert formats.met(NOW, start, NOW + timedelta(minutes=3)).state == "late"


@pytest.mark.parametrize(
    ("at", "english", "chinese"),
    [
        (NOW, "14:02", "14:02"),
        (NOW - timedelta(hours=15), "19 Nov, 23:02", "11月19日 23:02"),
        (datetime(2024, 2, 29, 16, 0, tzinfo=UTC), "1 Mar 2024, 00:00", "2024年3月1日 00:00"),
    ],
)
def test_an_instant_is_told_in_the_plants_time(locale, at, english, chinese):
    assert formats.moment(at, NOW) == (english if locale == "en" else chinese)


@pytest.mark.parametrize(("count", "text"), [(640, "640 B"), (12_000, "12 kB"), (1_930_000, "1.9 MB")])
def test_sizes_are_short(count, text):
    assert formats.size(count) == text


@pytest.mark.parametrize(("priority", "level"), [(0, 3), (39, 3), (40, 2), (50, 2), (60, 2), (61, 1), (100, 1)])
def test_priorities_have_three_levels(priority, level):
    assert formats.priority_level(priority) == level
