"""95% (or 1 - alpha) intervals of one score, and of the difference of two."""

from __future__ import annotations

import math

import numpy as np

from mlee_jupyter.stats.distributions import normal_quantile, t_quantile
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts


def wilson(successes: float, trials: float, alpha: float = 0.05) -> tuple[float, float]:
    """Wilson's score interval of a proportion (Wilson 1927).

    Args:
        successes: between 0 and trials; may be a fraction.
        trials: greater than 0.
        alpha: two-sided error, in (0, 1).
    """
    z2 = normal_quantile(1 - alpha / 2) ** 2
    share = successes / trials
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = math.sqrt(z2 * (share * (1 - share) / trials + z2 / (4 * trials**2))) / (1 + z2 / trials)
    return (0.0 if successes <= 0 else max(0.0, centre - half), 1.0 if successes >= trials else min(1.0, centre + half))


def score_interval(facts: MetricFacts, scored: Scored, alpha: float = 0.05, plain: bool = True) -> tuple[float, float]:
    """The interval of one score, in the metric's own direction and within its limits.

    Wilson for proportions: right rows (accuracy), found positives (recall), true alarms (precision). Otherwise
    score +- t * standard error of the influence values, with the degrees of freedom of the scarcest class. A score
    of classes whose error is estimated as nothing (all cases right, say) is treated as a proportion of the rows of its
    scarcest class: no sample proves perfection. Of the root of a mean it is the root of the mean's interval.

    Args:
        facts: the metric.
        scored: the column.
        alpha: two-sided error, in (0, 1).
        plain: False where rows were summed up or weighted, so that a share of them counts nothing.
    """
    proportion = facts.is_proportion and plain
    if not proportion:
        psi = scored.influence
        squares = float(np.einsum("r,r->", psi, psi))  # no threads of BLAS for a single sum
    if proportion or (facts.can_look_perfect and squares == 0):
        trials, (least, most) = max(1.0, _trials(facts, scored)), facts.limits
        low, high = wilson((scored.theta - least) / (most - least) * trials, trials, alpha)
        return least + (most - least) * low, least + (most - least) * high
    error = math.sqrt(squares / (len(psi) * (len(psi) - 1.0)))
    half = t_quantile(1 - alpha / 2, max(1.0, scored.df)) * error
    value, (least, most) = facts.sign * scored.theta, facts.limits
    if facts.is_root:  # the root of the mean's own interval
        return math.sqrt(max(0.0, value * (value - 2 * half))), math.sqrt(value * (value + 2 * half))
    return max(least, value - half), min(most, value + half)


def _trials(facts: MetricFacts, scored: Scored) -> float:
    if facts.counted == "alarms" and 0 < scored.theta < 1:
        return float(np.count_nonzero(scored.psi))  # only predicted positives have an influence
    return scored.df + 1


def difference_interval(
    gap: float, spread: float, df: float, alpha: float = 0.05, disagreements: float | None = None, trials: float = 0
) -> tuple[float, float]:
    """The interval of one paired difference.

    Args:
        gap: the observed difference.
        spread: its standard error.
        df: degrees of freedom of that error.
        alpha: two-sided error, in (0, 1).
        disagreements: for shares of right rows, the rows on which the two differ. Then the interval is that of
            Bonett and Price (2012), which adds one disagreement to each side: it holds at few disagreements, and
            leaves 0 out only from six rows to nothing on, as the exact McNemar test does.
        trials: the rows counted, with `disagreements`.
    """
    quantile = t_quantile(1 - alpha / 2, max(1.0, df))
    if disagreements is None:
        return gap - quantile * spread, gap + quantile * spread
    centre = gap * trials / (trials + 2)
    half = quantile * math.sqrt(max(0.0, (disagreements + 2) / (trials + 2) - centre**2) / (trials + 2))
    return max(-1.0, centre - half), min(1.0, centre + half)
