"""ROC AUC: how often a row of the positive class scores above one of another class."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from mlee_jupyter.stats.distributions import normal_quantile
from mlee_jupyter.stats.metrics.expected import Expected
from mlee_jupyter.stats.metrics.ranked import ranked
from mlee_jupyter.stats.metrics.ranking import auc_influence
from mlee_jupyter.stats.metrics.traits import MetricFacts


def _spread(expected: Expected, score: float) -> float:
    """By the components of DeLong, under two normal distributions of equal variance (Hanley and McNeil 1982)."""
    share = expected.positives or 0.5
    return math.sqrt(max(0.0, _both_above(score) - score**2) * (1 / share + 1 / (1 - share)))


def _both_above(auc: float) -> float:
    """E Phi(Z + mu)^2 with Phi(mu / sqrt 2) = AUC: the chance that one row ranks above two of the other class."""
    from scipy.special import ndtr

    points, weights = np.polynomial.hermite_e.hermegauss(64)
    mu = math.sqrt(2) * normal_quantile(min(max(auc, 1e-9), 1 - 1e-9))
    return float(weights @ ndtr(points + mu) ** 2 / math.sqrt(2 * math.pi))


METRIC = MetricFacts(
    name="roc_auc",
    label="ROC AUC",
    higher_is_better=True,
    limits=(0.0, 1.0),
    needs="scores",
    score=ranked(auc_influence),
    also=("auc", "roc_auc_score"),
    usual=40,
    ranks=True,
    positive="one",
    way_out="roc_auc_ovr",
    hangs_on_classes=True,
    symmetric=True,
    spread=_spread,
)
VARIANTS = (
    replace(
        METRIC,
        name="roc_auc_ovr",
        label="ROC AUC, one class against the rest",
        average="macro",
        positive="none",
        also=(),
        usual=None,
    ),
)
