"""The database's schema: made from empty, kept current, refused when it is not ours."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from engine.model.errors import WrongDatabase
from engine.store import schema
from engine.store.database import Database
from engine.store.tables import metadata


@pytest.fixture
def database(database_url: str) -> Database:
    return Database(database_url)


def test_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    schema.migrate(database)
    with database.read() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_the_release_s_version_is_the_newest_migration(database: Database) -> None:
    with database.read() as connection:
        script = ScriptDirectory.from_config(schema.alembic_config(connection))
    assert script.get_current_head() == schema.HEAD


def test_migrating_again_changes_nothing(database: Database) -> None:
    schema.migrate(database)
    schema.migrate(database)
    schema.require_current(database)


def test_an_empty_database_is_refused_until_it_is_prepared(database: Database) -> None:
    with pytest.raises(WrongDatabase, match="closeloop init"):
        schema.require_current(database)


def test_a_database_of_a_newer_release_is_refused(database: Database) -> None:
    schema.migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WrongDatabase, match="newer release"):
        schema.migrate(database)
    with pytest.raises(WrongDatabase, match="9999"):
        schema.require_current(database)


def test_a_database_of_someone_else_is_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("CREATE TABLE invoices (id INTEGER)"))
    with pytest.raises(WrongDatabase, match="not Closeloop's"):
        schema.migrate(database)


def test_a_password_never_shows_in_a_refusal() -> None:
    database = Database("postgresql://plant:secret@127.0.0.1:1/closeloop")
    assert "secret" not in schema._name(database)


def test_a_migration_that_fails_leaves_the_database_as_it_was(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("CREATE TABLE users (name VARCHAR(10))"))  # in the way of the last migration
        tables = set(inspect(connection).get_table_names())
    with pytest.raises(WrongDatabase):
        schema.migrate(database)
    with database.write() as connection:
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    with pytest.raises(DBAPIError):
        schema.migrate(database)
    with database.read() as connection:
        assert set(inspect(connection).get_table_names()) == tables
