"""R2: 1 less the mean square of the errors over the variance of the truth."""

from __future__ import annotations

import math

import numpy as np

from mlee_jupyter.stats.metrics.expected import Expected
from mlee_jupyter.stats.metrics.row_losses import NORMAL_SQUARE
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.target import refuse_constant
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target


def _score(target: Target, rows: np.ndarray) -> Scored:
    error = target.truth - rows
    squared = error * error
    spread = (target.truth - np.mean(target.truth)) ** 2
    total = float(np.sum(spread))
    theta = 1 - float(np.sum(squared)) / total
    psi = -(squared - (1 - theta) * spread) / (total / target.n)
    return Scored(theta=theta, psi=psi, df=target.n - 1)


def _spread(expected: Expected, score: float) -> float:
    """As of the mean square in units of the truth's variance, which both candidates share."""
    missed = 1 - score
    if expected.spread is None:
        return NORMAL_SQUARE * missed
    return expected.spread * missed / (1 - expected.score)


METRIC = MetricFacts(
    name="r2",
    label="R2",
    higher_is_better=True,
    limits=(-math.inf, 1.0),
    needs="numbers",
    score=_score,
    also=("r2_score",),
    usual=90,
    refuse_truth=refuse_constant,
    over_variance=True,
    spread=_spread,
)
