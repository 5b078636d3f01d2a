"""What scikit-learn itself says of the same rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import metrics

from .worlds import World

OF_LABELS = ("accuracy", "balanced_accuracy", "f1", "precision", "recall", "f1_macro", "recall_weighted")
OF_SHARES = ("roc_auc", "average_precision", "log_loss", "brier")
OF_NUMBERS = ("mae", "rmse", "mse", "r2", "mape", "pinball_0.9", "spearman")


def metrics_of(world: World) -> tuple[str, ...]:
    """The metrics that can be meant in a world."""
    if world.numbers:
        return OF_NUMBERS
    if world.two:
        return OF_LABELS + OF_SHARES
    return ("accuracy", "balanced_accuracy", "f1_macro", "recall_weighted", "roc_auc_ovr", "log_loss")


def needs(metric: str) -> str:
    if metric in OF_LABELS:
        return "labels"
    return "numbers" if metric in OF_NUMBERS else "scores"


def score(world: World, metric: str, meant: Any = None) -> float:
    """The score of what was meant: labels, shares, one column of scores, or numbers; None: what the model says."""
    y = world.y.to_numpy()
    kind = needs(metric)
    if meant is None:
        meant = world.shares if kind == "scores" else world.labels
    rows = np.asarray(meant)
    if kind == "numbers":
        return _of_numbers(metric, y, rows)
    if y.dtype == object:
        y = y.astype(str)
        rows = rows.astype(str) if kind == "labels" else rows
    if kind == "labels":
        return _of_labels(metric, y, rows, np.asarray(world.classes)[-1])
    if metric == "log_loss":
        return float(metrics.log_loss(y, rows, labels=world.classes))
    if metric == "roc_auc_ovr":
        return float(metrics.roc_auc_score(y, rows, multi_class="ovr", average="macro"))
    column, hit = rows[:, 1] if rows.ndim == 2 else rows, y == world.classes[1]
    if metric == "brier":
        return float(metrics.brier_score_loss(hit, column))
    found = metrics.roc_auc_score if metric == "roc_auc" else metrics.average_precision_score
    return float(found(hit, column))


def _of_labels(metric: str, y: Any, rows: Any, positive: Any) -> float:
    if metric == "accuracy":
        return float(metrics.accuracy_score(y, rows))
    if metric == "balanced_accuracy":
        return float(metrics.balanced_accuracy_score(y, rows))
    name, _, average = metric.partition("_")
    found = getattr(metrics, f"{name}_score")
    return float(found(y, rows, average=average) if average else found(y, rows, pos_label=positive))


def _of_numbers(metric: str, y: Any, rows: Any) -> float:
    if metric == "spearman":
        from scipy.stats import spearmanr

        return float(spearmanr(y, rows).statistic)
    if metric.startswith("pinball"):
        return float(metrics.mean_pinball_loss(y, rows, alpha=0.9))
    found = {
        "mae": metrics.mean_absolute_error,
        "rmse": metrics.root_mean_squared_error,
        "mse": metrics.mean_squared_error,
        "r2": metrics.r2_score,
        "mape": metrics.mean_absolute_percentage_error,
    }[metric]
    return float(found(y, rows))
