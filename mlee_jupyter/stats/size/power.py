"""How many rows a difference needs, and how small a difference the rows at hand can show."""

from __future__ import annotations

import math

from mlee_jupyter.stats.distributions import binomial_half, normal_quantile

POWER = 0.8
MOST_ROWS = 10**12  # beyond this a number of rows means "never"


def _reach(alpha: float, power: float) -> float:
    return normal_quantile(1 - alpha / 2) + normal_quantile(power)


def rows_to_resolve(gain: float, disagreement: float, alpha: float = 0.05, power: float = POWER) -> int | None:
    """Rows with which two candidates that truly differ by `gain` are told apart; None where none suffice.

    n = 7.85 d / gain^2 at 5% and 80% (Connor 1987, without its small term in gain^2).

    Args:
        gain: difference of two shares of right rows, greater than 0.
        disagreement: share of rows on which exactly one of the two is right, in 0..1.
        alpha: two-sided error.
        power: chance of seeing the difference.
    """
    return _rows(_reach(alpha, power) ** 2 * disagreement, gain)


def rows_to_separate(gap: float, row_spread: float, critical: float, power: float = POWER) -> int | None:
    """Rows with which an observed gap, if real, separates two columns; None where none suffice.

    n = ((c + z_power) s / gap)^2.

    Args:
        gap: difference of the scores, in the metric's units.
        row_spread: standard error of that difference times the root of the rows it came from.
        critical: quantile of the test on the normal scale: 1.96 for one pair, more among several.
        power: chance of separating them.
    """
    return _rows(((critical + normal_quantile(power)) * row_spread) ** 2, gap)


def _rows(needed: float, gap: float) -> int | None:
    if not gap > 0 or not math.isfinite(needed) or needed <= 0 or needed / gap > MOST_ROWS * gap:
        return None
    return max(2, math.ceil(needed / gap / gap))


def smallest_gain(spread: float, critical: float, power: float = POWER) -> float:
    """The smallest true difference that rows with this standard error of the difference can show.

    Args:
        spread: standard error of the difference.
        critical: quantile of the test on the normal scale.
        power: chance of showing it, in [0.5, 1).
    """
    return (critical + normal_quantile(power)) * spread


def exact_mcnemar(better: int, worse: int) -> float:
    """One-sided p-value that the first of two is no better, from the rows on which they disagree (McNemar 1947).

    Args:
        better: rows on which only the first is right.
        worse: rows on which only the second is right.
    """
    return binomial_half(worse, better + worse)
