"""Brier's score: the squared error of the probabilities, of many classes summed over them."""

from __future__ import annotations

import numpy as np

from mlee_jupyter.stats.metrics.probabilities import of_truth
from mlee_jupyter.stats.metrics.row_losses import loss_spread, row_mean
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target


def _score(target: Target, rows: np.ndarray) -> Scored:
    given = of_truth(target, rows)
    missing = (1 - given) ** 2
    if rows.ndim == 2 and rows.shape[1] > 2:
        missing += np.einsum("rk,rk->r", rows, rows) - given**2
    return row_mean(-missing)


METRIC = MetricFacts(
    name="brier_score",
    label="Brier score",
    higher_is_better=False,
    limits=(0.0, 2.0),
    needs="scores",
    score=_score,
    also=("brier", "brier_score_loss"),
    short="brier",
    probabilities=True,
    positive="of two",
    row_mean=True,
    table_loss=lambda truth, given, level: (1 - given) * (1 - given),
    spread=loss_spread(),
)
