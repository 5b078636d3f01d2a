"""Scores by scikit-learn, and what each row adds to their error.

Everything is on the rows of one board. `psi_of` gives psi, (n,) with mean near zero, so that the sum of psi squared
over n (n - 1) is the variance of the score. For scores that are no means over rows it is the infinitesimal jackknife
(Jaeckel 1972): each score is written for any weights of the rows, and one weight after the other is moved a little.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import spearmanr
from sklearn import metrics

SHARES = ("accuracy", "balanced_accuracy", "f1", "f1_macro", "precision", "recall", "roc_auc", "average_precision")
LABELS = ("accuracy", "balanced_accuracy", "f1", "f1_macro", "precision", "recall")
RANKS = ("roc_auc", "average_precision")
PROPER = ("log_loss", "brier")
NUMBERS = ("mae", "rmse", "mape", "r2", "spearman", "pinball_0.9")
HIGHER = (*SHARES, "r2", "spearman")
MOVED = 1e-4  # of a weight of 1
LIMITS = {"r2": (-np.inf, 1.0), "spearman": (-1.0, 1.0), "brier": (0.0, 2.0)}


def score(metric: str, truth: np.ndarray, rows: np.ndarray, positive: Any = None) -> float:
    """The score by scikit-learn's own function.

    Args:
        metric: one of the names above.
        truth: labels (any type) or numbers.
        rows: labels; shares of the classes in their sorted order (n, classes); or numbers.
        positive: the positive class of a two-class metric.
    """
    classes = np.unique(truth) if metric in LABELS + RANKS + PROPER else None
    if metric == "accuracy":
        return float(metrics.accuracy_score(truth, rows))
    if metric == "balanced_accuracy":
        return float(metrics.balanced_accuracy_score(truth, rows))
    if metric in ("f1", "precision", "recall"):
        found = getattr(metrics, f"{metric}_score")
        return float(found(truth == positive, rows == positive, zero_division=0.0))
    if metric == "f1_macro":
        return float(metrics.f1_score(truth, rows, average="macro", zero_division=0.0))
    if metric in RANKS:
        found = metrics.roc_auc_score if metric == "roc_auc" else metrics.average_precision_score
        return float(found(truth == positive, of_positive(rows, classes, positive)))
    if metric == "log_loss":
        whole = rows.sum(axis=1, keepdims=True)  # of single precision they sum to 1 only roughly
        return float(metrics.log_loss(truth, rows / whole, labels=classes))
    if metric == "brier":
        if rows.shape[1] == 2:
            return float(metrics.brier_score_loss(truth == classes[1], rows[:, 1]))
        return float(np.mean(((truth[:, None] == classes) - rows) ** 2) * rows.shape[1])
    if metric == "spearman":
        return float(spearmanr(truth, rows).statistic)
    if metric.startswith("pinball"):
        return float(metrics.mean_pinball_loss(truth, rows, alpha=float(metric.partition("_")[2])))
    return float(
        {
            "mae": metrics.mean_absolute_error,
            "rmse": metrics.root_mean_squared_error,
            "mape": metrics.mean_absolute_percentage_error,
            "r2": metrics.r2_score,
        }[metric](truth, rows)
    )


def of_positive(rows: np.ndarray, classes: np.ndarray, positive: Any) -> np.ndarray:
    return rows if rows.ndim == 1 else rows[:, int(np.flatnonzero(classes == positive)[0])]


def by_row(metric: str, truth: np.ndarray, rows: np.ndarray) -> np.ndarray | None:
    """One value a row, whose plain mean is the score; None where it is no such mean."""
    if metric == "accuracy":
        return (truth == rows).astype(float)
    if metric == "mae":
        return np.abs(truth - rows)
    if metric == "mape":
        return np.abs((truth - rows) / truth)
    if metric.startswith("pinball"):
        level, error = float(metric.partition("_")[2]), truth - rows
        return np.maximum(level * error, (level - 1) * error)
    if metric in PROPER:
        hot = truth[:, None] == np.unique(truth)
        if metric == "log_loss":
            return -np.log(np.clip(rows[hot], 2.3e-16, 1 - 2.3e-16))
        return ((hot - rows) ** 2).sum(axis=1) / (2 if rows.shape[1] == 2 else 1)
    return None


def psi_of(metric: str, truth: np.ndarray, rows: np.ndarray, positive: Any = None) -> np.ndarray:
    """What each row adds to the error of the score, (n,), in the metric's own direction."""
    mean = by_row(metric, truth, rows)
    if mean is not None:
        return mean - mean.mean()
    if metric in ("rmse", "r2"):  # the delta method
        squares = (truth - rows) ** 2
        if metric == "rmse":
            root = float(np.sqrt(squares.mean()))
            return (squares - root**2) / (2 * root) if root else np.zeros(len(truth))
        spread = (truth - truth.mean()) ** 2
        return -(squares - squares.mean() / spread.mean() * spread) / spread.mean()
    weighted = _WEIGHTED[metric](truth, rows, positive)
    n = len(truth)
    moved = MOVED * np.eye(n)
    psi = n * (weighted(1 + moved) - weighted(1 - moved)) / (2 * MOVED)
    psi[np.abs(psi) < 1e-7] = 0.0  # what rounding leaves of a derivative of nothing
    if metric in RANKS:  # unbiased within each class, as DeLong, DeLong and Clarke-Pearson (1988) have it
        for mine in (truth == positive, truth != positive):
            psi[mine] *= np.sqrt(mine.sum() / max(1, mine.sum() - 1))
    return psi


# ---------------------------------------------------------------- the same scores for any weights of the rows

Weighted = Callable[[np.ndarray], np.ndarray]  # (B, n) weights -> (B,) scores


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def _f_of(truth: np.ndarray, rows: np.ndarray, label: Any) -> Weighted:
    right, in_truth, in_rows = (truth == label) & (rows == label), truth == label, rows == label
    return lambda w: _ratio(2 * (w @ right), w @ in_truth + w @ in_rows)


def _f1(truth: np.ndarray, rows: np.ndarray, positive: Any) -> Weighted:
    return _f_of(truth, rows, positive)


def _f1_macro(truth: np.ndarray, rows: np.ndarray, positive: Any) -> Weighted:
    parts = [_f_of(truth, rows, label) for label in np.union1d(truth, rows)]
    return lambda w: np.mean([part(w) for part in parts], axis=0)


def _recall(truth: np.ndarray, rows: np.ndarray, positive: Any) -> Weighted:
    mine = truth == positive
    return lambda w: _ratio(w @ (mine & (rows == positive)), w @ mine)


def _precision(truth: np.ndarray, rows: np.ndarray, positive: Any) -> Weighted:
    mine = rows == positive
    return lambda w: _ratio(w @ (mine & (truth == positive)), w @ mine)


def _balanced(truth: np.ndarray, rows: np.ndarray, positive: Any) -> Weighted:
    parts = [_recall(truth, rows, label) for label in np.unique(truth)]
    return lambda w: np.mean([part(w) for part in parts], axis=0)


def _steps(truth: np.ndarray, rows: np.ndarray, positive: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows from the highest score down, whether positive, and where the score changes next."""
    column = of_positive(rows, np.unique(truth), positive)
    order = np.argsort(-column, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(column[order])), len(column) - 1)
    return order, (truth == positive)[order], ends


def _auc(truth: np.ndarray, rows: np.ndarray, positive: Any) -> Weighted:
    order, hit, ends = _steps(truth, rows, positive)

    def weighted(w: np.ndarray) -> np.ndarray:
        w = w[:, order]
        found = np.cumsum(w * hit, axis=1)[:, ends]
        alarms = np.cumsum(w * ~hit, axis=1)[:, ends]
        zero = np.zeros((len(w), 1))
        width, height = np.diff(np.hstack([zero, alarms]), axis=1), np.hstack([zero, found])
        area = (width * (height[:, 1:] + height[:, :-1]) / 2).sum(axis=1)
        return _ratio(area, found[:, -1] * alarms[:, -1])

    return weighted


def _average_precision(truth: np.ndarray, rows: np.ndarray, positive: Any) -> Weighted:
    order, hit, ends = _steps(truth, rows, positive)

    def weighted(w: np.ndarray) -> np.ndarray:
        w = w[:, order]
        found, seen = np.cumsum(w * hit, axis=1)[:, ends], np.cumsum(w, axis=1)[:, ends]
        gained = np.diff(np.hstack([np.zeros((len(w), 1)), found]), axis=1)
        return _ratio((gained * _ratio(found, seen)).sum(axis=1), found[:, -1])

    return weighted


def _spearman(truth: np.ndarray, rows: np.ndarray, positive: Any) -> Weighted:
    def ranks(values: np.ndarray, w: np.ndarray) -> np.ndarray:
        order = np.argsort(values, kind="stable")
        _, start, size = np.unique(values[order], return_index=True, return_counts=True)
        upto = np.cumsum(w[:, order], axis=1)
        last = upto[:, start + size - 1]
        before = np.hstack([np.zeros((len(w), 1)), last[:, :-1]])
        found = np.empty_like(w)
        found[:, order] = np.repeat((before + last) / 2, size, axis=1)
        return found

    def weighted(w: np.ndarray) -> np.ndarray:
        whole = w.sum(axis=1, keepdims=True)
        one, other = ranks(truth, w), ranks(rows, w)
        one = one - (w * one).sum(axis=1, keepdims=True) / whole
        other = other - (w * other).sum(axis=1, keepdims=True) / whole
        return (w * one * other).sum(axis=1) / np.sqrt((w * one**2).sum(axis=1) * (w * other**2).sum(axis=1))

    return weighted


_WEIGHTED: dict[str, Callable[[np.ndarray, np.ndarray, Any], Weighted]] = {
    "f1": _f1,
    "f1_macro": _f1_macro,
    "recall": _recall,
    "precision": _precision,
    "balanced_accuracy": _balanced,
    "roc_auc": _auc,
    "average_precision": _average_precision,
    "spearman": _spearman,
}
