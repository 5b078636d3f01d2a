"""Root mean squared log error: the root of the mean squared log error."""

from __future__ import annotations

import math

from mlee_jupyter.stats.metrics.row_losses import root_of, root_spread, squared_log_error
from mlee_jupyter.stats.metrics.target import refuse_without_logarithm
from mlee_jupyter.stats.metrics.traits import MetricFacts

METRIC = MetricFacts(
    name="root_mean_squared_log_error",
    label="root mean squared log error",
    higher_is_better=False,
    limits=(0.0, math.inf),
    needs="numbers",
    score=root_of(squared_log_error),
    also=("rmsle",),
    short="rmsle",
    refuse_truth=refuse_without_logarithm,
    is_root=True,
    table_loss=lambda truth, given, level: ((truth + 1).log() - (given + 1).log()) ** 2,
    spread=root_spread(),
)
