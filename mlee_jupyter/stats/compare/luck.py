"""How much the best of several looks better than it is, because it was chosen for looking best."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.sums.pair_sums import hit_patterns

from .confidence_set import DRAW_BLOCK, DRAWS, SEED
from .pairs import Pairs

LEFT_OUT_BLOCK = 64
MOST_TRANSLATION = 1.0  # standard errors of a score's own part
MOST_MIXED_ROWS = 5000  # rows on which not all agree, and kinds of such rows, for which rows are resampled
MOST_PATTERNS = 64
SAME = 1e-12  # of two scores


def flattery(
    pairs: Pairs,
    draws: np.ndarray,
    others_theta: np.ndarray | None = None,
    others_spread: np.ndarray | None = None,
    most: float = MOST_TRANSLATION,
) -> float:
    """The expected excess of the leader's score over its true score, in the metric's units, never negative.

    A parametric bootstrap: the observed scores, drawn together, are taken for true, a new sample is drawn around them,
    the best of it is chosen (of equals any), and its excess over its own true score is averaged. The leader's own error
    is taken off each draw: its mean is zero, so nothing changes but the noise, and what is left cannot be negative.

    Args:
        pairs: the columns.
        draws: (K, B) errors of their scores, or of their differences to any one of them.
        others_theta: scores of further columns whose covariances were not estimated, (L,).
        others_spread: standard error of the difference of each of them to the leader, (L,).
        most: how far scores are drawn together at most, in standard errors; 0: they are taken as observed.
    """
    leader = int(np.argmax(pairs.theta))
    errors = draws - draws[leader]
    theta, others_theta = drawn_together(pairs, most, others_theta)
    shifted = theta[:, None] + errors
    best = shifted.max(axis=0)
    winners = shifted >= best - SAME * np.abs(best)
    excess = np.where(winners, errors, 0.0).sum(axis=0) / winners.sum(axis=0)
    if others_theta is not None and others_spread is not None and len(others_theta):
        best, excess = _with_others(errors, best, excess, others_theta, others_spread)
    return max(0.0, float(np.mean(excess)))


def drawn_together(
    pairs: Pairs, most: float = MOST_TRANSLATION, others: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray | None]:
    """The scores and those of further columns, nearer to their mean: observed ones lie further apart than true ones.

    Taken as observed, scores that are equal in truth seem apart, and the luck of the best of 50 is found short by half
    a standard error. The positive part of James and Stein's rule (1961) puts that right, but draws a clear winner among
    49 equals in with them; so no score moves by more than one standard error of its own part (limited translation,
    Efron and Morris 1972, JASA 67, 130-139). With three columns or fewer nothing moves.

    Args:
        pairs: the columns.
        most: the limit, in standard errors.
        others: scores of further columns, (L,).
    """
    theta = pairs.theta
    everything = theta if others is None else np.concatenate([theta, others])
    own = float(np.trace(pairs.centred)) / max(1, len(theta) - 1)  # less what all scores share
    apart = everything - everything.mean()
    scatter = float(apart @ apart)
    if len(everything) <= 3 or own <= 0 or scatter <= 0 or most <= 0:
        return theta, others
    wanted = min(1.0, (len(everything) - 3) * own / scatter) * apart
    # each score in its own standard errors: a clear winner near a perfect score has a small one
    typical = float(pairs.variance.mean())
    scale = np.ones(len(everything))
    if typical > 0:
        scale[: len(theta)] = np.minimum(1.0, np.sqrt(pairs.variance / typical))
    limit = most * math.sqrt(own) * scale
    moved = everything - np.clip(wanted, -limit, limit)
    return moved[: len(theta)], None if others is None else moved[len(theta) :]


def resampled_errors(columns: Sequence[Scored], draws: int = DRAWS) -> np.ndarray | None:
    """(K, B) errors of shares of right rows, by resampling the rows themselves; None where that would take long.

    Candidates that differ on a handful of rows tie often, which normal errors never do: on ten refits of one recipe
    that alone makes normal draws a tenth too large. Only the rows on which not all agree matter, and of those only
    how many there are of each pattern; where the patterns are many, ties are few and normal errors serve.

    Args:
        columns: K of them, plain shares of right rows.
        draws: B, how many samples are drawn.
    """
    found = hit_patterns(columns, MOST_MIXED_ROWS, MOST_PATTERNS)
    if found is None:
        return None
    (patterns, counts), n = found, columns[0].n
    share = np.append(counts, n - counts.sum()) / n
    drawn = np.random.default_rng(SEED + 2).multinomial(n, share, size=draws)[:, :-1]
    change, weight = (drawn - counts) / n, patterns.astype(np.float64)
    errors = np.empty((len(columns), draws))
    for start in range(0, draws, DRAW_BLOCK):
        errors[:, start : start + DRAW_BLOCK] = weight @ change[start : start + DRAW_BLOCK].T
    return errors


def _with_others(
    errors: np.ndarray,
    best: np.ndarray,
    excess: np.ndarray,
    theta: np.ndarray,
    spread: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Let further columns win draws, too.

    Their differences to the leader are drawn with their own standard errors and a correlation of one half with each
    other, which is what columns with equal variances and equal correlations have: they share the leader's error.
    That shared part is read off the columns whose covariances are known.
    """
    scale = errors.std(axis=1, keepdims=True)
    standard = np.divide(errors, scale, out=np.zeros_like(errors), where=scale > 0)
    shared = standard.mean(axis=0)
    size = float(shared.std())
    random = np.random.default_rng(SEED + 1)
    shared = shared / size if size > 0 else random.standard_normal(errors.shape[1])
    for start in range(0, len(theta), LEFT_OUT_BLOCK):
        own = spread[start : start + LEFT_OUT_BLOCK, None]
        error = own * np.sqrt(0.5) * (shared + random.standard_normal((len(own), errors.shape[1])))
        shifted = theta[start : start + LEFT_OUT_BLOCK, None] + error
        winner = np.argmax(shifted, axis=0)
        place = np.arange(errors.shape[1])
        better = shifted[winner, place] > best
        best = np.where(better, shifted[winner, place], best)
        excess = np.where(better, error[winner, place], excess)
    return best, excess
