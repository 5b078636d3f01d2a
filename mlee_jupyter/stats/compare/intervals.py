"""95% (or 1 - alpha) intervals of one score, and of the difference of two."""

from __future__ import annotations

import math

import numpy as np

from mlee_jupyter.stats.distributions import normal_quantile, t_quantile
from mlee_jupyter.stats.metrics.scored import Scored, Stake
from mlee_jupyter.stats.metrics.traits import MetricFacts

from .free_scale import from_free_scale, on_free_scale
from .hall import hall_end

SAME = 1e-12  # of a score: values that differ by less are alike


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


def score_interval(
    facts: MetricFacts,
    scored: Scored,
    alpha: float = 0.05,
    plain: bool = True,
    cautious: bool = True,
    known: bool = False,
    free: bool | None = None,
) -> tuple[float, float]:
    """The interval of one score, in the metric's own direction and within its limits.

    Wilson for proportions: right rows (accuracy), found positives (recall), true alarms (precision). Otherwise
    score +- t * standard error of the influence values, with the degrees of freedom of the scarcest class; each end
    moved out to Hall's (1992), where rows are skewed, and to that on the scale without limits (log odds of an AUC).
    A score of classes whose error is estimated as nothing (all cases right, say) is treated as a proportion of the rows
    of its scarcest class: no sample proves perfection. A loss that is the same on every row may be anything on others,
    so it has the metric's limits. Of the root of a mean it is the root of the mean's interval.

    Args:
        facts: the metric.
        scored: the column.
        alpha: two-sided error, in (0, 1).
        plain: False where rows were summed up or weighted, so that a share of them counts nothing.
        cautious: False for waves of a series, which have no skewness, and for score +- t alone.
        known: that it is of a rule whose loss is the same on every row.
        free: whether the ends are moved out to those on the scale without limits; None: where it is cautious. A loss in
            time order is skewed as well, though its waves do not show it.
    """
    proportion = facts.is_proportion and plain
    if not proportion:
        squares, n = scored.squares, scored.n
    if proportion or (facts.can_look_perfect and squares == 0):
        trials, (least, most) = max(1.0, _trials(facts, scored)), facts.limits
        low, high = wilson((scored.theta - least) / (most - least) * trials, trials, alpha)
        return least + (most - least) * low, least + (most - least) * high
    if squares <= n * (SAME * scored.theta) ** 2 and not known:
        return unvaried_interval(facts, facts.sign * scored.theta, n, alpha)
    error = math.sqrt(squares / (n * (n - 1.0)))
    quantile, mean = t_quantile(1 - alpha / 2, max(1.0, scored.df)), scored.theta
    if facts.is_root:  # the root of the mean's own interval
        mean, error = -mean * mean, error * 2 * abs(mean)
    low, high = mean - quantile * error, mean + quantile * error
    if plain and cautious and not known and scored.shares:
        least, most = _of_shares(scored, alpha)
        low, high = min(low, least), max(high, most)
    if cautious and error > 0:
        skewness = scored.cubes / squares**1.5
        low = min(low, mean - error * float(hall_end(np.array(quantile), np.array(-skewness))))
        high = max(high, mean + error * float(hall_end(np.array(quantile), np.array(skewness))))
    if (cautious if free is None else free) and error > 0:
        value, slope = on_free_scale(np.array([mean]), *facts.comparable_limits)
        if np.isfinite(value[0]):
            ends = value[0] + quantile * error * slope[0] * np.array([-1.0, 1.0])
            least, most = from_free_scale(ends, *facts.comparable_limits)
            low, high = min(low, float(least)), max(high, float(most))
    if scored.stake is not None:
        low = min(low, mean - math.hypot(mean - low, _further(scored.stake, alpha)))
    least, most = facts.comparable_limits
    low, high = max(least, low), min(most, high)
    if not facts.higher_is_better:
        low, high = -high, -low
    return (math.sqrt(low), math.sqrt(high)) if facts.is_root else (low + 0.0, high + 0.0)


def _further(stake: Stake, alpha: float) -> float:
    """What may be lost beyond what was seen, by rows on which a class comes that was given no chance."""
    rows = float(np.count_nonzero(stake.rows))
    share = stake.struck / rows
    seen = normal_quantile(1 - alpha / 2) * math.sqrt(share * (1 - share) / rows)
    lacking = (wilson(stake.struck, rows, alpha)[1] - share) ** 2 - seen**2
    return stake.lost * rows / len(stake.rows) * math.sqrt(max(0.0, lacking))


def _of_shares(scored: Scored, alpha: float) -> tuple[float, float]:
    """The interval of a sum of shares from those of its parts (Zou and Donner 2008).

    A class of six rows of which none was found has no scatter, and may yet be found in two cases of five.
    """
    below = above = 0.0
    for part in scored.shares:
        value = part.value(part.right / part.rows)
        low, high = (part.value(end) for end in wilson(part.right, part.rows, alpha))
        below += (part.weight * (value - low)) ** 2
        above += (part.weight * (high - value)) ** 2
    return scored.theta - math.sqrt(below), scored.theta + math.sqrt(above)


def unvaried_interval(facts: MetricFacts, score: float, trials: float, alpha: float = 0.05) -> tuple[float, float]:
    """The interval of a mean of values that are all alike: what was not seen to vary is not known not to.

    Between two limits no values vary more, at the same mean, than those that are either, so Wilson's interval holds for
    them. Without limits on both sides nothing is known: it is all that the metric can be.

    Args:
        facts: the metric.
        score: in the metric's own direction.
        trials: independent values, greater than 0.
        alpha: two-sided error, in (0, 1).
    """
    least, most = facts.limits
    if not facts.has_both_limits:
        return least, most
    low, high = wilson((score - least) / (most - least) * trials, trials, alpha)
    return least + (most - least) * low, least + (most - least) * high


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
