"""Mean squared error: the mean of the squared errors."""

from __future__ import annotations

import math

from mlee_jupyter.stats.metrics.row_losses import NORMAL_SQUARE, loss_spread, mean_of, squared_error
from mlee_jupyter.stats.metrics.traits import MetricFacts

METRIC = MetricFacts(
    name="mean_squared_error",
    label="mean squared error",
    higher_is_better=False,
    limits=(0.0, math.inf),
    needs="numbers",
    score=mean_of(squared_error),
    also=("mse",),
    short="mse",
    row_mean=True,
    table_loss=lambda truth, given, level: (truth - given) * (truth - given),
    spread=loss_spread(NORMAL_SQUARE),
)
