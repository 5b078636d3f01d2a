"""Published formulas that need no board: intervals of shares and of folds, and what constant rules score."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import stats

from . import scores

ALPHA = 0.05
POWER = float(stats.norm.ppf(0.8))
Z = float(stats.norm.isf(ALPHA / 2))
Z1 = float(stats.norm.isf(ALPHA))
Window = tuple[float, float]


def wilson(share: float, trials: float, alpha: float) -> tuple[float, float]:
    """Wilson's score interval (1927)."""
    z = float(stats.norm.isf(alpha / 2))
    centre, whole = share + z * z / (2 * trials), 1 + z * z / trials
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(0.0, (centre - half) / whole), min(1.0, (centre + half) / whole)


def bonett_price(gap: float, differ: float, trials: float, z: float) -> tuple[float, float]:
    """The interval of a difference of paired shares: one disagreement more on each side (2012)."""
    centre = gap * trials / (trials + 2)
    half = z * math.sqrt(max(0.0, (differ + 2) / (trials + 2) - centre**2) / (trials + 2))
    return centre - half, centre + half


def constant_rules(metric: str, truth: np.ndarray, positive: Any) -> Mapping[str, np.ndarray]:
    """What constant rules answer, by name; none has a rank correlation."""
    n = len(truth)
    if metric in scores.NUMBERS:
        constants = {"mean": truth.mean(), "median": np.median(truth)}
        if metric.startswith("pinball"):
            constants = {"quantile": np.quantile(truth, float(metric.partition("_")[2]))}
        return {} if metric == "spearman" else {k: np.full(n, float(v)) for k, v in constants.items()}
    labels, counts = np.unique(truth, return_counts=True)
    if metric not in scores.LABELS:
        return {"most frequent": np.tile(counts / n, (n, 1))}
    most = [label for label, count in zip(labels, counts, strict=True) if count == counts.max()]
    frequent = positive if any(label == positive for label in most) and metric != "accuracy" else most[0]
    found = {"most frequent": np.full(n, frequent, dtype=truth.dtype)}
    return found if positive is None else {**found, "always positive": np.full(n, positive, dtype=truth.dtype)}


def baselines(metric: str, truth: np.ndarray, positive: Any) -> Mapping[str, float]:
    """The scores of constant rules, by name."""
    rules = constant_rules(metric, truth, positive)
    return {name: scores.score(metric, truth, rows, positive) for name, rows in rules.items()}


def of_folds(folds: list[float]) -> tuple[Window, Window]:
    """The ends of the range of a mean of fold scores: variance (1/J + n_test/n_train) S^2, t with J - 1 (2003)."""
    count, mean = len(folds), float(np.mean(folds))
    half = (
        float(stats.t.isf(ALPHA / 2, count - 1)) * float(np.std(folds, ddof=1)) * math.sqrt(1 / count + 1 / (count - 1))
    )
    low, high = max(0.0, mean - half), min(1.0, mean + half)
    return (low, low), (high, high)
