"""Average precision: the mean precision at the scores of the positives; of many classes, each against the rest."""

from __future__ import annotations

from mlee_jupyter.stats.metrics.ranked import ranked
from mlee_jupyter.stats.metrics.ranking import average_precision_influence
from mlee_jupyter.stats.metrics.traits import MetricFacts

METRIC = MetricFacts(
    name="average_precision",
    label="average precision",
    higher_is_better=True,
    limits=(0.0, 1.0),
    needs="scores",
    score=ranked(average_precision_influence),
    also=("ap", "pr_auc", "average_precision_score"),
    usual=50,
    ranks=True,
    positive="or mean",
    hangs_on_classes=True,
)
