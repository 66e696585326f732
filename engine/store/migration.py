"""Rows of a case that another version of its process changes: the element they belong to, names and forms of open tasks."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, update

from engine.model.migration import Migration
from engine.store.subscriptions import move_subscription
from engine.store.tables import incidents, jobs, subscriptions, tasks, timers


def persist_migration(connection: Connection, migration: Migration) -> None:
    """Change what stays open; what the move opens and closes is its `advance`. Ids and due instants stay."""
    if migration.renamed:
        rows = [{"row_id": name, "element": element} for name, element in migration.renamed.items()]
        for table in (tasks, timers, jobs, subscriptions, incidents):
            statement = update(table).where(table.c.id == bindparam("row_id")).values(element_id=bindparam("element"))
            connection.execute(statement, rows)
    for change in migration.tasks:
        connection.execute(
            update(tasks)
            .where(tasks.c.id == change.id)
            .values(
                name=change.name[:500],
                names=dict(change.names),
                form_key=change.form_key,
                revision=tasks.c.revision + 1,
            )
        )
    for subscription in migration.resubscribed:
        move_subscription(connection, subscription)
