"""Groups, time order and weights of the rows of a truth."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "m002"
down_revision = "m001"


def upgrade() -> None:
    """Forward only: an older version never opens a newer store."""
    op.create_table(
        "mlee_layout",
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("truth", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("array", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["mlee_experiment.id"],
            name=op.f("fk_mlee_layout_experiment_id_mlee_experiment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("experiment_id", "truth", "what", name=op.f("pk_mlee_layout")),
    )
    op.create_index(op.f("ix_mlee_layout_array"), "mlee_layout", ["array"], unique=False)
