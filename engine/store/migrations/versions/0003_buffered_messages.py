"""Messages that wait for a case to ask for them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "buffered_messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("correlation_key", sa.String(length=255), nullable=True),
        sa.Column("variables", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_by", sa.String(length=255), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buffered_messages")),
    )
    with op.batch_alter_table("buffered_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_buffered_messages_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_buffered_messages_name", ["name", "correlation_key"], unique=False)
