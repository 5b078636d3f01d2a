"""Spearman: the correlation of the ranks of predictions and truth."""

from __future__ import annotations

from mlee_jupyter.stats.metrics.correlation import correlated, spearman_influence
from mlee_jupyter.stats.metrics.target import refuse_constant
from mlee_jupyter.stats.metrics.traits import MetricFacts

METRIC = MetricFacts(
    name="spearman",
    label="Spearman correlation",
    higher_is_better=True,
    limits=(-1.0, 1.0),
    needs="numbers",
    score=correlated(spearman_influence),
    also=("spearmanr",),
    refuse_truth=refuse_constant,
    constant_is_undefined=True,
    best_is_exact=False,
)
