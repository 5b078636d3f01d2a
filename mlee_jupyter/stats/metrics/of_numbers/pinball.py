"""Pinball loss: of a forecast of the 90% quantile, 0.9 of what it is too low by and 0.1 of what it is too high by."""

from __future__ import annotations

import math

import numpy as np

from mlee_jupyter.stats.metrics.row_losses import loss_spread, mean_of
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target


def _loss(target: Target, rows: np.ndarray) -> np.ndarray:
    error, level = target.truth - rows, target.facts.level or 0.5
    return np.asarray(np.where(error >= 0, level * error, (level - 1) * error))


METRIC = MetricFacts(
    name="pinball",
    label="pinball loss",
    higher_is_better=False,
    limits=(0.0, math.inf),
    needs="numbers",
    score=mean_of(_loss),
    also=("mean_pinball", "pinball_loss", "mean_pinball_loss"),
    takes_level=True,
    row_mean=True,
    table_loss=lambda truth, given, level: ((truth - given).abs() + (2 * (level or 0.5) - 1) * (truth - given)) / 2,
    spread=loss_spread(),
)
