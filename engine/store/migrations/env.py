"""Runs migrations on the connection that `engine.store.schema` hands over."""

from typing import Any, Literal

from alembic import context

import engine.store.messages
import engine.store.tables  # noqa: F401 - fills the metadata
from engine.store.columns import Instant, Json, metadata


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
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
