"""How far below its score the leader's true score may lie, however it came to lead.

Whoever is chosen, its error is at most the largest error of all that were looked at. So with q the 1 - alpha
quantile of max_k G_k / se_k, G the joint errors of all K scores, theta_w - q se_w lies below the true score of the
chosen w with probability 1 - alpha: simultaneous coverage, as in Berk, Brown, Buja, Zhang and Zhao (2013), Valid
post-selection inference, Annals of Statistics 41, 802-837.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mlee_jupyter.stats.distributions import normal_quantile
from mlee_jupyter.stats.metrics.scored import Scored

from .confidence_set import SEED, NullMaxima, normal_draws
from .pairs import Pairs, spread_of

DRAWS = 2000
BLOCK = 64  # columns drawn at once
MOST_SKEWED = 20


def largest_error(pairs: Pairs, alpha: float = 0.05, others_spread: np.ndarray | None = None) -> float:
    """The 1 - alpha quantile of the largest standardised error of all scores, on the normal scale.

    At least the quantile of a single score; of independent ones it is Sidak's (1967). Two columns of variances v and w
    whose difference has the variance d have the covariance (v + w - d) / 2, which is how the covariances come back that
    `Pairs` has centred away. The spread of the pairs will not do for d: it may be wider, for caution, than the errors
    move apart.

    Args:
        pairs: the columns, the leader first.
        alpha: one-sided error, in (0, 1).
        others_spread: (L,) standard errors of the differences to the leader of further columns. Their own variance
            is taken to be the leader's, and what they do not share with it to be independent: by Slepian's inequality
            that makes the maximum larger, never smaller.
    """
    single = normal_quantile(1 - alpha)
    variance = pairs.variance
    seen = variance > 0
    if len(variance) + (0 if others_spread is None else len(others_spread)) < 2 or not seen.any():
        return single
    scale = np.sqrt(variance[seen])
    spread = spread_of(pairs.covariance)[np.ix_(seen, seen)]
    covariance = (variance[seen][:, None] + variance[seen][None, :] - spread**2) / 2
    correlation = np.clip(covariance / (scale[:, None] * scale[None, :]), -1.0, 1.0)
    errors, lengths, rank = normal_draws(correlation, DRAWS, SEED + 4)
    largest = errors.max(axis=0)
    if others_spread is not None and len(others_spread) and seen[0]:
        largest = _with_others(largest, errors[0], np.asarray(others_spread) / scale[0])
        return max(single, float(np.quantile(largest, 1 - alpha)))
    # directions drawn, lengths integrated out: the luck of one seed would be a lasting error of the bound
    shapes = np.maximum(0.0, largest) / np.where(lengths > 0, lengths, 1.0)
    return _quantile(NullMaxima(shapes=shapes[None, :], dimensions=rank), alpha, single)


def _quantile(maxima: NullMaxima, alpha: float, least: float) -> float:
    """Where the tail falls to alpha, at least a given value: to four digits."""
    if maxima.tail(1, least) <= alpha:
        return least
    low, high = least, max(2 * least, 1.0)  # at alpha = 0.5 the least is 0, which no doubling moves
    while maxima.tail(1, high) > alpha:
        low, high = high, 2 * high
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (middle, high) if maxima.tail(1, middle) > alpha else (low, middle)
    return high


def _with_others(largest: np.ndarray, leader: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Let further columns have the largest error; `spread` in standard errors of the leader."""
    random = np.random.default_rng(SEED + 5)
    shared = np.clip(1 - spread**2 / 2, 0.0, 1.0)
    for start in range(0, len(shared), BLOCK):
        some = shared[start : start + BLOCK, None]
        own = random.standard_normal((len(some), len(leader)))
        largest = np.maximum(largest, (some * leader + np.sqrt(1 - some**2) * own).max(axis=0))
    return largest


def for_skewness(quantile: float, columns: Sequence[Scored]) -> float:
    """A one-sided normal quantile, widened where the rows' values are skewed against the bound.

    The studentised mean has P(t <= x) = Phi(x) + g (2 x^2 + 1) phi(x) / (6 sqrt(n)), g the skewness of a row
    (Hall 1992, The Bootstrap and Edgeworth Expansion, 2.6): with a long tail of bad rows a score that looks good comes
    with an error that looks small. Whoever leads has had few bad rows, so g is the mean over columns where that is
    more. Never narrower than it was.

    Args:
        quantile: for the lower bound of a score of which higher is better, 0 or more.
        columns: the leader first; up to 20 are looked at.
    """
    found = [_skewness(column) for column in columns[:MOST_SKEWED]]
    skewness = min(found[0], float(np.mean(found)))
    return quantile + max(0.0, -skewness * (2 * quantile**2 + 1) / (6 * math.sqrt(columns[0].n)))


def _skewness(column: Scored) -> float:
    square = column.squares / column.n
    return column.cubes / column.n / square**1.5 if square > 0 else 0.0


def within_limits(score: float, half: float, least: float, most: float) -> float:
    """A one-sided bound made where a score has no limits, and taken back: on logits, or on logarithms of losses.

    Args:
        score: between its limits.
        half: quantile times standard error, 0 or more.
        least: its lower limit; 0 for a loss.
        most: its upper limit; 1 for a score of which more is better, infinite for a loss.

    Returns:
        The lower bound of a score, the upper one of a loss.
    """
    if math.isinf(most):
        return score * math.exp(min(half / score, 700.0)) if score > 0 else half
    if not least < score < most:
        return max(least, score - half)
    share = (score - least) / (most - least)
    odds = math.log(share / (1 - share)) - half / (most - least) / (share * (1 - share))
    return least + (most - least) / (1 + math.exp(min(-odds, 700.0)))
