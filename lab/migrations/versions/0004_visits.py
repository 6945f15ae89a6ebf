"""When the visit before this one ended, so that "since you were last here" holds still during a visit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_visits"
down_revision = "0003_challenges"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lab_visit", sa.Column("before", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("lab_visit", "before")
