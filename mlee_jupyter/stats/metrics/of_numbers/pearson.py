"""Pearson: the linear correlation of predictions and truth."""

from __future__ import annotations

from mlee_jupyter.stats.metrics.correlation import correlated, pearson_influence
from mlee_jupyter.stats.metrics.target import refuse_constant
from mlee_jupyter.stats.metrics.traits import MetricFacts

METRIC = MetricFacts(
    name="pearson",
    label="Pearson correlation",
    higher_is_better=True,
    limits=(-1.0, 1.0),
    needs="numbers",
    score=correlated(pearson_influence),
    also=("pearsonr",),
    refuse_truth=refuse_constant,
    constant_is_undefined=True,
    best_is_exact=False,
)
