"""Probabilities of classes, checked, and what they say of the class that each row has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import as_shares

if TYPE_CHECKING:
    from .traits import Target

NO_CHANCE = 1e-12  # a probability that votes and neighbours give, and no smooth model
SUM_TOLERANCE = 1e-3  # probabilities of single precision sum to 1 only roughly


def checked_probabilities(target: Target, rows: np.ndarray, are_scores: bool) -> np.ndarray:
    """The scores as probabilities: (n,) of the positive class, or (n, classes) that sum to 1.

    Args:
        target: the prepared truth.
        rows: canonical, (n,) or (n, columns).
        are_scores: they were handed over as scores, rather than as labels.

    Raises:
        MleeError: they are no probabilities.
    """
    label = target.facts.label
    if rows.dtype.kind == "O" or (rows.dtype.kind in "bi" and not are_scores):
        raise MleeError(f"These are labels; {label} needs probabilities.", "Pass predict_proba's result.")
    handed = rows.astype(np.float64, copy=False)
    shares = as_shares(handed)
    if shares is None:
        raise MleeError(
            f"The scores run from {handed.min():.4g} to {handed.max():.4g}; {label} needs probabilities in 0..1.",
            "Pass predict_proba's result.",
        )
    if shares.ndim == 2:
        if shares.shape[1] < len(target.labels):
            raise target.wrong_columns(shares)
        if np.abs(shares.sum(axis=1) - 1).max() > SUM_TOLERANCE:
            raise MleeError("The probabilities of a row do not sum to 1.", "Pass predict_proba's result.")
    elif target.positive is None:
        raise MleeError(f"One column of probabilities for {len(target.labels)} classes.", "Pass a column per class.")
    return shares


def of_truth(target: Target, rows: np.ndarray) -> np.ndarray:
    """The probability (n,) that was given to the class which each row has.

    Args:
        target: the prepared truth.
        rows: checked probabilities, (n,) or (n, classes).
    """
    if rows.ndim == 2:
        return np.asarray(rows[np.arange(target.n), target.codes])
    return np.where(target.codes == target.positive, rows, 1 - rows)


def deny_a_class(rows: np.ndarray) -> np.ndarray:
    """Rows (n,) bool on which some class was given no chance at all.

    Args:
        rows: probabilities, (n,) of one of two classes, or (n, classes).
    """
    least = rows.min(axis=1) if rows.ndim == 2 else np.minimum(rows, 1 - rows)
    return np.asarray(np.abs(least) <= NO_CHANCE)  # what lies beyond is no probability


def scores_for_labels(rows: np.ndarray, label: str) -> MleeError | None:
    """The refusal of a column of scores where labels are wanted; None: they may be labels.

    Args:
        rows: a canonical column.
        label: of the metric.
    """
    fractions = rows[rows != np.floor(rows)] if rows.dtype.kind == "f" else rows[:0]
    if not len(fractions):
        return None
    return MleeError(f"These are scores such as {fractions[0]:.6g}; {label} needs labels.", "Pass predict's result.")
