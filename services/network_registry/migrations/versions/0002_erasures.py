"""Erasures of patients, what they made unwelcome, and exports of releases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("erasure_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("clinic_id", sa.String(40), nullable=False),
        sa.Column("keyed_hash", sa.String(64), nullable=False),
        sa.Column("requested_at", sa.DateTime, nullable=False),
        sa.Column("requested_by", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(200)),
        sa.Column("status", sa.String(16), nullable=False),
        *(
            sa.Column(count, sa.Integer, nullable=False)
            for count in (
                "pseudonyms", "rows", "segments", "versions", "failed_builds", "outbox_events", "exported_files",
            )
        ),
        sa.Column("rewritten_at", sa.DateTime),
        sa.Column("finished_at", sa.DateTime),
        sa.Column("release_id", sa.Integer),
        sa.Column("error", sa.Text),
    )  # fmt: skip
    op.create_table(
        "erased_hashes",
        sa.Column("keyed_hash", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("erasure_id", sa.Integer, nullable=False),
    )
    op.create_table(
        "exports",
        sa.Column("export_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("exported_at", sa.DateTime, nullable=False),
        sa.Column("release_id", sa.Integer, nullable=False),
        sa.Column("tier", sa.String(16), nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("removed_at", sa.DateTime),
    )
