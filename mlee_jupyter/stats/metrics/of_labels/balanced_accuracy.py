"""Balanced accuracy: the mean of each class's share of found rows."""

from __future__ import annotations

from mlee_jupyter.stats.metrics.class_ratios import class_ratio
from mlee_jupyter.stats.metrics.traits import MetricFacts

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
)
