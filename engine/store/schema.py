"""Brings the database to the schema of this release, or says why it cannot be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from engine.model.errors import WrongDatabase
from engine.store.database import Database

HEAD = "0003"
"""The newest migration. Kept here because every start compares it, and importing Alembic for that would cost more."""

_MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(connection: Connection) -> Any:
    """Return Alembic's configuration for an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def migrate(database: Database) -> None:
    """Apply what is missing, in one transaction; refuse a database that is newer than this release or not ours."""
    database.reach()
    with database.write() as connection:
        if _version(connection) == HEAD:
            return
        from alembic import command
        from alembic.script import ScriptDirectory

        config = alembic_config(connection)
        known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
        current = _version(connection)
        if current is not None and current not in known:
            raise WrongDatabase(
                f"The database {_name(database)} was written by a newer release of Closeloop (version {current}). "
                "Use that release, or restore a backup made by this one."
            )
        if current is None and inspect(connection).get_table_names():
            raise WrongDatabase(
                f"The database {_name(database)} holds tables that are not Closeloop's; name an empty database."
            )
        command.upgrade(config, "head")


def require_current(database: Database) -> None:
    """Refuse a database that is not at this release's schema; the text says what to do."""
    database.reach()
    with database.read() as connection:
        current = _version(connection)
    if current != HEAD:
        found = f"at version {current}" if current else "empty or not Closeloop's"
        raise WrongDatabase(
            f"The database {_name(database)} is {found}, this release needs version {HEAD}. "
            "Run “closeloop init” to bring it up to date."
        )


def _version(connection: Connection) -> str | None:
    """Return the migration at which the database is, None for one without."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _name(database: Database) -> str:
    return database.url.render_as_string()
