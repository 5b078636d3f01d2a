"""Balanced accuracy: the mean of each class's share of found rows."""

from __future__ import annotations

import math

from mlee_jupyter.stats.metrics.class_ratios import class_ratio
from mlee_jupyter.stats.metrics.expected import Expected
from mlee_jupyter.stats.metrics.traits import MetricFacts


def _spread(expected: Expected, score: float) -> float:
    """Of two classes that are found alike: half of either share of found rows, each of its own rows."""
    share = expected.positives or 0.5
    return math.sqrt(score * (1 - score) * (1 / share + 1 / (1 - share))) / 2


METRIC = MetricFacts(
    name="balanced_accuracy",
    label="balanced accuracy",
    higher_is_better=True,
    limits=(0.0, 1.0),
    needs="labels",
    score=class_ratio(1.0, 1.0, 0.0, strangers=False),
    also=("balanced_accuracy_score",),
    usual=20,
    hangs_on_classes=True,
    spread=_spread,
)
