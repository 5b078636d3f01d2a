"""How much the difference of two candidates varies from row to row, expected before any row is there.

With s_a and s_b the standard deviations of the two influence values and r their correlation, the variance of the
difference on one row is s_a^2 + s_b^2 - 2 r s_a s_b. With p the expected score and q the better one's:

- accuracy: s^2 = p (1 - p). The share d of rows on which exactly one is right gives d - (q - p)^2 (Connor 1987).
- recall: p (1 - p) / share of positives; precision likewise by the share of alarms, taken as that of the positives.
- F1: p (1 - p) (2 - p) / (positives + alarms), the delta method on 2TP / (2TP + FP + FN).
- ROC AUC: (Q - p^2) (1 / positives + 1 / negatives), where Q = E Phi(z)^2 is the chance that two rows of one class
  both rank above one of the other (Hanley and McNeil 1982; DeLong, DeLong and Clarke-Pearson 1988), under two normal
  distributions of equal variance.
- losses: the standard deviation of one row's loss. With normal errors sqrt(2) mse, 0.756 mae; rmse by the delta
  method, R2 as mse in units of the truth's variance, since both candidates share the truth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.distributions import normal_quantile
from mlee_jupyter.stats.metrics.catalogue import MetricFacts

HALF_NORMAL = math.sqrt(math.pi / 2 - 1)  # spread of |e| over its mean


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What is expected of two candidates."""

    score: float  # of the lesser one
    correlation: float = 0.0  # of what they do on a row
    disagreement: float | None = None  # share of rows on which exactly one is right
    positives: float | None = None  # share of rows
    scarcest: float | None = None  # share of the class that limits the degrees of freedom
    spread: float | None = None  # standard deviation of one row's loss


def row_spread(facts: MetricFacts, expected: Expected, gain: float) -> float:
    """Standard deviation of the difference on one row.

    Args:
        facts: the metric.
        expected: of the candidates.
        gain: what the better one is better by, in the metric's units.

    Raises:
        MleeError: the metric must be told more, or the numbers contradict each other.
    """
    if expected.disagreement is not None:
        if expected.disagreement < gain:
            raise MleeError(
                f"expected_disagreement = {expected.disagreement:.3g} is below the useful gain {gain:.3g}.",
                "Two candidates that differ by the gain disagree on at least so many rows.",
            )
        return math.sqrt(max(expected.disagreement - gain**2, 1e-12))
    better = min(1.0, expected.score + gain) if facts.higher_is_better else max(0.0, expected.score - gain)
    one, other = (_alone(facts, expected, score) for score in (expected.score, better))
    variance = one**2 + other**2 - 2 * expected.correlation * one * other
    if facts.is_accuracy:  # they disagree on as many rows as they differ, whatever the correlation
        variance = max(variance, gain - gain**2)
    return math.sqrt(max(variance, 1e-12 * (one**2 + other**2), 1e-300))


def _alone(facts: MetricFacts, expected: Expected, score: float) -> float:
    """Standard deviation of one candidate's influence values."""
    if facts.needs == "numbers" or not facts.bounded:
        return _of_loss(facts, expected, score)
    share = expected.positives or 0.5
    if facts.is_accuracy:
        return math.sqrt(score * (1 - score))
    if facts.average is None and facts.family in ("recall", "precision"):
        return math.sqrt(score * (1 - score) / share)
    if facts.average is None and facts.family == "f1":
        return math.sqrt(score * (1 - score) * (2 - score) / (2 * share))
    if facts.family == "roc_auc":
        both = _both_above(score)
        return math.sqrt(max(0.0, both - score**2) * (1 / share + 1 / (1 - share)))
    raise MleeError(
        f"How much {facts.label} varies cannot be told beforehand.",
        "Record two candidates on some rows: their comparison says how many are needed (rows_for).",
    )


def _of_loss(facts: MetricFacts, expected: Expected, score: float) -> float:
    # with a spread from a pilot, the better one's losses vary in proportion
    part = score / expected.score if expected.score > 0 and not facts.higher_is_better else 1.0
    if facts.family == "mean_squared_error":
        return math.sqrt(2) * score if expected.spread is None else expected.spread * part
    if facts.family == "root_mean_squared_error":
        squared = math.sqrt(2) * score**2 if expected.spread is None else expected.spread * part**2
        return squared / (2 * score) if score > 0 else 0.0
    if facts.family == "mean_absolute_error":
        return HALF_NORMAL * score if expected.spread is None else expected.spread * part
    if facts.family == "r2":
        missed = 1 - score
        first = 1 - expected.score
        return math.sqrt(2) * missed if expected.spread is None else expected.spread * missed / first
    if expected.spread is not None:
        return expected.spread * part
    raise MleeError(
        f"How much the {facts.label} of one row varies is not known.",
        "Pass expected_spread=, the standard deviation of one row's loss in a pilot.",
    )


def _both_above(auc: float) -> float:
    """E Phi(Z + mu)^2 with Phi(mu / sqrt 2) = AUC: the chance that one row ranks above two of the other class."""
    from scipy.special import ndtr

    points, weights = np.polynomial.hermite_e.hermegauss(64)
    mu = math.sqrt(2) * normal_quantile(min(max(auc, 1e-9), 1 - 1e-9))
    return float(weights @ ndtr(points + mu) ** 2 / math.sqrt(2 * math.pi))
