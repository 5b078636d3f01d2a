"""A truth that a metric takes, and predictions for it, whatever metric it is."""

from __future__ import annotations

import numpy as np

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.stats.metrics.catalogue import found_metrics, metrics
from mlee_jupyter.stats.metrics.traits import MetricFacts

LEVELED = [f"{one.name}_0.2" for group in found_metrics() for one in group if one.takes_level]
ALL = [*metrics(), *LEVELED]
FIRSTS = [*(group[0].name for group in found_metrics() if not group[0].takes_level), *LEVELED]  # without variants


def problem(facts: MetricFacts, seed: int, n: int, classes: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A truth that the metric takes, predictions that are often wrong, and perfect ones."""
    random = np.random.default_rng(seed)
    if facts.needs == "numbers":
        truth = np.round(1 + 9 * random.random(n), 3)
        return truth, np.round(1 + 9 * random.random(n), 3), truth.copy()
    truth = random.permutation(np.arange(n) % classes)
    if facts.needs == "labels":
        return truth, np.where(random.random(n) < 0.6, truth, random.integers(0, classes, n)), truth.copy()
    raw = random.random((n, classes)) + 0.01
    return truth, raw / raw.sum(axis=1, keepdims=True), np.eye(classes)[truth]


def kind_of(facts: MetricFacts) -> ResultKind:
    """What its predictions are handed over as."""
    return ResultKind.SCORES if facts.needs == "scores" else ResultKind.PREDICTIONS
