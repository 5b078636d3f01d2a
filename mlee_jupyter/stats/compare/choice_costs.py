"""What choosing each candidate may cost at most, for all of them at once (Hsu 1984, comparisons with the best).

The cost of column i is theta_b - theta_i, b the best one, whichever it is. Were b known, one-sided bounds with the
1 - alpha quantile q_b of max_i (G_i - G_b) / s_ib would hold for all i together; as it is not, the largest over all b
that may matter is taken. One side and comparisons with one column instead of two sides and all pairs: of ten equal
columns that needs 2.4 standard errors (Dunnett 1955) where all pairs need 3.2.

Caution as in `caution`: the end of Hall's (1992) interval where rows are skewed, a row more where they are skewed
against the column, and the same on the free scale.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from mlee_jupyter.stats.distributions import chi_tails, normal_quantile
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.sums.pair_sums import loudest_against

from .caution import LOUDER, SKEWED
from .confidence_set import SEED, normal_draws, widened
from .free_scale import from_free_scale, on_free_scale
from .growth import Growth
from .hall import hall_end
from .pairs import Pairs

DRAWS, MANY = 2000, 50  # directions; of more columns half of them
PRECISE = 5e-3  # of a quantile: a five hundredth of it


def cost_bounds(
    pairs: Pairs,
    group: np.ndarray,
    alpha: float,
    *,
    two_sided: float,
    exact: bool = True,
    columns: Sequence[Scored] | None = None,
    limits: tuple[float, float] | None = None,
    growth: Growth | None = None,
) -> np.ndarray:
    """What choosing each column may cost at most against every column of another group, all at once (K,).

    Args:
        pairs: the columns, the best first.
        group: (K,) which columns are settings of one candidate; against each other they cost nothing.
        alpha: chance that some bound does not hold, in (0, 1).
        two_sided: quantile of the largest |difference| over all pairs, on the normal scale; no bound is wider.
        exact: False where the pairs rest on few replicates, so that `two_sided` serves every pair.
        columns: what was compared, for a look at rows that speak loudly against one; None: waves or folds.
        limits: the least and the greatest that a score can be; None: not asked.
        growth: when these rows were looked at; None: once.
    """
    other = group[:, None] != group[None, :]
    if not other.any():
        return np.zeros(len(pairs.theta))
    count, single = len(pairs.theta), normal_quantile(1 - alpha)
    loud = _loud(pairs, columns)

    def against(best: int, quantile: float) -> np.ndarray:
        reached = quantile if growth is None else growth.bound(quantile)
        found = _against(pairs, best, reached, loud, limits)
        return np.where(other[:, best], found, -np.inf)

    bounds = np.stack([against(best, two_sided) for best in range(count)], axis=1)  # row i, column b
    if exact:
        draws = DRAWS if count <= MANY else DRAWS // 2
        least, drawn = np.maximum(0.0, against(0, single)), normal_draws(pairs.drawn_covariance, draws, SEED + 6)
        for best in range(count):  # the others cannot make anybody's bound larger than the first one makes it
            if best == 0 or bool((bounds[:, best] > least).any()):
                bounds[:, best] = against(best, _quantile_against(pairs, drawn, best, alpha, (single, two_sided)))
    return np.asarray(np.maximum(0.0, bounds.max(axis=1)))


def _loud(pairs: Pairs, columns: Sequence[Scored] | None) -> dict[tuple[int, int], float]:
    """Of each pair whose rows are skewed against the first of it, how loudly a single one speaks."""
    if columns is None or pairs.skewness is None or pairs.disagreements is not None:
        return {}
    skewed = [(int(i), int(j)) for i, j in np.argwhere((pairs.skewness > SKEWED) & (pairs.spread > 0))]
    return dict(zip(skewed, loudest_against(columns, skewed), strict=True))


def _quantile_against(
    pairs: Pairs, drawn: tuple[np.ndarray, np.ndarray, int], best: int, alpha: float, within: tuple[float, float]
) -> float:
    """The 1 - alpha quantile of the largest standardised error of all columns against one."""
    errors, lengths, rank = drawn
    spread = pairs.spread[:, best]
    inverse = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0)
    largest = ((errors - errors[best]) * inverse[:, None]).max(axis=0)
    shapes = np.maximum(largest, 0.0) / np.where(lengths > 0, lengths, 1.0)
    shapes = np.sort(shapes[shapes > 0])
    share = len(shapes) / len(lengths)

    def tail(z: float) -> float:
        return share * float(chi_tails(z / shapes, rank).mean()) if len(shapes) else 0.0

    low, high = within
    if tail(low) <= alpha:
        return low
    while high - low > PRECISE:
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle) > alpha else (low, middle)
    return high


def _against(
    pairs: Pairs,
    best: int,
    quantile: float,
    loud: Mapping[tuple[int, int], float],
    limits: tuple[float, float] | None,
) -> np.ndarray:
    """(K,) how far each column may lie behind one of them."""
    q = widened(quantile, pairs.df)[:, best]
    gap, spread = pairs.theta[best] - pairs.theta, pairs.spread[:, best]
    if pairs.disagreements is not None:
        # Bonett and Price (2012): one disagreement more on each side. Without them two columns that agree on all of
        # 60 rows would seem to cost nothing, though 60 rows leave room for 4 points.
        rows = pairs.df[:, best] + 3
        centre = gap * (rows - 2) / rows
        disagreements = pairs.disagreements[:, best]
        return np.asarray(centre + q * np.sqrt(np.maximum(0.0, (disagreements + 2) / rows - centre**2) / rows))
    if pairs.skewness is None:
        return np.asarray(gap + q * spread)
    skewness = pairs.skewness[:, best]  # of the rows of (best less each)
    found = gap + hall_end(q, skewness) * spread
    n = pairs.n
    for place in map(int, np.flatnonzero((skewness > SKEWED) & (spread > 0))):
        if (place, best) in loud:
            more = LOUDER * loud[place, best]
            wider = math.sqrt(spread[place] ** 2 + more**2 / (n * (n - 1.0)))
            found[place] = max(found[place], gap[place] + more / n + q[place] * wider)
    if limits is not None:
        found = np.where(skewness < -SKEWED, found, np.maximum(found, _on_free_scale(pairs, best, q, limits)))
    return np.asarray(found)


def _on_free_scale(pairs: Pairs, best: int, q: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """(K,) the same by differences on the free scale, the best one's score taken for true; 0 where there is none."""
    value, slope = on_free_scale(pairs.theta, *limits)
    own = slope * pairs.variance
    square = slope * slope[best] * pairs.spread[:, best] ** 2 + (slope - slope[best]) * (own - own[best])
    least = from_free_scale(value - np.maximum(0.0, q * np.sqrt(np.maximum(square, 0.0))), *limits)
    return np.asarray(np.nan_to_num(pairs.theta[best] - least, nan=0.0))
