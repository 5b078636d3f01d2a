"""The metrics we judge by, under scikit-learn's names.

A score is shown as it is, a loss as a positive number where lower is better: `neg_log_loss` is accepted and shown
as `log_loss`. Inside the engine every metric is turned so that higher is better.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace

import numpy as np

from mlee_jupyter.errors import MleeError

from .columns import shown

MOST_LABELS = 20  # integers with more different values than this are taken for numbers


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricFacts:
    """What must be known of a metric before anything is scored by it."""

    name: str  # canonical: a scikit-learn scorer's name, losses without their "neg_"
    label: str  # as a sentence has it
    higher_is_better: bool
    bounded: bool  # a score in 0..1, shown as per cent and points
    needs: str  # "labels", "scores" or "numbers"
    family: str  # which formula
    average: str | None = None  # None: the positive class alone, or does not apply

    @property
    def sign(self) -> float:
        """Times this, higher is better."""
        return 1.0 if self.higher_is_better else -1.0

    @property
    def limits(self) -> tuple[float, float]:
        """The least and greatest value the metric can take, in its own direction."""
        if self.bounded:
            return 0.0, 1.0
        return (-np.inf, 1.0) if self.family == "r2" else (0.0, np.inf)

    @property
    def is_accuracy(self) -> bool:
        """The share of right rows, which is also every micro average where each row has one label."""
        return self.family == "accuracy" or self.average == "micro"

    @property
    def is_proportion(self) -> bool:
        """A share of rows (or of some rows) that are right."""
        return self.is_accuracy or (self.family in ("recall", "precision") and self.average is None)

    @property
    def counts_all_or_nothing(self) -> bool:
        """A plain mean of 0 and 1 over rows that do not depend on the predictions, so that rows can disagree."""
        return self.is_accuracy or (self.family == "recall" and self.average is None)

    @property
    def is_root(self) -> bool:
        """The root of a mean over rows."""
        return self.family in ("root_mean_squared_error", "root_mean_squared_log_error")

    @property
    def is_row_mean(self) -> bool:
        """A plain mean of one value per row."""
        return self.is_accuracy or self.family in ("log_loss", "mean_absolute_error", "mean_squared_error")

    @property
    def hangs_on_classes(self) -> bool:
        """Whether the scarcest class, and not the number of rows, limits what can be said."""
        by_class = ("f1", "precision", "recall", "balanced_accuracy", "roc_auc")
        return self.family in by_class and not self.is_accuracy


def _score(name: str, label: str, needs: str, family: str | None = None, bounded: bool = True) -> MetricFacts:
    return MetricFacts(
        name=name, label=label, higher_is_better=True, bounded=bounded, needs=needs, family=family or name
    )


def _loss(name: str, label: str, needs: str) -> MetricFacts:
    return MetricFacts(name=name, label=label, higher_is_better=False, bounded=False, needs=needs, family=name)


_PLAIN = (
    _score("accuracy", "accuracy", "labels"),
    _score("balanced_accuracy", "balanced accuracy", "labels"),
    _score("f1", "F1", "labels"),
    _score("precision", "precision", "labels"),
    _score("recall", "recall", "labels"),
    _score("roc_auc", "ROC AUC", "scores"),
    replace(_score("roc_auc_ovr", "ROC AUC, one class against the rest", "scores", "roc_auc"), average="macro"),
    _loss("log_loss", "log loss", "scores"),
    _loss("mean_absolute_error", "mean absolute error", "numbers"),
    _loss("mean_squared_error", "mean squared error", "numbers"),
    _loss("root_mean_squared_error", "root mean squared error", "numbers"),
    _score("r2", "R2", "numbers", bounded=False),
)
_AVERAGED = tuple(
    replace(facts, name=f"{facts.name}_{average}", label=f"{facts.label} ({average} average)", average=average)
    for facts in _PLAIN
    if facts.name in ("f1", "precision", "recall")
    for average in ("macro", "micro", "weighted")
)
METRICS = {facts.name: facts for facts in (*_PLAIN, *_AVERAGED)}
_ALIASES = {
    **{f"neg_{name}": name for name, facts in METRICS.items() if not facts.higher_is_better},
    "acc": "accuracy",
    "accuracy_score": "accuracy",
    "auc": "roc_auc",
    "roc_auc_score": "roc_auc",
    "balanced_accuracy_score": "balanced_accuracy",
    "f1_score": "f1",
    "logloss": "log_loss",
    "cross_entropy": "log_loss",
    "mae": "mean_absolute_error",
    "mse": "mean_squared_error",
    "rmse": "root_mean_squared_error",
    "r2_score": "r2",
}


def metric_facts(name: str, average: str | None = None) -> MetricFacts:
    """What is known of a metric.

    Args:
        name: a scikit-learn scorer's name, a loss with or without "neg_", or a short form (mae, mse, rmse, auc).
        average: scikit-learn's averaging for f1, precision and recall: binary, macro, micro or weighted.

    Raises:
        MleeError: no such metric (the nearest names are given), or no such averaging.
    """
    if not isinstance(name, str):
        raise MleeError(f"The metric is a {type(name).__name__}, not a name.", 'Write metric="accuracy".')
    key = "_".join(name.strip().lower().replace("-", "_").split())
    key = _ALIASES.get(key, key)
    if key not in METRICS:
        near = difflib.get_close_matches(key[:60], [*METRICS, *_ALIASES], n=3, cutoff=0.5)
        known = f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(METRICS)}."
        raise MleeError(f"There is no metric {shown(name)!r}.", known)
    facts = METRICS[key]
    if average is None or average == (facts.average or "binary"):
        return facts
    if facts.family not in ("f1", "precision", "recall"):
        raise MleeError(f"{facts.label} has no averaging {shown(average)!r}.", "Leave average out.")
    if f"{facts.family}_{average}" not in METRICS or facts.average is not None:
        options = "binary, macro, micro or weighted"
        raise MleeError(
            f"{facts.name} cannot be averaged as {shown(average)!r}.", f"Choose {options}, and name it once."
        )
    return METRICS[f"{facts.family}_{average}"]


def truth_kind(truth: np.ndarray) -> str:
    """Whether a canonical truth holds "labels" or "numbers".

    Text and booleans are labels. Integers are labels when there are at most 20 different ones, on average on two
    rows each (or just two of them). Floats are numbers, unless they are whole and there are at most two of them
    (a 0/1 column that once had gaps).
    """
    if truth.dtype.kind in "Ob":
        return "labels"
    if truth.dtype.kind == "f" and np.any(truth != np.floor(truth)):
        return "numbers"
    different = len(np.unique(truth))
    if truth.dtype.kind == "f":
        return "labels" if different <= 2 else "numbers"
    return "labels" if different <= 2 or (different <= MOST_LABELS and 2 * different <= len(truth)) else "numbers"


def default_metric(truth: np.ndarray) -> str:
    """The metric for a truth nobody named one for: accuracy for labels, mean absolute error for numbers."""
    return "accuracy" if truth_kind(truth) == "labels" else "mean_absolute_error"
