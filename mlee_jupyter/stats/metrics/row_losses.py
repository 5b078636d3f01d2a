"""Losses of single rows, and what metrics are made of them: their mean, or the root of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from mlee_jupyter.domain.errors import MleeError

from .expected import Expected
from .scored import Scored
from .traits import Target

Loss = Callable[[Target, np.ndarray], np.ndarray]
Score = Callable[[Target, np.ndarray], Scored]
Spread = Callable[[Expected, float], float | None]


def row_mean(gains: np.ndarray) -> Scored:
    """A plain mean over rows, scored.

    Args:
        gains: (n,) one value per row, the higher the better.
    """
    theta = float(np.mean(gains))
    return Scored(theta=theta, psi=gains - theta, df=len(gains) - 1)


def mean_of(loss: Loss) -> Score:
    """The score that is the mean of a loss over rows, and over truths where there are several.

    Args:
        loss: gives one value per row of a truth and numbers (n,); a matrix of both for a matrix of both.
    """
    return partial(_mean, loss)


def root_of(loss: Loss) -> Score:
    """The score that is the root of the mean of a loss over rows, by the delta method (Cramer 1946, 28.4).

    Args:
        loss: as for `mean_of`.
    """
    return partial(_root, loss)


def _mean(loss: Loss, target: Target, rows: np.ndarray) -> Scored:
    losses = loss(target, rows)
    return row_mean(-(losses.mean(axis=1) if losses.ndim == 2 else losses))


def _root(loss: Loss, target: Target, rows: np.ndarray) -> Scored:
    losses = loss(target, rows)
    mean = float(np.mean(losses))
    root = float(np.sqrt(mean))
    psi = -(losses - mean) / (2 * root) if root > 0 else np.zeros(target.n)
    return Scored(theta=-root, psi=psi, df=target.n - 1)


def squared_error(target: Target, rows: np.ndarray) -> np.ndarray:
    """The squared error of each row.

    Args:
        target: the prepared truth, of numbers.
        rows: (n,) predictions, or (n, truths).
    """
    error = target.truth - rows
    return np.asarray(error * error)


def squared_log_error(target: Target, rows: np.ndarray) -> np.ndarray:
    """The squared difference of the logarithms of 1 more than each.

    Args:
        target: the prepared truth, above -1.
        rows: (n,) predictions, or (n, truths).

    Raises:
        MleeError: a prediction of -1 or less.
    """
    if rows.min() <= -1:
        raise MleeError(f"A prediction of {rows.min():.6g} has no log error.", "Predict above -1, or choose mae.")
    return np.asarray((np.log1p(target.truth) - np.log1p(rows)) ** 2)


def loss_spread(factor: float | None = None) -> Spread:
    """How much the loss of one row varies, foretold for a mean of losses.

    Args:
        factor: times the mean loss it is the standard deviation under normal errors; None: only a pilot tells.
    """
    return partial(_loss_spread, factor)


def _loss_spread(factor: float | None, expected: Expected, score: float) -> float | None:
    if expected.spread is not None:  # from a pilot: the better one's losses vary in proportion
        return expected.spread * (score / expected.score if expected.score > 0 else 1.0)
    return None if factor is None else factor * score


def root_spread(factor: float | None = None) -> Spread:
    """The same for the root of a mean of losses, by the delta method.

    Args:
        factor: times the mean of the losses it is their standard deviation; None: only a pilot tells.
    """
    return partial(_root_spread, factor)


def _root_spread(factor: float | None, expected: Expected, score: float) -> float | None:
    if expected.spread is not None:
        of_losses = expected.spread * (score / expected.score if expected.score > 0 else 1.0) ** 2
    elif factor is not None:
        of_losses = factor * score**2
    else:
        return None
    return of_losses / (2 * score) if score > 0 else 0.0


NORMAL_SQUARE = math.sqrt(2)  # spread of e^2 over its mean, of normal errors
HALF_NORMAL = math.sqrt(math.pi / 2 - 1)  # spread of |e| over its mean
