"""Comments stand in places: those there were stand in statements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_comments"
down_revision = "0005_boards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("comment_thread") as table:
        table.add_column(sa.Column("place", sa.String(60), nullable=True))
    op.execute("UPDATE comment_thread SET place = 'statement/' || challenge_id")
    with op.batch_alter_table("comment_thread") as table:
        table.alter_column("place", existing_type=sa.String(60), nullable=False)
    op.create_index("ix_comment_thread_place_id", "comment_thread", ["place", "id"])


def downgrade() -> None:
    # What stood elsewhere has no place any more.
    elsewhere = sa.select(THREAD.c.id).where(THREAD.c.place.not_like("statement/%"))
    posts = sa.select(POST.c.id).where(POST.c.thread_id.in_(elsewhere))
    op.execute(sa.delete(MENTION).where(MENTION.c.post_id.in_(posts)))
    op.execute(sa.delete(POST).where(POST.c.thread_id.in_(elsewhere)))
    op.execute(sa.delete(THREAD).where(THREAD.c.place.not_like("statement/%")))
    op.drop_index("ix_comment_thread_place_id", "comment_thread")
    with op.batch_alter_table("comment_thread") as table:
        table.drop_column("place")


THREAD = sa.table("comment_thread", sa.column("id"), sa.column("place", sa.String))
POST = sa.table("comment_post", sa.column("id"), sa.column("thread_id"))
MENTION = sa.table("comment_mention", sa.column("post_id"))
