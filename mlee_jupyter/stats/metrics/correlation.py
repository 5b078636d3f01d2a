"""Correlation of predictions with the truth, with each row's influence: Pearson's and Spearman's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from mlee_jupyter.domain.errors import MleeError

from .scored import Scored
from .traits import Target


def correlated(influence_of: Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]) -> Callable[..., Scored]:
    """The score that is a correlation of the predictions with the truth.

    Args:
        influence_of: gives the correlation of two columns (n,) and its influence values (n,).
    """
    return partial(_correlated, influence_of)


def _correlated(
    influence_of: Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]], target: Target, rows: np.ndarray
) -> Scored:
    if np.all(rows == rows[0]):
        raise MleeError(f"The predictions are the same on every row, which has no {target.facts.label}.")
    theta, psi = influence_of(target.truth, rows)
    return Scored(theta=theta, psi=psi, df=target.n - 1)


def pearson_influence(x: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Pearson's correlation and its influence values, u v - r (u^2 + v^2) / 2 with u, v standardised (Devlin,
    Gnanadesikan and Kettenring 1975).

    Args:
        x: (n,) not constant.
        y: (n,) not constant.
    """
    u, v = _standardised(x), _standardised(y)
    theta = float(np.mean(u * v))
    return min(1.0, max(-1.0, theta)), u * v - theta * (u * u + v * v) / 2


def spearman_influence(x: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Spearman's rank correlation and its influence values (Croux and Dehon 2010, with midranks for ties).

    Pearson's on midranks u, v, where a row also shifts the ranks of all rows above it: to the covariance that adds
    the mean of (v - mean v) over rows with greater x and of (u - mean u) over rows with greater y, ties counting
    a half, and likewise to both variances.

    Args:
        x: (n,) not constant.
        y: (n,) not constant.
    """
    (rank_x, order_x, starts_x), (rank_y, order_y, starts_y) = _midranks(x), _midranks(y)
    a, b = rank_x - rank_x.mean(), rank_y - rank_y.mean()
    cov, var_x, var_y = (float(np.mean(p * q)) for p, q in ((a, b), (a, a), (b, b)))

    def shift(values: np.ndarray, order: np.ndarray, starts: np.ndarray) -> np.ndarray:
        """Mean of the values over rows above, ties counting a half, less its own mean."""
        total = np.add.reduceat(values[order], starts)
        sums = total.sum() - np.cumsum(total) + total / 2
        spread = np.empty_like(values)
        spread[order] = np.repeat(sums, np.diff(np.append(starts, len(values)))) / len(values)
        return np.asarray(spread - spread.mean())

    of_cov = a * b - cov + shift(b, order_x, starts_x) + shift(a, order_y, starts_y)
    of_var_x = a * a - var_x + 2 * shift(a, order_x, starts_x)
    of_var_y = b * b - var_y + 2 * shift(b, order_y, starts_y)
    theta = cov / np.sqrt(var_x * var_y)
    psi = of_cov / np.sqrt(var_x * var_y) - theta / 2 * (of_var_x / var_x + of_var_y / var_y)
    return min(1.0, max(-1.0, float(theta))), np.asarray(psi)


def _standardised(values: np.ndarray) -> np.ndarray:
    centred = values - values.mean()
    centred = centred / np.abs(centred).max()  # squares of very large or small numbers would leave 64 bits
    return np.asarray(centred / np.sqrt(np.mean(centred * centred)))


def _midranks(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Midranks as shares of n, the order that sorts, and where each run of ties starts in it."""
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    tied = np.diff(np.append(starts, len(values)))
    middle = (starts + tied / 2) / len(values)
    ranks = np.empty(len(values))
    ranks[order] = np.repeat(middle, tied)
    return ranks, order, starts
