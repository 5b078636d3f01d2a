"""The odometer of looks at a truth, and the sealed second sample."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "m003"
down_revision = "m002"

_RESULTS = sa.text(
    "SELECT s.truth, s.array AS answers, r.started_us AS at_us, r.kernel, r.notebook, s.metric, s.kind, s.value, s.df,"
    " r.experiment_id, c.id AS candidate_id, c.name FROM mlee_result s JOIN mlee_run r ON r.id = s.run_id"
    " JOIN mlee_variant v ON v.id = r.variant_id JOIN mlee_candidate c ON c.id = v.candidate_id"
    " WHERE s.truth IS NOT NULL AND s.array IS NOT NULL ORDER BY r.id, s.id"
)
_CHARTERS = sa.text("SELECT experiment_id, at_us, charter FROM mlee_charter")


def upgrade() -> None:
    """Forward only: an older version never opens a newer store."""
    op.create_table(
        "mlee_fresh",
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=True),
        sa.Column("sealed_us", sa.BigInteger(), nullable=True),
        sa.Column("opened_us", sa.BigInteger(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["mlee_experiment.id"],
            name=op.f("fk_mlee_fresh_experiment_id_mlee_experiment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("experiment_id", name=op.f("pk_mlee_fresh")),
    )
    look = op.create_table(
        "mlee_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("truth", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("hand_over", sa.Text(), nullable=False),
        sa.Column("steered", sa.Boolean(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("df", sa.Double(), nullable=True),
        sa.Column("notebook", sa.Text(), nullable=True),
        sa.Column("experiment_id", sa.Integer(), nullable=True),
        sa.UniqueConstraint("truth", "answers", name=op.f("uq_mlee_look_truth_answers")),
        sa.ForeignKeyConstraint(
            ["experiment_id"],
            ["mlee_experiment.id"],
            name=op.f("fk_mlee_look_experiment_id_mlee_experiment"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mlee_look")),
    )
    op.create_index(op.f("ix_mlee_look_experiment_id"), "mlee_look", ["experiment_id"], unique=False)
    found = _looks()
    if found:
        op.bulk_insert(look, found)


def _looks() -> list[dict[str, Any]]:
    """The looks that the runs so far were, fixed beforehand or steered as they would have been counted at the time."""
    connection = op.get_bind()
    charters = [(row.experiment_id, row.at_us, json.loads(row.charter)) for row in connection.execute(_CHARTERS)]
    looks: dict[tuple[str, str], dict[str, Any]] = {}
    firsts: dict[str, tuple[str, int]] = {}  # of each truth: its first hand-over, and when that was
    tried: set[tuple[str, int]] = set()
    for row in connection.execute(_RESULTS):
        hand_over = f"{row.kernel or ''}:{row.at_us}"
        first, since = firsts.setdefault(row.truth, (hand_over, row.at_us))
        planned = any(
            experiment == row.experiment_id and at <= since and row.name in charter.get("candidates", ())
            for experiment, at, charter in charters
        )
        steered = hand_over != first and (not planned or (row.truth, row.candidate_id) in tried)
        tried.add((row.truth, row.candidate_id))
        looks.setdefault(
            (row.truth, row.answers),
            {
                "truth": row.truth,
                "answers": row.answers,
                "at_us": row.at_us,
                "hand_over": hand_over,
                "steered": steered,
                "metric": row.metric,
                "kind": row.kind,
                "value": row.value,
                "df": row.df,
                "notebook": None if row.notebook is None else _hash(row.notebook),
                "experiment_id": row.experiment_id,
            },
        )
    return list(looks.values())


def _hash(path: str) -> str:
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:16]
