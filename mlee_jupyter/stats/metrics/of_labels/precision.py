"""Precision: of the rows that a class was predicted for, the share that is of it."""

from __future__ import annotations

import math

from mlee_jupyter.stats.metrics.class_ratios import AVERAGES, averaged, class_ratio
from mlee_jupyter.stats.metrics.expected import Expected
from mlee_jupyter.stats.metrics.traits import MetricFacts


def _spread(expected: Expected, score: float) -> float:
    """Of a share of the alarms, taken to be as many as the positives."""
    return math.sqrt(score * (1 - score) / (expected.positives or 0.5))


METRIC = MetricFacts(
    name="precision",
    label="precision",
    higher_is_better=True,
    limits=(0.0, 1.0),
    needs="labels",
    score=class_ratio(1.0, 0.0, 1.0),
    also=("precision_score",),
    positive="one",
    way_out="precision_macro or precision_weighted",
    averages=AVERAGES,
    hangs_on_classes=True,
    always_positive=True,
    counted="alarms",
    best_is_exact=False,
    spread=_spread,
)
VARIANTS = averaged(METRIC)
