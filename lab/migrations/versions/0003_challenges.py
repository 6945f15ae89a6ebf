"""Challenges: members, versions of the statement, comments, what changed, and the lab's own name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_challenges"
down_revision = "0002_people"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def _person(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"], name=op.f(f"fk_{table}_{column}_person"))


def _challenge(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["challenge_id"], ["challenge.id"], name=op.f(f"fk_{table}_challenge_id_challenge")
    )


def upgrade() -> None:
    settings = op.create_table(
        "lab_settings",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("intro", sa.String(2000), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_settings")),
    )
    op.bulk_insert(settings, [{"id": "lab", "name": "Our lab", "intro": "", "example": False}])
    op.create_table(
        "challenge",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("question", sa.String(500), nullable=False),
        sa.Column("stage", sa.String(26), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("open_to_lab", sa.Boolean(), nullable=False),
        sa.Column("archived_at", TIME, nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.String(300), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seeds", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(26), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        _person("created_by", "challenge"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
    )
    op.create_index(op.f("ix_challenge_updated_at"), "challenge", ["updated_at"])
    op.create_table(
        "challenge_member",
        sa.Column("challenge_id", sa.String(26), nullable=False),
        sa.Column("person_id", sa.String(26), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("joined_at", TIME, nullable=False),
        sa.CheckConstraint(
            "role IN ('staff', 'facilitator', 'participant', 'observer')",
            name=op.f("ck_challenge_member_role_known"),
        ),
        _challenge("challenge_member"),
        _person("person_id", "challenge_member"),
        sa.PrimaryKeyConstraint("challenge_id", "person_id", name=op.f("pk_challenge_member")),
    )
    op.create_index("ix_challenge_member_person_id", "challenge_member", ["person_id"])
    op.create_table(
        "statement_version",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("challenge_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.String(26), nullable=True),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.CheckConstraint(
            "kind IN ('auto', 'named', 'restored', 'imported')", name=op.f("ck_statement_version_kind_known")
        ),
        _challenge("statement_version"),
        _person("by_id", "statement_version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_version")),
    )
    op.create_index("ix_statement_version_challenge_id_id", "statement_version", ["challenge_id", "id"])
    op.create_table(
        "comment_thread",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("challenge_id", sa.String(26), nullable=False),
        sa.Column("anchor", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_by", sa.String(26), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("resolved_at", TIME, nullable=True),
        sa.Column("resolved_by", sa.String(26), nullable=True),
        _challenge("comment_thread"),
        _person("created_by", "comment_thread"),
        _person("resolved_by", "comment_thread"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_thread")),
    )
    op.create_index("ix_comment_thread_challenge_id_id", "comment_thread", ["challenge_id", "id"])
    op.create_table(
        "comment_post",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("thread_id", sa.String(26), nullable=False),
        sa.Column("author_id", sa.String(26), nullable=False),
        sa.Column("text", sa.String(4000), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("edited_at", TIME, nullable=True),
        sa.Column("deleted_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["comment_thread.id"], name=op.f("fk_comment_post_thread_id_comment_thread")
        ),
        _person("author_id", "comment_post"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_post")),
    )
    op.create_index("ix_comment_post_thread_id_id", "comment_post", ["thread_id", "id"])
    op.create_table(
        "comment_mention",
        sa.Column("post_id", sa.String(26), nullable=False),
        sa.Column("person_id", sa.String(26), nullable=False),
        sa.Column("seen_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["comment_post.id"], name=op.f("fk_comment_mention_post_id_comment_post")
        ),
        _person("person_id", "comment_mention"),
        sa.PrimaryKeyConstraint("post_id", "person_id", name=op.f("pk_comment_mention")),
    )
    op.create_index("ix_comment_mention_person_id_post_id", "comment_mention", ["person_id", "post_id"])
    op.create_table(
        "activity",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("challenge_id", sa.String(26), nullable=False),
        sa.Column("person_id", sa.String(26), nullable=False),
        sa.Column("verb", sa.String(20), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("at", TIME, nullable=False),
        _challenge("activity"),
        _person("person_id", "activity"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index("ix_activity_at", "activity", ["at"])
    op.create_index("ix_activity_challenge_id_at", "activity", ["challenge_id", "at"])
    op.create_table(
        "lab_visit",
        sa.Column("person_id", sa.String(26), nullable=False),
        sa.Column("at", TIME, nullable=False),
        _person("person_id", "lab_visit"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_lab_visit")),
    )


def downgrade() -> None:
    for table in (
        "lab_visit",
        "activity",
        "comment_mention",
        "comment_post",
        "comment_thread",
        "statement_version",
        "challenge_member",
        "challenge",
        "lab_settings",
    ):
        op.drop_table(table)
