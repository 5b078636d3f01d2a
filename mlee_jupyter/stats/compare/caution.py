"""What a difference is still worth where the rows' values are skewed against the better one.

The studentised mean of skewed values is skewed as well: whoever errs rarely and badly looks better, and surer, on the
samples that hold few of his errors. Three views of the same difference are taken, and the least sure one counts:

- Hall's (1992) transformation of the t statistic, monotone and free of its first-order skewness:
  h = t + g t^2 / 3 + g^2 t^3 / 27 + g / 6, g the sum of cubes over the sum of squares to the power of 3/2.
- the same on a scale without limits (`free_scale`), on which a lucky loss has no smaller error; not where the rows are
  skewed in favour of the better one.
- where the values are skewed against the better one, the same with one row more: one that speaks against it twice as
  loudly as the loudest that was seen. What was seen of a long tail ends before the tail does.

None of them makes a difference surer than its t statistic. Measured in `benchmarks.unlike`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mlee_jupyter.stats.distributions import t_as_normal
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.stats.sums.pair_sums import crossed_cubes, loudest_against

from .free_scale import on_free_scale
from .hall import hall
from .pairs import Pairs, spread_of

ROUNDING = 1e-8  # share of the variances below which the cubes of a difference are rounding
SKEWED = 0.1  # against the better one, from which a row more is imagined: a skewness of 1 on 100 rows
LOUDER = 2.0  # than the loudest row that was seen
WORTH_A_LOOK = 1.0  # normal deviates; what is less clear separates nobody


@dataclass(frozen=True, kw_only=True, eq=False)
class Cubes:
    """Sums of third powers of K columns."""

    own: np.ndarray  # (K,) sum of x_i^3
    crossed: np.ndarray  # (K, K) sum of x_i^2 x_j

    def of_difference(self, scale: np.ndarray) -> np.ndarray:
        """(K, K) sums of (scale_j x_j - scale_i x_i)^3; antisymmetric."""
        own = self.own * scale**3
        crossed = self.crossed * np.outer(scale**2, scale)
        return np.asarray(own[None, :] - own[:, None] + 3 * (crossed - crossed.T))


def with_caution(pairs: Pairs, columns: Sequence[Scored], facts: MetricFacts) -> Pairs:
    """The pairs, none of them surer than skewed rows allow.

    Args:
        pairs: of the columns, with room for what was not seen.
        columns: what was compared, independent rows or sums over groups; not waves of a series, which have no tails.
        facts: the metric.
    """
    if facts.needs == "labels" or len(columns) < 2:
        return pairs  # a row is right or wrong, and nothing is louder than that; `unseen` has what is rare
    n = columns[0].n
    crossed = crossed_cubes(columns)
    cubes = Cubes(own=np.diag(crossed).copy(), crossed=crossed)
    seen = spread_of(pairs.covariance) ** 2 * (n * (n - 1.0))
    known = seen > ROUNDING * n * (n - 1.0) * (pairs.variance[:, None] + pairs.variance[None, :])
    skewness = _skewness(cubes.of_difference(np.ones(len(columns))), seen, known)
    ratio = _ratio(pairs.theta, pairs.spread)
    size, favour = np.abs(ratio), np.sign(ratio) * skewness
    free = _on_free_scale(pairs, cubes, facts, n, known)
    # of rows that are skewed in favour of the better one it says nothing: an AUC near 1 has a steep scale of its own
    sure = np.minimum(hall(size, favour), np.where(favour > SKEWED, np.inf, free))
    doubtful = [(int(i), int(j)) for i, j in np.argwhere((sure > WORTH_A_LOOK) & (ratio < 0) & (skewness > SKEWED))]
    for (better, other), loud in zip(doubtful, loudest_against(columns, doubtful), strict=True):
        gap = pairs.theta[better] - pairs.theta[other]
        found = _with_a_row_more(
            gap,
            pairs.spread[better, other],
            seen[better, other],
            skewness[better, other],
            LOUDER * loud,
            n,
        )
        sure[better, other] = sure[other, better] = min(sure[better, other], found)
    return replace(pairs, skewness=skewness, most_z=t_as_normal(sure, pairs.df))


def _skewness(cubes: np.ndarray, squares: np.ndarray, known: np.ndarray) -> np.ndarray:
    found = np.divide(cubes, squares**1.5, out=np.zeros_like(cubes), where=squares > 0)
    return np.asarray(np.where(known, found, 0.0))


def _ratio(theta: np.ndarray, spread: np.ndarray) -> np.ndarray:
    gap = theta[None, :] - theta[:, None]
    return np.asarray(np.divide(gap, spread, out=np.zeros_like(gap), where=spread > 0))


def _on_free_scale(pairs: Pairs, cubes: Cubes, facts: MetricFacts, n: int, known: np.ndarray) -> np.ndarray:
    """(K, K) absolute t statistics on the free scale; infinite where there is none."""
    least, most = facts.comparable_limits
    value, slope = on_free_scale(pairs.theta, least, most)
    own = slope * pairs.variance
    square = np.outer(slope, slope) * pairs.spread**2 + (slope[:, None] - slope) * (own[:, None] - own)
    usable = np.isfinite(square) & (square > 0)
    spread = np.sqrt(np.where(usable, square, 0.0))
    ratio = _ratio(np.where(np.isfinite(value), value, 0.0), spread)
    skewness = _skewness(cubes.of_difference(np.nan_to_num(slope)), (spread * math.sqrt(n * (n - 1.0))) ** 2, known)
    return np.where(usable, hall(np.abs(ratio), np.sign(ratio) * skewness), np.inf)


def _with_a_row_more(gap: float, spread: float, squares: float, skewness: float, loud: float, n: int) -> float:
    """The corrected t statistic with one row more that is so much against the better one."""
    cubes = -skewness * squares**1.5 - loud**3
    wider = math.sqrt(spread**2 + loud**2 / (n * (n - 1.0)))
    t = max(0.0, gap - loud / n) / wider
    return float(hall(np.array(t), np.array(min(0.0, cubes / (squares + loud**2) ** 1.5))))
