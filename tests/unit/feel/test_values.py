"""Values between FEEL, Python and JSON."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import FeelError, YearsMonths, evaluate, to_json
from engine.feel.temporal import (
    format_temporal,
    parse_date,
    parse_date_and_time,
    parse_duration,
    parse_time,
)


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (Decimal("3.00"), 3),
        (Decimal("0.5"), 0.5),
        (Decimal("1e3"), 1000),
        (date(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2, 3, tzinfo=UTC), "2024-01-02T03:00:00Z"),
        (time(3, 4, 5), "03:04:05"),
        (timedelta(hours=-26), "-P1DT2H"),
        (YearsMonths(14), "P1Y2M"),
        ([Decimal(1), {"a": None}], [1, {"a": None}]),
        (True, True),
    ],
)
def test_json_value(value: object, json: object) -> None:
    found = to_json(value)
    assert found == json
    assert type(found) is type(json)


def test_range_is_kept_as_text() -> None:
    assert to_json(evaluate("[1..5)", {})) == "[1..5)"


def test_function_has_no_json_value() -> None:
    with pytest.raises(FeelError):
        to_json(evaluate("function(a) a", {}))


@given(st.dates())
def test_dates_read_back(value: date) -> None:
    assert parse_date(format_temporal(value)) == value


@given(
    st.datetimes(
        timezones=st.none()
        | st.just(UTC)
        | st.sampled_from(["Asia/Shanghai", "Europe/Paris", "America/St_Johns", "Etc/GMT+5"]).map(ZoneInfo)
    )
)
def test_dates_and_times_read_back(value: datetime) -> None:
    found = parse_date_and_time(format_temporal(value))
    assert found is not None
    assert found.replace(tzinfo=None) == value.replace(tzinfo=None)
    assert str(found.tzinfo) == str(value.tzinfo)


@given(st.times())
def test_times_read_back(value: time) -> None:
    assert parse_time(format_temporal(value)) == value


@given(st.timedeltas())
def test_days_and_time_durations_read_back(value: timedelta) -> None:
    assert parse_duration(format_temporal(value)) == value


@given(st.integers(-(10**9), 10**9).map(YearsMonths))
def test_years_and_months_durations_read_back(value: YearsMonths) -> None:
    assert parse_duration(format_temporal(value)) == value
