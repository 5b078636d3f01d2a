"""The judge: truth and predictions in, what the data can carry out.

`compare` is the public door and needs no experiment; `judge` and `measure` are what a session uses.
"""

from __future__ import annotations

from mlee_jupyter.stats.metrics import MetricFacts, default_metric, metric_facts, truth_kind

from .comparison import Comparison
from .door import compare
from .entries import Entry, Measurement, class_scores, measure, measure_folds
from .judging import judge

__all__ = [
    "Comparison",
    "Entry",
    "Measurement",
    "MetricFacts",
    "class_scores",
    "compare",
    "default_metric",
    "judge",
    "measure",
    "measure_folds",
    "metric_facts",
    "truth_kind",
]
