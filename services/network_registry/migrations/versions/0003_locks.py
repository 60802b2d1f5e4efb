"""Data locks."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "locks",
        sa.Column("period", sa.String(16), primary_key=True),
        sa.Column("closed_until", sa.Date, nullable=False),
        sa.Column("locked_at", sa.DateTime, nullable=False),
        sa.Column("release_id", sa.Integer, nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
    )
