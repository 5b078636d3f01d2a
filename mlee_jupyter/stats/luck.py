"""How much the best of several looks better than it is, because it was chosen for looking best."""

from __future__ import annotations

import numpy as np

from .confidence_set import SEED
from .pairs import Pairs

LEFT_OUT_BLOCK = 64


def flattery(
    pairs: Pairs, draws: np.ndarray, others_theta: np.ndarray | None = None, others_spread: np.ndarray | None = None
) -> float:
    """The expected excess of the leader's score over its true score, in the metric's units, never negative.

    A parametric bootstrap: the observed scores are taken for true, a new sample is drawn around them, the best of
    it is chosen, and its excess over its own true score is averaged. The leader's own error is taken off each
    draw: its mean is zero, so nothing changes but the noise, and what is left cannot be negative.

    Args:
        pairs: the columns.
        draws: (K, B) errors of their scores.
        others_theta: scores of further columns whose covariances were not estimated, (L,).
        others_spread: standard error of the difference of each of them to the leader, (L,).
    """
    leader = int(np.argmax(pairs.theta))
    errors = draws - draws[leader]
    shifted = pairs.theta[:, None] + errors
    winner = np.argmax(shifted, axis=0)
    place = np.arange(draws.shape[1])
    best, excess = shifted[winner, place], errors[winner, place]
    if others_theta is not None and others_spread is not None and len(others_theta):
        best, excess = _with_others(errors, leader, best, excess, others_theta, others_spread)
    return max(0.0, float(np.mean(excess)))


def _with_others(
    errors: np.ndarray,
    leader: int,
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
