"""Clinics, studies, build requests and releases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "clinics",
        sa.Column("clinic_id", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("timezone", sa.String(64)),
        sa.Column("added_at", sa.DateTime, nullable=False),
        sa.Column("suspended_at", sa.DateTime),
    )
    op.create_table(
        "studies",
        sa.Column("study_id", sa.String(64), primary_key=True),
        sa.Column("reference_arm", sa.String(64), nullable=False),
        sa.Column("title", sa.String(300)),
        sa.Column("registered_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "build_requests",
        sa.Column("request_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("requested_at", sa.DateTime, nullable=False),
        sa.Column("requested_by", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("builder_pid", sa.Integer),
        sa.Column("release_id", sa.Integer),
        sa.Column("error", sa.Text),
        sa.Column("finished_at", sa.DateTime),
    )
    op.create_table(
        "releases",
        sa.Column("release_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("as_of", sa.DateTime, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("manifest", sa.Text, nullable=False),
    )
