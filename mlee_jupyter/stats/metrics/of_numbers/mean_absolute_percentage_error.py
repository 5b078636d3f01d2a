"""Mean absolute percentage error: the absolute error over the truth, none of which is 0."""

from __future__ import annotations

import math

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.row_losses import loss_spread, mean_of
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target


def _loss(target: Target, rows: np.ndarray) -> np.ndarray:
    return np.asarray(np.abs(target.truth - rows) / np.abs(target.truth))


def _refuse(truth: np.ndarray, label: str) -> None:
    zeros = int(np.count_nonzero(truth == 0))
    if zeros:
        raise MleeError(f"A percentage of a truth of 0 is not defined: {zeros:,} row(s) have it.", "Choose mae.")


METRIC = MetricFacts(
    name="mean_absolute_percentage_error",
    label="mean absolute percentage error",
    higher_is_better=False,
    limits=(0.0, math.inf),
    needs="numbers",
    score=mean_of(_loss),
    also=("mape",),
    short="mape",
    refuse_truth=_refuse,
    row_mean=True,
    table_loss=lambda truth, given, level: (truth - given).abs() / truth.abs(),
    spread=loss_spread(),
)
