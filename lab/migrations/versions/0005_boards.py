"""Boards: their titles and settings, locks and area rules, versions, saved templates, pictures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_boards"
down_revision = "0004_visits"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def _refers(column: str, table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _one_of(column: str, table: str, *values: str) -> sa.CheckConstraint:
    known = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({known})", name=op.f(f"ck_{table}_{column}_known"))


def upgrade() -> None:
    op.create_table(
        "board",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("challenge_id", sa.String(26), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("authors", sa.String(10), nullable=False),
        sa.Column("template", sa.String(40), nullable=False),
        sa.Column("archived_at", TIME, nullable=True),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(26), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        _one_of("authors", "board", "shown", "hover", "hidden"),
        _refers("challenge_id", "board", "challenge"),
        _refers("created_by", "board", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
    )
    op.create_index("ix_board_challenge_id_updated_at", "board", ["challenge_id", "updated_at"])
    op.create_table(
        "board_lock",
        sa.Column("board_id", sa.String(26), nullable=False),
        sa.Column("object", sa.String(32), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("who", sa.String(12), nullable=False),
        sa.Column("by_id", sa.String(26), nullable=False),
        sa.Column("at", TIME, nullable=False),
        _one_of("level", "board_lock", "position", "content", "all"),
        _one_of("who", "board_lock", "me", "facilitators"),
        _refers("board_id", "board_lock", "board"),
        _refers("by_id", "board_lock", "person"),
        sa.PrimaryKeyConstraint("board_id", "object", name=op.f("pk_board_lock")),
    )
    op.create_table(
        "board_area",
        sa.Column("board_id", sa.String(26), nullable=False),
        sa.Column("object", sa.String(32), nullable=False),
        sa.Column("adds", sa.String(12), nullable=False),
        sa.Column("edits", sa.String(12), nullable=False),
        sa.Column("moves", sa.String(12), nullable=False),
        sa.Column("removes", sa.String(12), nullable=False),
        _one_of("adds", "board_area", "everyone", "facilitators"),
        *(_one_of(verb, "board_area", "everyone", "own", "facilitators") for verb in VERBS),
        _refers("board_id", "board_area", "board"),
        sa.PrimaryKeyConstraint("board_id", "object", name=op.f("pk_board_area")),
    )
    op.create_table(
        "board_version",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("board_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.String(26), nullable=True),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("at", TIME, nullable=False),
        _one_of("kind", "board_version", "auto", "named", "restored"),
        _refers("board_id", "board_version", "board"),
        _refers("by_id", "board_version", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_version")),
    )
    op.create_index("ix_board_version_board_id_id", "board_version", ["board_id", "id"])
    op.create_table(
        "board_template",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("challenge_id", sa.String(26), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("areas", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(26), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        _refers("challenge_id", "board_template", "challenge"),
        _refers("created_by", "board_template", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_template")),
    )
    op.create_index("ix_board_template_challenge_id", "board_template", ["challenge_id"])
    op.create_table(
        "board_image",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("challenge_id", sa.String(26), nullable=False),
        sa.Column("board_id", sa.String(26), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("media", sa.String(40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.String(26), nullable=False),
        sa.Column("at", TIME, nullable=False),
        _refers("challenge_id", "board_image", "challenge"),
        _refers("board_id", "board_image", "board"),
        _refers("by_id", "board_image", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_image")),
    )
    op.create_index("ix_board_image_challenge_id", "board_image", ["challenge_id"])
    op.create_index("ix_board_image_board_id_digest", "board_image", ["board_id", "digest"], unique=True)


def downgrade() -> None:
    for table in ("board_image", "board_template", "board_version", "board_area", "board_lock", "board"):
        op.drop_table(table)


VERBS = ("edits", "moves", "removes")
