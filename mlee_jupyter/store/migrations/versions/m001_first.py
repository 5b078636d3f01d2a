"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "m001"
down_revision = None


def upgrade() -> None:
    """Forward only: an older version never opens a newer store."""
    op.create_table(
        "mlee_array",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_mlee_array")),
    )
    op.create_table(
        "mlee_experiment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("budget_us", sa.BigInteger(), nullable=True),
        sa.Column("deadline", sa.Text(), nullable=True),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.Column("closed_us", sa.BigInteger(), nullable=True),
        sa.Column("truth_name", sa.Text(), nullable=True),
        sa.Column("features_name", sa.Text(), nullable=True),
        sa.Column("decided_us", sa.BigInteger(), nullable=True),
        sa.Column("decided_candidate", sa.Text(), nullable=True),
        sa.Column("decided_because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mlee_experiment")),
        sa.UniqueConstraint("name", name=op.f("uq_mlee_experiment_name")),
    )
    op.create_table(
        "mlee_source",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_mlee_source")),
    )
    op.create_table(
        "mlee_trace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=True),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mlee_trace")),
    )
    op.create_index(op.f("ix_mlee_trace_experiment_id"), "mlee_trace", ["experiment_id"], unique=False)
    op.create_table(
        "mlee_truth",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("classes", sa.Text(), nullable=False),
        sa.Column("n_classes", sa.BigInteger(), nullable=True),
        sa.Column("index_hash", sa.Text(), nullable=True),
        sa.Column("array", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_mlee_truth")),
    )
    op.create_table(
        "mlee_candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("simplicity", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("because", sa.Text(), nullable=True),
        sa.UniqueConstraint("experiment_id", "name", name=op.f("uq_mlee_candidate_experiment_id_name")),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["mlee_experiment.id"],
            name=op.f("fk_mlee_candidate_experiment_id_mlee_experiment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mlee_candidate")),
    )
    op.create_table(
        "mlee_charter",
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("charter", sa.Text(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["mlee_experiment.id"],
            name=op.f("fk_mlee_charter_experiment_id_mlee_experiment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("experiment_id", "version", name=op.f("pk_mlee_charter")),
    )
    op.create_table(
        "mlee_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("by_us", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["mlee_experiment.id"],
            name=op.f("fk_mlee_extension_experiment_id_mlee_experiment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mlee_extension")),
    )
    op.create_index(op.f("ix_mlee_extension_experiment_id"), "mlee_extension", ["experiment_id"], unique=False)
    op.create_table(
        "mlee_ignore",
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=True),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("at_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["mlee_experiment.id"],
            name=op.f("fk_mlee_ignore_experiment_id_mlee_experiment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("experiment_id", "rule", name=op.f("pk_mlee_ignore")),
    )
    op.create_table(
        "mlee_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("start_us", sa.BigInteger(), nullable=False),
        sa.Column("end_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["mlee_experiment.id"],
            name=op.f("fk_mlee_pause_experiment_id_mlee_experiment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mlee_pause")),
    )
    op.create_index(op.f("ix_mlee_pause_experiment_id"), "mlee_pause", ["experiment_id"], unique=False)
    op.create_table(
        "mlee_said",
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.Double(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["mlee_experiment.id"],
            name=op.f("fk_mlee_said_experiment_id_mlee_experiment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("experiment_id", "rule", name=op.f("pk_mlee_said")),
    )
    op.create_table(
        "mlee_span",
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("kernel", sa.Text(), nullable=False),
        sa.Column("start_us", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("end_us", sa.BigInteger(), nullable=False),
        sa.Column("candidate", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["mlee_experiment.id"],
            name=op.f("fk_mlee_span_experiment_id_mlee_experiment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("experiment_id", "kernel", "start_us", name=op.f("pk_mlee_span")),
    )
    op.create_table(
        "mlee_variant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("variant_key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.UniqueConstraint("candidate_id", "variant_key", name=op.f("uq_mlee_variant_candidate_id_variant_key")),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["mlee_candidate.id"],
            name=op.f("fk_mlee_variant_candidate_id_mlee_candidate"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mlee_variant")),
    )
    op.create_table(
        "mlee_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=False),
        sa.Column("duration_us", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("answer_seconds", sa.Double(), nullable=True),
        sa.Column("withdrawn_us", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("source_hash", sa.Text(), nullable=True),
        sa.Column("idea", sa.Text(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("kernel", sa.Text(), nullable=True),
        sa.Column("notebook", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["mlee_experiment.id"],
            name=op.f("fk_mlee_run_experiment_id_mlee_experiment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["mlee_variant.id"], name=op.f("fk_mlee_run_variant_id_mlee_variant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mlee_run")),
    )
    op.create_index(op.f("ix_mlee_run_experiment_id"), "mlee_run", ["experiment_id"], unique=False)
    op.create_index(op.f("ix_mlee_run_variant_id"), "mlee_run", ["variant_id"], unique=False)
    op.create_table(
        "mlee_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=True),
        sa.Column("truth", sa.Text(), nullable=True),
        sa.Column("array", sa.Text(), nullable=True),
        sa.Column("df", sa.Double(), nullable=True),
        sa.Column("claimed", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["mlee_run.id"], name=op.f("fk_mlee_result_run_id_mlee_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mlee_result")),
    )
    op.create_index(op.f("ix_mlee_result_array"), "mlee_result", ["array"], unique=False)
    op.create_index(op.f("ix_mlee_result_run_id"), "mlee_result", ["run_id"], unique=False)
    op.create_index(op.f("ix_mlee_result_truth"), "mlee_result", ["truth"], unique=False)
