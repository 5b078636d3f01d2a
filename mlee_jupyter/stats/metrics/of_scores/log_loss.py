"""Log loss: minus the logarithm of the probability given to the class that came."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from mlee_jupyter.stats.metrics.probabilities import NO_CHANCE, deny_a_class, of_truth
from mlee_jupyter.stats.metrics.row_losses import loss_spread, row_mean
from mlee_jupyter.stats.metrics.scored import Scored, Stake
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target

EPSILON = float(np.finfo(np.float64).eps)  # scikit-learn's clip of probabilities
MOST_LOST = -math.log(EPSILON)  # by one row


def _score(target: Target, rows: np.ndarray) -> Scored:
    given = of_truth(target, rows)
    scored = row_mean(np.log(np.clip(given, EPSILON, 1 - EPSILON)))
    denied = deny_a_class(rows[:, : len(target.labels)] if rows.ndim == 2 else rows)
    if not denied.any():
        return scored
    struck = int(np.count_nonzero(given[denied] <= NO_CHANCE))
    return replace(scored, stake=Stake(rows=denied, struck=struck, lost=MOST_LOST))


METRIC = MetricFacts(
    name="log_loss",
    label="log loss",
    higher_is_better=False,
    limits=(0.0, math.inf),
    needs="scores",
    score=_score,
    also=("logloss", "cross_entropy"),
    usual=60,
    probabilities=True,
    positive="of two",
    row_mean=True,
    table_loss=lambda truth, given, level: given.clip(EPSILON, 1 - EPSILON).log() * -1,
    most_in_practice=37.0,  # libraries keep probabilities at least 1e-16 away from 0, so that no row loses more
    spread=loss_spread(),
)
