"""Scores that are a function of a mean over rows are compared on the mean's own scale, and told in their units.

RMSE orders columns as MSE does, and equal RMSE is equal MSE. Its linear form, e^2 / (2 rmse), takes the root for a
straight line, which on few rows with heavy-tailed errors it is not: a truly best of five was lost in 9% of samples
of 30 rows. So the set, the order of elimination and the p-values come from MSE, and a difference follows exactly:
rmse_i - rmse_j = (mse_i - mse_j) / (rmse_i + rmse_j), with the same t statistic.

R2 is 1 - MSE / variance of the truth, one divisor for all columns; equal R2 is equal MSE as well. Intervals of a
difference are as wide as that says, or wider where the divisor's own error makes them so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target

from .pairs import Pairs, compare_pairs


def comparable(facts: MetricFacts, columns: Sequence[Scored], target: Target | None) -> list[Scored]:
    """The columns on the scale on which they are compared; those of most metrics as they are.

    Args:
        facts: the metric.
        columns: scored, or read back from stored influence values.
        target: the prepared truth; of R2 without one the columns stay as they are, which is valid but less sharp.
    """
    if facts.is_root:
        return [c.rescaled(-c.theta * c.theta, -2 * c.theta) for c in columns]
    if facts.over_variance and target is not None:
        spread = (target.truth - np.mean(target.truth)) ** 2
        share = spread / np.mean(spread) - 1  # a row's part in the divisor's error
        return [replace(c, psi=c.influence - (1 - c.theta) * share) for c in columns]
    return list(columns)


def in_units(facts: MetricFacts, pairs: Pairs, columns: Sequence[Scored]) -> Pairs:
    """The pairs in the metric's own units.

    Args:
        facts: the metric.
        pairs: of `comparable` columns.
        columns: the same before `comparable`, summed up as the pairs' columns were.
    """
    if facts.is_root:
        root = np.sqrt(np.maximum(0.0, -pairs.theta))
        both = root[:, None] + root[None, :]
        slope = np.divide(0.5, root, out=np.zeros_like(root), where=root > 0)
        return replace(
            pairs,
            theta=-root,
            variance=pairs.variance * slope**2,
            covariance=_whole(pairs) * np.outer(slope, slope),
            spread=np.divide(pairs.spread, both, out=np.zeros_like(both), where=both > 0),
        )
    if facts.over_variance:
        own = compare_pairs(columns)
        wider = np.where(pairs.spread > 0, np.maximum(pairs.spread, own.spread), pairs.spread)
        return replace(pairs, variance=own.variance, covariance=own.covariance, spread=wider)
    return pairs


def _whole(pairs: Pairs) -> np.ndarray:
    """(K, K) the covariance with what all share: each column is scaled by itself, so that part no longer cancels."""
    return np.asarray((pairs.variance[:, None] + pairs.variance[None, :] - pairs.spread**2) / 2)


def errors_in_units(facts: MetricFacts, errors: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Drawn errors of comparable columns (K, B) as errors of scores in the metric's units, against the best column.

    Args:
        facts: the metric.
        errors: (K, B) of the comparable columns, less any part that all share.
        theta: (K,) the scores in the metric's units, higher is better.
    """
    if not facts.is_root:
        return errors
    best = int(np.argmax(theta))
    both = np.abs(theta) + abs(float(theta[best]))
    return np.asarray((errors - errors[best]) * np.divide(1.0, both, out=np.zeros_like(both), where=both > 0)[:, None])
