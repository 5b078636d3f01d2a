"""The confidence set where each score rests on few replicates: folds, groups, long waves of a series.

With J replicates the covariance of K columns has rank J - 1 at most. Draws from it move in too few directions, so
their maxima are too small: with 5 normal replicates of 10 equal columns, normal draws lose one of them in 16% of
samples and multivariate t draws in 31%. Two things put that right. The covariance is shrunk towards equal
correlations (Ledoit and Wolf's target, 2004) by K / (df + K). And each draw estimates its own covariance from a Wishart
matrix, as the sample did, so that every pair is divided by an error of its own: the parametric bootstrap of a
studentised maximum. Measured: 4% to 7% (400 samples, standard error 1 point) at 5 to 50 replicates of
4, 10 and 20 columns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mlee_jupyter.stats.distributions import normal_as_t, normal_quantile, t_as_normal

from .confidence_set import SEED, ConfidenceSet, along_the_path, confidence_set, elimination, normal_draws, set_of_one
from .growth import Growth
from .pairs import Pairs

MANY = 60  # degrees of freedom from which the plain set serves
DRAWS = 4000
BLOCK_CELLS = 1 << 20  # numbers held at once


@dataclass(frozen=True, kw_only=True, eq=False)
class StudentMaxima:
    """The largest |t| between columns of equal worth, for each set along the path of elimination, by draws."""

    maxima: np.ndarray  # (K, B) sorted along the draws; row k: of the k + 1 columns that stood longest
    df: float

    def tail(self, standing: int, z: float) -> float:
        """The chance that the largest |difference| among so many columns reaches z."""
        if z <= 0:
            return 1.0
        if standing <= 2:  # a single pair is exactly t
            return math.erfc(z / math.sqrt(2))
        drawn = self.maxima[standing - 1]
        reached = len(drawn) - int(np.searchsorted(drawn, normal_as_t(z, self.df) * (1 - 1e-5)))
        return (1 + reached) / (1 + len(drawn))

    def tails(self, statistics: np.ndarray) -> np.ndarray:
        """The chance at each step, all columns standing at the first and two at the last."""
        return np.array([self.tail(len(statistics) + 1 - step, float(z)) for step, z in enumerate(statistics)])

    def quantile(self, standing: int, alpha: float) -> float:
        """What it stays below with probability 1 - alpha; at least the quantile of a single pair."""
        single = normal_quantile(1 - alpha / 2)
        if standing <= 2:
            return single
        reach = np.quantile(self.maxima[standing - 1], 1 - alpha)
        return max(single, float(t_as_normal(np.array([reach]), np.array([self.df]))[0]))


def set_from_few(
    pairs: Pairs, alpha: float = 0.05, draws: int = DRAWS, seed: int = SEED, growth: Growth | None = None
) -> ConfidenceSet:
    """The columns that cannot be told from the best; from 60 degrees of freedom on, `confidence_set`.

    Args:
        pairs: best first.
        alpha: chance of losing a truly best column, in (0, 1).
        draws: of the null distribution.
        seed: of the draws.
        growth: when these rows were looked at; None: once.
    """
    df, count = math.floor(float(pairs.df.min())), len(pairs.theta)
    if df >= MANY:
        return confidence_set(pairs, alpha, seed=seed, growth=growth)
    if count == 1:
        return set_of_one(alpha, draws)
    shape = shrunk(pairs.drawn_centred, df)
    errors, _, _ = normal_draws(shape, draws, seed)
    order, statistics = elimination(pairs.z)
    statistics = statistics if growth is None else growth.as_single(statistics)
    maxima = _student_maxima(shape, errors, order[::-1], df, seed)
    path = StudentMaxima(maxima=maxima, df=float(df))
    return along_the_path(order, statistics, path, lambda: normal_draws(pairs.covariance, draws, seed)[0], alpha)


def shrunk(covariance: np.ndarray, df: float) -> np.ndarray:
    """A covariance of scores less their common mean, drawn towards equal variances and equal correlations.

    Args:
        covariance: (K, K), rows and columns with sum 0.
        df: degrees of freedom it was estimated with; the target's weight is K / (df + K).
    """
    count = len(covariance)
    weight = count / (df + count)
    target = (np.eye(count) - 1 / count) * (float(np.trace(covariance)) / (count - 1))
    return np.asarray((1 - weight) * covariance + weight * target)


def _student_maxima(shape: np.ndarray, errors: np.ndarray, last_first: np.ndarray, df: int, seed: int) -> np.ndarray:
    """Row k: the sorted largest |t| among the k + 1 columns that stood longest (K, B)."""
    count, draws = errors.shape
    if count == 2:  # a single pair is exactly t
        return np.zeros((2, 1))
    values, vectors = np.linalg.eigh(shape)
    # the symmetric root: shrinking makes eigenvalues equal, whose vectors are then any, down to the last bit's whim
    root = ((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T)[last_first].T
    ordered = errors[last_first].T
    random = np.random.default_rng(seed + 3)
    maxima = np.zeros((count, draws))
    block = max(1, BLOCK_CELLS // (count * (count + df)))
    for start in range(0, draws, block):
        some = ordered[start : start + block]
        replicates = random.standard_normal((len(some), df, count)) @ root
        own = np.swapaxes(replicates, 1, 2) @ replicates / df
        variances = np.einsum("bkk->bk", own)
        square = variances[:, :, None] + variances[:, None, :] - 2 * own
        gaps = np.abs(some[:, :, None] - some[:, None, :])
        t = np.divide(gaps, np.sqrt(np.maximum(square, 0.0)), out=np.zeros_like(gaps), where=square > 0)
        for new in range(1, count):
            best = t[:, new, :new].max(axis=1)
            maxima[new, start : start + block] = np.maximum(maxima[new - 1, start : start + block], best)
    return np.sort(maxima, axis=1)
