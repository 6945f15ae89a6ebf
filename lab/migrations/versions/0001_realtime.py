"""Rooms: their documents, the log of updates, snapshots, and who owns which client id."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_realtime"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "room_document",
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room", name=op.f("pk_room_document")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "room_update",
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("room", "epoch", "seq", name=op.f("pk_room_update")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "room_snapshot",
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("room", name=op.f("pk_room_snapshot")),
    )
    op.create_table(
        "room_lease",
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("client", sa.BigInteger(), nullable=False),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room", "client", name=op.f("pk_room_lease")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("room_lease")
    op.drop_table("room_snapshot")
    op.drop_table("room_update")
    op.drop_table("room_document")
