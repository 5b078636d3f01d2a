"""The judge: truth and predictions in, what the data can carry out.

`judge` and `measure` are what a session and `compare` use.
"""

from __future__ import annotations

from mlee_jupyter.stats.metrics.catalogue import MetricFacts, default_metric, metric_facts, truth_kind

from .entries import Entry, Measurement, class_scores, measure, measure_folds
from .judging import judge

__all__ = [
    "Entry",
    "Measurement",
    "MetricFacts",
    "class_scores",
    "default_metric",
    "judge",
    "measure",
    "measure_folds",
    "metric_facts",
    "truth_kind",
]
