"""Which of K columns may be the best: a model confidence set, from covariances alone.

The sequential procedure of Hansen, Lunde and Nason (2011) with their range statistic T_R. The null distribution
comes from normal draws with the estimated covariance instead of resampled rows, so it costs O(B K^2) whatever the
number of rows; each pair's statistic is first brought to the normal scale by a t distribution whose degrees of
freedom are those of the scarcest class. Promise: every truly best column is in the set with probability 1 - alpha.

The largest |difference| of a draw grows in proportion to the draw's length, and a normal draw's length is chi
distributed whatever its direction. So only directions are drawn and the length is integrated out. That matters
because the draws are the same every time: with plain draws the luck of one seed is a lasting error of the size
(0.2 to 0.35 points of 5%), and here it is 0.02 points for K = 3, 0.06 for K = 20 and 0.2 from K = 50 on.

Up to 20 columns a tenth of the draws come first, and the rest only where some p-value is within a fifth of alpha:
four simulation errors or more (0.04 points for K = 3, 0.25 for K = 20), so what was clear stays so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np

from mlee_jupyter.stats.distributions import chi_tails, normal_quantile, normal_tail, t_quantile

from .growth import Growth
from .pairs import Pairs

DRAWS = 4000  # directions at the least
MOST_DRAWS = 10_000  # where columns are few and draws cost nothing
DRAWS_BUDGET = 4_000_000  # draws times squared columns
SEED = 20240229  # any; fixed, so that the same predictions get the same answer
FIRST_DRAWS = 1000  # of up to 20 columns, before it is known whether more are needed
FEW_COLUMNS = 20
NEAR = 0.2  # share of alpha
AT_ONCE = 1 << 15  # numbers that are worked on in one go, because they stay in the cache
DRAW_BLOCK = 256
BLOCK_PRODUCTS = 1 << 18  # squared columns times draws in one block, where columns are few
SMALLEST_EIGENVALUE = 1e-13  # share of the largest one
ROUNDING = 1e-9
SAME_DRAWN = 1e-6  # share of the errors of two columns below which their difference is rounding


@dataclass(frozen=True, kw_only=True, eq=False)
class NullMaxima:
    """The largest |difference| between columns of equal worth, for each set along the path of elimination."""

    shapes: np.ndarray  # (K, B); row k: of the k + 1 columns that stood longest, per unit of length
    dimensions: int  # of the draws, hence of their length

    def tail(self, standing: int, z: float) -> float:
        """The chance that the largest |difference| among so many columns reaches z."""
        shapes = self.shapes[standing - 1]
        if z <= 0:
            return 1.0
        ratio = np.divide(z, shapes, out=np.full_like(shapes, np.inf), where=shapes > 0)
        return float(np.mean(chi_tails(ratio, self.dimensions)))

    def tails(self, statistics: np.ndarray) -> np.ndarray:
        """The chance at each step, all columns standing at the first and two at the last."""
        if self.shapes.size > AT_ONCE:
            return np.array([self.tail(len(statistics) + 1 - step, float(z)) for step, z in enumerate(statistics)])
        shapes, z = self.shapes[:0:-1], np.maximum(statistics, 0.0)[:, None]
        ratio = np.divide(z, shapes, out=np.full_like(shapes, np.inf), where=shapes > 0)
        found: np.ndarray = chi_tails(ratio, self.dimensions).mean(axis=1)
        return np.where(statistics > 0, found, 1.0)

    def quantile(self, standing: int, alpha: float) -> float:
        """What it stays below with probability 1 - alpha; at least the quantile of a single pair."""
        low = normal_quantile(1 - alpha / 2)
        if standing <= 2 or self.tail(standing, low) <= alpha:
            return low
        high = 2 * low
        while self.tail(standing, high) > alpha:
            low, high = high, 2 * high
        return self._crossing(standing, alpha, low, high)

    def _crossing(self, standing: int, alpha: float, low: float, high: float) -> float:
        """Where the tail falls to alpha, between two bounds: false position on logarithms (the Illinois variant)."""
        at_low = math.log(self.tail(standing, low) / alpha)
        at_high = math.log(max(self.tail(standing, high), 1e-300) / alpha)
        kept = 0
        while high - low > 1e-6:
            middle = (low * at_high - high * at_low) / (at_high - at_low)
            excess = math.log(self.tail(standing, middle) / alpha)
            if abs(excess) < 1e-7:
                return middle
            if excess > 0:
                low, at_low, at_high = middle, excess, at_high / 2 if kept > 0 else at_high
                kept = 1
            else:
                high, at_high, at_low = middle, excess, at_low / 2 if kept < 0 else at_low
                kept = -1
        return high


class Maxima(Protocol):
    """The distribution of the largest |difference| between columns of equal worth, along a path of elimination."""

    def tail(self, standing: int, z: float) -> float:
        """The chance that it reaches z, on the normal scale, among so many columns."""

    def tails(self, statistics: np.ndarray) -> np.ndarray:
        """The chance at each step of the path, all columns standing at the first and two at the last."""

    def quantile(self, standing: int, alpha: float) -> float:
        """What it stays below with probability 1 - alpha, on the normal scale."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ConfidenceSet:
    """The set and what it took to find it; columns in the order they were given."""

    p_values: np.ndarray  # (K,); the last to be eliminated has 1
    members: np.ndarray  # (K,) bool
    alpha: float
    maxima: Maxima
    draw: Callable[[], np.ndarray]
    _known: dict[int, float] = field(default_factory=dict)

    @cached_property
    def draws(self) -> np.ndarray:
        """(K, B) errors of the scores, less their common part."""
        return self.draw()

    @property
    def critical_all(self) -> float:
        """1 - alpha quantile of the largest |difference|, on the normal scale, over all pairs."""
        return self.critical_of(len(self.p_values))

    def critical_of(self, standing: int) -> float:
        """The same over all pairs of the columns that stood longest."""
        standing = min(standing, len(self.p_values))
        if standing not in self._known:
            self._known[standing] = self.maxima.quantile(standing, self.alpha)
        return self._known[standing]


def confidence_set(
    pairs: Pairs, alpha: float = 0.05, draws: int | None = None, seed: int = SEED, growth: Growth | None = None
) -> ConfidenceSet:
    """The columns that cannot be told from the best.

    Args:
        pairs: from `compare_pairs`; the columns in an order that does not hang on chance (best first), since draws
            are dealt by place and ties are broken against the later one.
        alpha: chance of losing a truly best column, in (0, 1).
        draws: directions of the null distribution; None: 4,000 to 10,000, more for fewer columns.
        seed: of the draws.
        growth: when these rows were looked at; None: once.
    """
    count = len(pairs.theta)
    most = draws or min(MOST_DRAWS, max(DRAWS, DRAWS_BUDGET // count**2))
    if count == 1:
        return set_of_one(alpha, most)
    order, statistics = elimination(pairs.z)
    statistics = statistics if growth is None else growth.as_single(statistics)
    first = FIRST_DRAWS if draws is None and count <= FEW_COLUMNS else most
    found = _drawn_set(pairs, order, statistics, alpha, first, most, seed)
    if first < most and float(np.abs(found.p_values - alpha).min()) < NEAR * alpha:
        found = _drawn_set(pairs, order, statistics, alpha, most, most, seed)
    return found


def _drawn_set(
    pairs: Pairs, order: np.ndarray, statistics: np.ndarray, alpha: float, draws: int, dealt: int, seed: int
) -> ConfidenceSet:
    """The set by the first of the draws that are dealt."""
    count = len(order)

    def all_errors() -> np.ndarray:
        return normal_draws(pairs.covariance, dealt, seed)[0]

    if count == 2:  # a single pair takes no draws
        return along_the_path(order, statistics, NullMaxima(shapes=np.ones((2, 1)), dimensions=1), all_errors, alpha)
    covariance = pairs.drawn_covariance
    errors, lengths, dimensions = normal_draws(covariance, draws, seed, dealt)
    shapes = _null_maxima(errors, _drawn_spread(covariance), order[::-1])
    shapes /= np.where(lengths > 0, lengths, 1.0)
    maxima = NullMaxima(shapes=shapes, dimensions=dimensions)
    plain = draws == dealt and pairs.unseen is None
    return along_the_path(order, statistics, maxima, (lambda: errors) if plain else all_errors, alpha)


def set_of_one(alpha: float, draws: int) -> ConfidenceSet:
    """The set of a single column, which is the best of itself.

    Args:
        alpha: error of the set, in (0, 1).
        draws: how many draws others of its kind have.
    """
    alone = NullMaxima(shapes=np.zeros((1, 1)), dimensions=1)
    one = np.ones(1)
    return ConfidenceSet(p_values=one, members=one > 0, alpha=alpha, maxima=alone, draw=lambda: np.zeros((1, draws)))


def along_the_path(
    order: np.ndarray, statistics: np.ndarray, maxima: Maxima, draw: Callable[[], np.ndarray], alpha: float
) -> ConfidenceSet:
    """The set, from the order of elimination and the null distribution of each of its steps.

    No step is surer than a single pair with its statistic: where scores have no scatter (all right, and all wrong, on
    the two rows of a class) the draws have none either, and would call any difference sure.

    Args:
        order: (K,) places of the columns, the first dropped first.
        statistics: (K,) what each was dropped with; the last one's says nothing.
        maxima: of the null distribution of each step.
        draw: gives (K, B) errors of the scores, when they are asked for.
        alpha: error of the set, in (0, 1).
    """
    p_values, single = np.ones(len(order)), chi_tails(np.maximum(statistics[:-1], 0.0), 1)
    p_values[order[:-1]] = np.maximum.accumulate(np.maximum(maxima.tails(statistics[:-1]), single))
    return ConfidenceSet(p_values=p_values, members=p_values > alpha, alpha=alpha, maxima=maxima, draw=draw)


def unseen_spread(theta: np.ndarray, df: np.ndarray) -> np.ndarray:
    """The least standard error of a difference of two scores in 0..1 that are both perfect but for a row, or 0 (K, K).

    Nothing seen is not nothing there: six positives that two candidates both rank first leave room for one that either
    ranks last. As Bonett and Price (2012) do for shares, one such row is added on each side of the scarcest class.

    Args:
        theta: (K,) scores.
        df: (K,) rows of the scarcest class, less one.
    """
    rows = df + 1
    perfect = (1 - theta) * rows < 1 - ROUNDING
    least = np.minimum(rows[:, None], rows[None, :])
    return np.where(perfect[:, None] & perfect[None, :], math.sqrt(2) / (least + 2), 0.0)


def widened(critical: float, df: np.ndarray) -> np.ndarray:
    """A normal quantile as the quantile of t distributions with the same tail.

    Args:
        critical: quantile of the normal distribution.
        df: degrees of freedom, of any shape.
    """
    kinds, place = np.unique(df, return_inverse=True)
    below = min(1 - normal_tail(critical), 1 - 1e-16)
    return np.array([t_quantile(below, float(kind)) for kind in kinds])[place].reshape(df.shape)


def normal_draws(
    covariance: np.ndarray, draws: int, seed: int, dealt: int | None = None
) -> tuple[np.ndarray, np.ndarray, int]:
    """Normal draws with a covariance (K, B), the length of the standard normal vectors behind them, and its rank.

    The root is taken of the correlations: beside one column on another scale the others' eigenvalues would be lost in
    rounding. The symmetric root has no signs to choose, so neither has the answer.

    Args:
        covariance: (K, K).
        draws: B.
        seed: of the draws.
        dealt: of how many draws these are the first; None: all.
    """
    root, vectors = _root(covariance)
    normal = _standard_normal(len(covariance), dealt or draws, seed)[:, :draws]
    errors, lengths = np.empty(normal.shape), np.empty(draws)
    block = _draws_at_once(len(covariance))
    for start in range(0, draws, block):  # small products, which BLAS does not spread over (busy) cores
        some = slice(start, start + block)
        inside = vectors.T @ normal[:, some]
        lengths[some] = np.sqrt(np.einsum("kb,kb->b", inside, inside))
        errors[:, some] = root @ inside
    return errors, lengths, max(1, root.shape[1])


def _root(covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(K, R) what draws are made of, and the eigenvectors of the correlations."""
    scale = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    inverse = np.divide(1.0, scale, out=np.zeros_like(scale), where=scale > 0)
    values, vectors = np.linalg.eigh(covariance * inverse[:, None] * inverse[None, :])
    kept = values > max(SMALLEST_EIGENVALUE * float(values[-1]), 0.0)
    return scale[:, None] * vectors[:, kept] * np.sqrt(values[kept]), vectors[:, kept]


def _drawn_spread(covariance: np.ndarray) -> np.ndarray:
    """(K, K) standard error of each difference as it is drawn; 0 where that is rounding.

    Of two copies, one in single precision, the draws differ by the rounding of the root. Divided by any other error
    that would be the largest difference of all.
    """
    root, _ = _root(covariance)
    size = np.sqrt(np.einsum("kr,kr->k", root, root))
    apart = np.array([np.sqrt(((root - one) ** 2).sum(axis=1)) for one in root])
    return np.where(apart > SAME_DRAWN * (size[:, None] + size[None, :]), apart, 0.0)


@lru_cache(maxsize=4)
def _standard_normal(count: int, draws: int, seed: int) -> np.ndarray:
    """The same for every comparison of so many columns, so it is drawn once."""
    normal = np.random.default_rng(seed).standard_normal((count, draws))
    normal.setflags(write=False)
    return normal


def _draws_at_once(count: int) -> int:
    return max(DRAW_BLOCK, BLOCK_PRODUCTS // count**2)


def elimination(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The order in which columns are dropped, always the one most clearly beaten, and the statistic of each step.

    Args:
        z: (K, K) normal deviates; [i, j] says how much better column j is than column i.
    """
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
    width = _draws_at_once(count)
    for start in range(0, draws, width):  # small enough to stay in the cache
        some = slice(start, start + width)
        block = np.ascontiguousarray(ordered[:, some])
        room = np.empty_like(block)
        for new in range(1, count):
            gaps = np.subtract(block[:new], block[new], out=room[:new])
            np.abs(gaps, out=gaps)
            gaps *= inverse[new, :new, None]
            np.maximum(maxima[new - 1, some], gaps.max(axis=0), out=maxima[new, some])
    return maxima
