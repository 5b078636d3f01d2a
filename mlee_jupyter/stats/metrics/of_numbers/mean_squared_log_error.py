"""Mean squared log error: the squared difference of the logarithms of 1 more than each."""

from __future__ import annotations

import math

from mlee_jupyter.stats.metrics.row_losses import loss_spread, mean_of, squared_log_error
from mlee_jupyter.stats.metrics.target import refuse_without_logarithm
from mlee_jupyter.stats.metrics.traits import MetricFacts

METRIC = MetricFacts(
    name="mean_squared_log_error",
    label="mean squared log error",
    higher_is_better=False,
    limits=(0.0, math.inf),
    needs="numbers",
    score=mean_of(squared_log_error),
    also=("msle",),
    short="msle",
    refuse_truth=refuse_without_logarithm,
    row_mean=True,
    table_loss=lambda truth, given, level: ((truth + 1).log() - (given + 1).log()) ** 2,
    spread=loss_spread(),
)
