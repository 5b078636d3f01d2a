"""Accuracy: the share of rows whose label is right."""

from __future__ import annotations

from mlee_jupyter.stats.metrics.class_ratios import right_rows

METRIC = right_rows("accuracy", "accuracy", also=("acc", "accuracy_score"), usual=10, default_for="labels")
