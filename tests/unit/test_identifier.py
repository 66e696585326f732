"""Identifiers sort by when they were made, and never repeat."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from engine.model.identifier import new_id

NOW = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)


def test_identifiers_of_one_instant_sort_as_they_were_made() -> None:
    made = [new_id(NOW) for _ in range(10_000)]
    assert sorted(made) == made
    assert len(set(made)) == len(made)


def test_a_later_instant_sorts_later() -> None:
    assert new_id(NOW) < new_id(NOW + timedelta(milliseconds=1)) < new_id(NOW + timedelta(days=9000))


def test_an_identifier_is_a_uuid_of_version_7() -> None:
    made = uuid.UUID(hex=new_id(NOW))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == int(NOW.timestamp() * 1000)


def test_threads_never_make_the_same() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: new_id(NOW), range(20_000)))
    assert len(set(made)) == len(made)


def test_an_instant_before_1970_is_no_error() -> None:
    assert len(new_id(datetime.min.replace(tzinfo=UTC))) == 32
