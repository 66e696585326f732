"""An engine for each test, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import Plant, make_plant


@pytest.fixture
def plant(tmp_path: Path, database_url: str) -> Iterator[Plant]:
    plant = make_plant(tmp_path, database_url)
    yield plant
    plant.engine.stop()
