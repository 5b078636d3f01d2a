"""F1: twice the found ones over those that are there and those that were predicted."""

from __future__ import annotations

import math

from mlee_jupyter.stats.metrics.class_ratios import AVERAGES, averaged, class_ratio
from mlee_jupyter.stats.metrics.expected import Expected
from mlee_jupyter.stats.metrics.traits import MetricFacts


def _spread(expected: Expected, score: float) -> float:
    """By the delta method on 2TP / (2TP + FP + FN), with as many alarms as positives."""
    return math.sqrt(score * (1 - score) * (2 - score) / (2 * (expected.positives or 0.5)))


METRIC = MetricFacts(
    name="f1",
    label="F1",
    higher_is_better=True,
    limits=(0.0, 1.0),
    needs="labels",
    score=class_ratio(2.0, 1.0, 1.0),
    also=("f1_score",),
    usual=30,
    positive="one",
    way_out="f1_macro or f1_weighted",
    averages=AVERAGES,
    hangs_on_classes=True,
    class_rows=0.5,
    always_positive=True,
    spread=_spread,
)
VARIANTS = averaged(METRIC)
