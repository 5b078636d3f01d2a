"""A metric as a mean over rows: its value, and what each row contributes to its error.

The influence values of a column have mean zero, and sum(psi^2) / (n (n - 1)) estimates the variance of the score;
so one covariance of influence values serves every metric. Everything here is turned so that higher is better.

Each metric's own file has its formula: row means and the delta method for ratios (Cramer 1946, 28.4), rankings,
correlations, functions of the user's own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import as_shares

from .probabilities import checked_probabilities, scores_for_labels
from .scored import Scored
from .traits import MetricFacts, Target

LARGEST = 1e60  # influence value: fourth powers are taken of it
ALIKE = 1e-12  # of the score
TOO_LARGE = ("The errors are too large for 64-bit numbers.", "Scale the truth and the predictions down.")


def score(target: Target, rows: np.ndarray, are_scores: bool) -> Scored:
    """One candidate's canonical predictions (or scores) on a prepared truth.

    Args:
        target: from `prepare`.
        rows: a column, or an (n, classes) matrix whose columns follow the sorted labels; columns beyond them are of
            classes that the truth has none of.
        are_scores: probabilities or decision scores, rather than labels or numbers.

    Raises:
        MleeError: they do not fit the truth or the metric.
    """
    if len(rows) != target.n:
        raise MleeError(f"{len(rows):,} predictions for {target.n:,} rows of truth.", "Predict on the truth's rows.")
    facts, wanted = target.facts, _as_needed(target, rows, are_scores)
    if facts.needs == "numbers":
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is refused below
            scored = facts.score(target, wanted)
    else:
        scored = facts.score(target, wanted)
    if scored.psi.dtype != bool and not _can_be_multiplied(scored):
        raise MleeError(*TOO_LARGE)
    if scored.psi.dtype != bool and float(np.abs(scored.psi).max()) <= ALIKE * abs(scored.theta):
        # rows that differ by rounding alone; a log loss of none is clipped there too
        nothing = facts.probabilities and abs(scored.theta) <= ALIKE
        return replace(scored, theta=0.0 if nothing else scored.theta, psi=np.zeros_like(scored.psi))
    return scored


def _as_needed(target: Target, rows: np.ndarray, are_scores: bool) -> np.ndarray:
    """What the metric judges: labels, numbers, probabilities, or scores as they came."""
    facts = target.facts
    if facts.needs == "labels":
        return _as_labels(target, rows, are_scores)
    if facts.needs == "numbers":
        return _as_numbers(target, rows)
    if facts.probabilities:
        return checked_probabilities(target, rows, are_scores)
    if facts.needs == "scores" and rows.dtype == object:
        raise MleeError(f"These are labels in text; {facts.label} needs scores.", "Pass predict_proba's result.")
    return rows


def _can_be_multiplied(scored: Scored) -> bool:
    """Whether squares, and their sums over all rows, stay far from the greatest number there is."""
    return bool(np.isfinite(scored.theta)) and float(np.abs(scored.psi).max()) <= LARGEST >= abs(scored.theta)


def _as_labels(target: Target, rows: np.ndarray, are_scores: bool) -> np.ndarray:
    """Predicted labels, from labels or from probabilities."""
    if rows.ndim == 2:
        if rows.shape[1] < len(target.labels):
            raise target.wrong_columns(rows)
        return _labels_at(target, rows.argmax(axis=1))
    refusal = scores_for_labels(rows, target.facts.label)
    if refusal is None:
        return rows
    if are_scores and len(target.labels) == 2 and as_shares(rows) is not None:
        other = 1 - target.positive if target.positive is not None else 0
        return _labels_at(target, np.where(rows > 0.5, 1 - other, other))
    raise refusal


def _labels_at(target: Target, places: np.ndarray) -> np.ndarray:
    stranger = "".join(map(str, target.labels)) + "?" if target.truth.dtype == object else max(target.labels) + 1
    labels = np.empty(len(target.labels) + 1, dtype=object if isinstance(stranger, str) else type(stranger))
    labels[:] = [*target.labels, stranger]
    return np.asarray(labels[np.minimum(places, len(target.labels))])


def _as_numbers(target: Target, rows: np.ndarray) -> np.ndarray:
    """Predicted numbers, one per row and truth."""
    label = target.facts.label
    if rows.dtype == object:
        raise MleeError(f"The predictions are text; {label} needs one number per row.")
    if rows.shape != target.truth.shape:
        columns, wanted = (array.shape[1] if array.ndim == 2 else 1 for array in (rows, target.truth))
        if wanted == 1:
            raise MleeError(f"The predictions are {columns} columns; {label} needs one number per row.")
        raise MleeError(f"{columns} column(s) of predictions for {wanted} truths.", "Predict a column for each.")
    return rows.astype(np.float64, copy=False)


def recorded(facts: MetricFacts, influence: np.ndarray, value: float, df: float) -> Scored:
    """A column of which only the influence values were kept.

    Args:
        facts: the metric.
        influence: (n,) turned so that higher is better, mean zero.
        value: the score in the metric's own direction.
        df: degrees of freedom of its error.
    """
    return Scored(theta=facts.sign * value, psi=influence, df=df)
