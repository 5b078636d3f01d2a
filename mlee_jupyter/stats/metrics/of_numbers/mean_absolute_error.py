"""Mean absolute error: how far predictions are off, on average."""

from __future__ import annotations

import math

import numpy as np

from mlee_jupyter.stats.metrics.row_losses import HALF_NORMAL, loss_spread, mean_of
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target


def _loss(target: Target, rows: np.ndarray) -> np.ndarray:
    return np.asarray(np.abs(target.truth - rows))


METRIC = MetricFacts(
    name="mean_absolute_error",
    label="mean absolute error",
    higher_is_better=False,
    limits=(0.0, math.inf),
    needs="numbers",
    score=mean_of(_loss),
    also=("mae",),
    short="mae",
    usual=70,
    default_for="numbers",
    row_mean=True,
    table_loss=lambda truth, given, level: (truth - given).abs(),
    spread=loss_spread(HALF_NORMAL),
)
