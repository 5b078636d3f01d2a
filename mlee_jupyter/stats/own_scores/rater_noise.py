"""How much of a difference's error comes from who scored, where every row has several scores.

With d_ij the difference of two candidates on row i by rater j, the variance of the row means is that of rows and of
raters within a row: of it mean(s_i^2 / m_i) is the raters', s_i^2 the variance within row i, m_i its scores.

Rows do not show that raters have a taste for one of the two, the same on every row. It is what their means D_j vary by
beyond their slips, tau^2 = var(D_j) - s^2 / n; over all raters there could be, the difference has the variance of rows
and tau^2 / m, with Satterthwaite's (1946) degrees of freedom (Dorfman, Berbaum and Metz 1992, for readers of pictures).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mlee_jupyter.stats.distributions import t_quantile

PLAIN = 0.25  # of the variance of rows


@dataclass(frozen=True, kw_only=True)
class RaterNoise:
    """What several scores a row say of the scores themselves."""

    a_row: float  # scores a row, on average
    spread: float  # standard deviation of one candidate's scores within a row, less what raters always differ by
    share: float  # of the variance of the difference, in 0..1
    against: tuple[int, ...]  # places of the raters by whom the first is not ahead


def rater_noise(first: np.ndarray, second: np.ndarray) -> RaterNoise | None:
    """The noise of raters between two candidates; None where no row has two scores.

    Args:
        first: (n, raters) scores of the one that is ahead, higher is better, NaN where there is none.
        second: (n, raters) of the other, NaN at the same places.
    """
    there = ~np.isnan(first)
    counts = there.sum(axis=1)
    several = counts > 1
    if not several.any():
        return None
    apart = first - second
    within = np.nanvar(apart[several], axis=1, ddof=1) / counts[several]
    means = np.nanmean(apart, axis=1)
    whole = float(means.var(ddof=1)) if len(means) > 1 else 0.0
    noise = float(within.sum()) / len(first)  # rows of a single score hide theirs
    own = [_within(one, several) for one in (first, second)]
    by_rater = np.array([float(np.nanmean(column)) if (~np.isnan(column)).any() else np.nan for column in apart.T])
    return RaterNoise(
        a_row=float(counts.mean()),
        spread=float(np.sqrt(np.mean(own))),
        share=min(1.0, noise / whole) if whole > 0 else 0.0,
        against=tuple(int(place) for place in np.flatnonzero(by_rater <= 0)),
    )


def _within(scores: np.ndarray, several: np.ndarray) -> float:
    """The variance within rows, each rater's own level taken off."""
    levels = np.array([float(np.nanmean(column)) if (~np.isnan(column)).any() else 0.0 for column in scores.T])
    return float(np.nanmean(np.nanvar((scores - levels)[several], axis=1, ddof=1)))


def tastes_may_decide(first: np.ndarray, second: np.ndarray, alpha: float) -> bool:
    """Whether raters that differ in whom they prefer may be all there is to a lead that rows alone call clear.

    Args:
        first: (n, raters) scores of the one that is ahead, higher is better, NaN where there is none.
        second: (n, raters) of the other, NaN at the same places.
        alpha: two-sided error, in (0, 1).
    """
    apart = (first - second)[~np.isnan(first).any(axis=1)]
    n, raters = apart.shape
    if n < 2 or raters < 2:
        return False
    slips = apart - apart.mean(axis=1, keepdims=True) - apart.mean(axis=0) + apart.mean()
    of_slips = float((slips**2).sum()) / ((n - 1.0) * (raters - 1.0))
    of_tastes = max(0.0, float(apart.mean(axis=0).var(ddof=1)) - of_slips / n) / raters
    if of_tastes == 0.0:
        return False
    of_rows = float(apart.mean(axis=1).var(ddof=1)) / n
    both = of_rows + of_tastes
    df = both**2 / (of_rows**2 / (n - 1.0) + of_tastes**2 / (raters - 1.0))
    if of_tastes > PLAIN * of_rows:
        df = raters - 1.0  # of so few raters the split of the two is a guess itself
    return float(apart.mean()) < t_quantile(1 - alpha / 2, max(1.0, df)) * math.sqrt(both)
