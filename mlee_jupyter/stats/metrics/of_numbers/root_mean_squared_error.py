"""Root mean squared error: the root of the mean of the squared errors."""

from __future__ import annotations

import math

from mlee_jupyter.stats.metrics.row_losses import NORMAL_SQUARE, root_of, root_spread, squared_error
from mlee_jupyter.stats.metrics.traits import MetricFacts

METRIC = MetricFacts(
    name="root_mean_squared_error",
    label="root mean squared error",
    higher_is_better=False,
    limits=(0.0, math.inf),
    needs="numbers",
    score=root_of(squared_error),
    also=("rmse",),
    short="rmse",
    usual=80,
    is_root=True,
    table_loss=lambda truth, given, level: (truth - given) * (truth - given),
    spread=root_spread(NORMAL_SQUARE),
)
