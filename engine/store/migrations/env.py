"""Runs migrations on the connection that `engine.store.schema` hands over."""

from alembic import context

from engine.store.columns import Instant, Json
from engine.store.tables import metadata


def render_item(kind: str, item: object, _autogen: object) -> str | bool:
    """Write our column types as the database's own, so that migrations do not depend on the code of today."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, Json):
        return "sa.LargeBinary()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
)
context.run_migrations()
