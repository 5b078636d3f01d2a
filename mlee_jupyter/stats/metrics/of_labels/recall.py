"""Recall: the share of a class's rows that were found."""

from __future__ import annotations

import math

from mlee_jupyter.stats.metrics.class_ratios import AVERAGES, averaged, class_ratio
from mlee_jupyter.stats.metrics.expected import Expected
from mlee_jupyter.stats.metrics.traits import MetricFacts


def _spread(expected: Expected, score: float) -> float:
    """Of a share of the positives."""
    return math.sqrt(score * (1 - score) / (expected.positives or 0.5))


METRIC = MetricFacts(
    name="recall",
    label="recall",
    higher_is_better=True,
    limits=(0.0, 1.0),
    needs="labels",
    score=class_ratio(1.0, 1.0, 0.0),
    also=("recall_score",),
    positive="one",
    way_out="recall_macro or recall_weighted",
    averages=AVERAGES,
    hangs_on_classes=True,
    counted="positives",
    best_is_exact=False,
    spread=_spread,
)
VARIANTS = averaged(METRIC)
