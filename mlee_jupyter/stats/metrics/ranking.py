"""Scores of a ranking of rows by two classes, with each row's influence: ROC AUC and average precision."""

from __future__ import annotations

import numpy as np


def auc_influence(positive: np.ndarray, scores: np.ndarray) -> tuple[float, np.ndarray]:
    """AUC and its influence values: each row's share of the other class that it beats, ties counting a half.

    By structural components (DeLong, DeLong and Clarke-Pearson 1988) in O(n log n) (Sun and Xu 2014).

    Args:
        positive: (n,) bool, with both kinds in it.
        scores: (n,) greater for what is thought positive.
    """
    n, m = len(positive), int(np.count_nonzero(positive))
    q = n - m
    order = np.argsort(scores)
    ranked, is_positive = scores[order], positive[order]
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))  # each run of tied scores
    tied_positive = np.add.reduceat(is_positive.astype(np.int64), starts)
    tied = np.diff(np.append(starts, n))
    tied_negative = tied - tied_positive
    negatives_beaten = np.cumsum(tied_negative) - 0.5 * tied_negative
    positives_above = m - np.cumsum(tied_positive) + 0.5 * tied_positive
    share = np.empty(n)
    share[order] = np.where(is_positive, np.repeat(negatives_beaten / q, tied), np.repeat(positives_above / m, tied))
    theta = float(tied_positive @ negatives_beaten) / (m * q)
    # the root makes the plain sum of squares give the unbiased variance within each class
    weight_positive = n / m * np.sqrt(m / max(m - 1, 1))
    weight_negative = n / q * np.sqrt(q / max(q - 1, 1))
    return theta, (share - theta) * np.where(positive, weight_positive, weight_negative)


def average_precision_influence(positive: np.ndarray, scores: np.ndarray) -> tuple[float, np.ndarray]:
    """Average precision, scikit-learn's sum over thresholds, and its influence values, in O(n log n).

    The mean over positives of the precision among the rows that score at least as high, P(s) = A(s) / B(s) with
    A(s) = share of rows that are positive and score s or more, B(s) = share that score s or more. A row changes that
    mean as a positive, and the precision at every score up to its own: with pi the share of positives

        psi = (y (P(s) - theta) + y U(s) - W(s)) / pi,   U(s) = mean y' / B(s'),  W(s) = mean y' P(s') / B(s')

    over rows with s' <= s (the delta method on the empirical distribution; its mean is zero exactly).

    Args:
        positive: (n,) bool, with both kinds in it.
        scores: (n,) greater for what is thought positive.
    """
    n, m = len(positive), int(np.count_nonzero(positive))
    order = np.argsort(-scores, kind="stable")
    ranked, is_positive = scores[order], positive[order]
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))  # each run of tied scores
    tied_positive = np.add.reduceat(is_positive.astype(np.int64), starts)
    tied = np.diff(np.append(starts, n))
    above = np.cumsum(tied).astype(np.float64)  # n B
    precision = np.cumsum(tied_positive) / above
    theta = float(tied_positive @ precision) / m
    # sums over lower or equal scores are sums from the end of the ranking
    hits = tied_positive / above
    u = np.cumsum(hits[::-1])[::-1]
    w = np.cumsum((hits * precision)[::-1])[::-1]
    by_row = np.where(is_positive, np.repeat(precision - theta + u, tied), 0.0) - np.repeat(w, tied)
    psi = np.empty(n)
    psi[order] = by_row
    # as of AUC: the positives' own mean is estimated from m of them
    return theta, psi * (n / m) * np.sqrt(m / max(m - 1, 1))
