"""Brings the database to the schema of this release, or says why it cannot be used."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from engine.model.errors import WrongDatabase
from engine.store.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def migrate(database: Database) -> None:
    """Apply what is missing, in one transaction; refuse a database that is newer than this release or not ours."""
    with database.write() as connection:
        config = _config(connection)
        _refuse_foreign(connection, ScriptDirectory.from_config(config))
        command.upgrade(config, "head")


def require_current(database: Database) -> None:
    """Refuse a database that is not at this release's schema; the text says what to do."""
    with database.read() as connection:
        script = ScriptDirectory.from_config(_config(connection))
        current = _refuse_foreign(connection, script)
        if current != script.get_current_head():
            found = f"at version {current}" if current else "empty"
            raise WrongDatabase(
                f"The database {database.url.render_as_string()} is {found}, this release needs "
                f"{script.get_current_head()}. Run “closeloop init” to bring it up to date."
            )


def _refuse_foreign(connection: Connection, script: ScriptDirectory) -> str | None:
    """Return the database's version, None for an empty one; refuse versions that this release does not know."""
    current = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in script.walk_revisions()}
    where = connection.engine.url.render_as_string()
    if current is not None and current not in known:
        raise WrongDatabase(
            f"The database {where} was written by a newer release of Closeloop (version {current}). "
            "Use that release, or restore a backup made by this one."
        )
    if current is None and inspect(connection).get_table_names():
        raise WrongDatabase(f"The database {where} holds tables that are not Closeloop's; name an empty database.")
    return current
