"""The judge: truth and predictions in, what the data can carry out.

`compare` is the public door and needs no experiment; `judge` and `measure` are what a session uses.

The package itself can be called, too: `mlee_jupyter.compare(...)` is the door's public name, and Python binds that
name to this package as soon as any module imports it.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from mlee_jupyter.stats.metrics import MetricFacts, default_metric, metric_facts, truth_kind

from .comparison import Comparison
from .door import compare
from .entries import Entry, Measurement, measure, measure_folds
from .judging import judge

__all__ = [
    "Comparison",
    "Entry",
    "Measurement",
    "MetricFacts",
    "compare",
    "default_metric",
    "judge",
    "measure",
    "measure_folds",
    "metric_facts",
    "truth_kind",
]


class _Door(ModuleType):
    """This package, callable."""

    def __call__(self, *args: Any, **options: Any) -> Comparison:
        """`compare`."""
        return compare(*args, **options)


sys.modules[__name__].__class__ = _Door
