"""Which of K columns may be the best: a model confidence set, from covariances alone.

The sequential procedure of Hansen, Lunde and Nason (2011) with their range statistic T_R. The null distribution
comes from normal draws with the estimated covariance instead of resampled rows, so it costs O(B K^2) whatever the
number of rows; each pair's statistic is first brought to the normal scale by a t distribution whose degrees of
freedom are those of the scarcest class. Promise: every truly best column is in the set with probability 1 - alpha.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

from .pairs import Pairs

DRAWS = 2000
SEED = 20240229  # any; fixed, so that the same predictions get the same answer
DRAW_BLOCK = 256
TIE = 1e-5  # relative: a draw this close below the statistic counts as reaching it


@dataclass(frozen=True, kw_only=True, eq=False)
class ConfidenceSet:
    """The set and what it took to find it; columns in the order they were given."""

    p_values: np.ndarray  # (K,); the last to be eliminated has 1
    members: np.ndarray  # (K,) bool
    critical: np.ndarray  # (K + 1,) 1 - alpha quantile of the largest |difference| in the last 1..K columns standing
    draws: np.ndarray  # (K, B) errors of the scores, less their common part

    @property
    def critical_all(self) -> float:
        """For all pairs at once."""
        return float(self.critical[-1])

    @property
    def critical_members(self) -> float:
        """For all pairs of members at once; at least that of a single pair."""
        return self.critical_of(int(self.members.sum()))

    def critical_of(self, standing: int) -> float:
        """For all pairs at once among the columns that stood longest."""
        return float(self.critical[min(max(standing, 1), len(self.critical) - 1)])


def confidence_set(pairs: Pairs, alpha: float = 0.05, draws: int = DRAWS, seed: int = SEED) -> ConfidenceSet:
    """The columns that cannot be told from the best.

    Args:
        pairs: from `compare_pairs`; the columns in an order that does not hang on chance (best first), since draws
            are dealt by place and ties are broken against the later one.
        alpha: chance of losing a truly best column, in (0, 1).
        draws: of the null distribution.
        seed: of the draws.
    """
    count = len(pairs.theta)
    errors = _draws(pairs.covariance, draws, seed)
    single = float(ndtri(1 - alpha / 2))
    if count == 1:
        ones = np.ones(1)
        return ConfidenceSet(p_values=ones, members=ones > 0, critical=np.array([0.0, single]), draws=errors)
    order, statistics = _elimination(pairs.z)
    maxima = _null_maxima(errors, pairs.spread, order[::-1])
    p_values, running = np.ones(count), 0.0
    for step in range(count - 1):
        standing = count - step
        if standing == 2:  # one pair: the draws are not needed
            p = 2 * float(ndtr(-max(statistics[step], 0.0)))
        else:
            reached = np.count_nonzero(maxima[standing - 1] >= statistics[step] * (1 - TIE))
            p = (1 + int(reached)) / (draws + 1)
        running = max(running, min(1.0, p))
        p_values[order[step]] = running
    rank = min(draws, math.ceil((1 - alpha) * (draws + 1))) - 1
    quantiles = np.partition(maxima, rank, axis=1)[:, rank]
    critical = np.maximum.accumulate(np.concatenate(([0.0, single, single], np.maximum(quantiles[2:], single))))
    return ConfidenceSet(p_values=p_values, members=p_values > alpha, critical=critical, draws=errors)


def cost_bounds(pairs: Pairs, critical: float, group: np.ndarray) -> np.ndarray:
    """What choosing each column may cost at most against every column of another group, all at once (K,).

    Args:
        pairs: from `compare_pairs`.
        critical: quantile of the largest |difference| over all pairs, on the normal scale; each pair takes it back
            to the scale of its own t distribution.
        group: (K,) which columns are settings of one candidate; against each other they cost nothing.
    """
    other = group[:, None] != group[None, :]
    if not other.any():
        return np.zeros(len(pairs.theta))
    bounds = pairs.theta[None, :] - pairs.theta[:, None] + widened(critical, pairs.df) * pairs.spread
    return np.asarray(np.maximum(0.0, np.where(other, bounds, -np.inf).max(axis=1)))


def widened(critical: float, df: np.ndarray) -> np.ndarray:
    """A normal quantile as the quantile of t distributions with the same tail."""
    kinds, place = np.unique(df, return_inverse=True)
    return np.asarray(-stdtrit(kinds, ndtr(-critical)))[place].reshape(df.shape)


def _draws(covariance: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """(K, B) normal draws with a covariance; the symmetric root has no signs to choose, so neither has the answer."""
    values, vectors = np.linalg.eigh(covariance)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    normal = np.random.default_rng(seed).standard_normal((len(covariance), draws))
    return np.asarray(root @ normal)


def _elimination(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Drop, again and again, the column that some other one beats most clearly; with the statistic of each step."""
    count = len(z)
    standing = z.copy()
    np.fill_diagonal(standing, -np.inf)
    order, statistics = np.empty(count, dtype=np.intp), np.zeros(count)
    left = np.ones(count, dtype=bool)
    for step in range(count - 1):
        worst = np.where(left, standing.max(axis=1), -np.inf)
        place = count - 1 - int(np.argmax(worst[::-1]))  # of equals the later one
        order[step], statistics[step] = place, worst[place]
        left[place] = False
        standing[:, place] = -np.inf
    order[count - 1] = int(np.flatnonzero(left)[0])
    return order, statistics


def _null_maxima(errors: np.ndarray, spread: np.ndarray, last_first: np.ndarray) -> np.ndarray:
    """Row k: the largest |difference| among the k + 1 columns that stood longest, draw by draw (K, B).

    The order of elimination does not depend on the draws, so the sets are nested and each is built from the one
    before by one new column: O(B K^2) for the whole path.
    """
    count, draws = errors.shape
    ordered = errors[last_first]
    inverse = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0)[np.ix_(last_first, last_first)]
    maxima = np.zeros((count, draws))
    for start in range(0, draws, DRAW_BLOCK):  # small enough to stay in the cache
        block = np.ascontiguousarray(ordered[:, start : start + DRAW_BLOCK])
        room = np.empty_like(block)
        for new in range(1, count):
            gaps = np.subtract(block[:new], block[new], out=room[:new])
            np.abs(gaps, out=gaps)
            gaps *= inverse[new, :new, None]
            maxima[new, start : start + DRAW_BLOCK] = np.maximum(
                maxima[new - 1, start : start + DRAW_BLOCK], gaps.max(axis=0)
            )
    return maxima
