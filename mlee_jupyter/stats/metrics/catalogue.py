"""The metrics we judge by, under scikit-learn's names.

A score is shown as it is, a loss as a positive number where lower is better: `neg_log_loss` is accepted and shown
as `log_loss`. Inside the engine every metric is turned so that higher is better.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import shown

from .own import OwnMetric

MOST_LABELS = 20  # integers with more different values than this are taken for numbers


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricFacts:
    """What must be known of a metric before anything is scored by it."""

    name: str  # canonical: a scikit-learn scorer's name, losses without their "neg_"
    label: str  # as a sentence has it
    higher_is_better: bool
    bounded: bool  # a score in 0..1, shown as per cent and points
    needs: str  # "labels", "scores", "numbers", or "anything" of a user's own
    family: str  # which formula
    average: str | None = None  # None: the positive class alone, or does not apply
    level: float | None = None  # of pinball loss: the quantile that is predicted, in (0, 1)
    own: OwnMetric | None = None  # a user's own function
    several: bool = False  # the plain mean over several truths

    @property
    def sign(self) -> float:
        """Times this, higher is better."""
        return 1.0 if self.higher_is_better else -1.0

    @property
    def limits(self) -> tuple[float, float]:
        """The least and greatest value the metric can take, in its own direction."""
        if self.bounded:
            return 0.0, 1.0
        limits = {"r2": (-np.inf, 1.0), "brier_score": (0.0, 2.0), "own": (-np.inf, np.inf)}
        correlation = {"spearman": (-1.0, 1.0), "pearson": (-1.0, 1.0)}
        return {**limits, **correlation}.get(self.family, (0.0, np.inf))

    @property
    def comparable_limits(self) -> tuple[float, float]:
        """The limits of what columns are compared by: higher is better, and of a root its square."""
        least, most = self.limits
        return (least, most) if self.higher_is_better else (-most, -least)

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
        by_row = self.own is not None and self.own.by_row is True
        return self.is_accuracy or by_row or self.family in _ROW_MEANS

    @property
    def has_common_scale(self) -> bool:
        """A score whose differences mean the same everywhere: in 0..1, R2, a correlation."""
        return self.bounded or self.family in ("r2", *_CORRELATIONS)

    @property
    def hangs_on_classes(self) -> bool:
        """Whether the scarcest class, and not the number of rows, limits what can be said."""
        by_class = ("f1", "precision", "recall", "balanced_accuracy", "roc_auc", "average_precision")
        return self.family in by_class and not self.is_accuracy


_CORRELATIONS = ("spearman", "pearson")
_ROW_MEANS = (
    "log_loss",
    "brier_score",
    "mean_absolute_error",
    "mean_squared_error",
    "mean_absolute_percentage_error",
    "mean_squared_log_error",
    "pinball",
)


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
    _score("average_precision", "average precision", "scores"),
    _loss("log_loss", "log loss", "scores"),
    _loss("brier_score", "Brier score", "scores"),
    _loss("mean_absolute_error", "mean absolute error", "numbers"),
    _loss("mean_squared_error", "mean squared error", "numbers"),
    _loss("root_mean_squared_error", "root mean squared error", "numbers"),
    _loss("mean_absolute_percentage_error", "mean absolute percentage error", "numbers"),
    _loss("mean_squared_log_error", "mean squared log error", "numbers"),
    _loss("root_mean_squared_log_error", "root mean squared log error", "numbers"),
    _score("r2", "R2", "numbers", bounded=False),
    _score("spearman", "Spearman correlation", "numbers", bounded=False),
    _score("pearson", "Pearson correlation", "numbers", bounded=False),
)
_AVERAGED = tuple(
    replace(facts, name=f"{facts.name}_{average}", label=f"{facts.label} ({average} average)", average=average)
    for facts in _PLAIN
    if facts.name in ("f1", "precision", "recall")
    for average in ("macro", "micro", "weighted")
)
KNOWN = (
    "accuracy, balanced_accuracy, f1, precision, recall (or f1_macro, f1_weighted, ...), roc_auc, average_precision, "
    "log_loss, brier, mae, mse, rmse, mape, msle, r2, spearman, pearson, pinball_0.9"
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
    "brier": "brier_score",
    "brier_score_loss": "brier_score",
    "ap": "average_precision",
    "pr_auc": "average_precision",
    "average_precision_score": "average_precision",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_log_error",
    "rmsle": "root_mean_squared_log_error",
    "spearmanr": "spearman",
    "pearsonr": "pearson",
    "mse": "mean_squared_error",
    "rmse": "root_mean_squared_error",
    "r2_score": "r2",
    "mcc": "matthews_corrcoef",
    "kappa": "cohen_kappa_score",
    "cohen_kappa": "cohen_kappa_score",
}


REGISTERED: dict[str, MetricFacts] = {}  # the user's own, by name
_INSTEAD = "Choose balanced_accuracy or f1, or judge by a function of your own: mlee_jupyter.metric."
_REFUSED = {  # asked for often enough to deserve a line, with what to use instead
    "median_absolute_error": ("The median error tells too little of its own error to be judged.", "Choose mae."),
    "max_error": ("The largest error is a single row, on which nothing can be judged.", "Choose mae or mse."),
    "matthews_corrcoef": ("Matthews correlation is not computed here.", _INSTEAD),
    "cohen_kappa_score": ("Cohen's kappa is not computed here.", _INSTEAD),
    "top_k_accuracy": ("Top-k accuracy needs its k.", "Judge it by a function of your own: mlee_jupyter.metric."),
    "pinball": ("Pinball loss needs the quantile that is predicted.", "Write pinball_0.9 for the 90% quantile."),
}
_PINBALL = re.compile(r"(?:neg_)?(?:mean_)?pinball(?:_loss)?(?:_(?P<level>.+))?")


def metric_facts(name: str | MetricFacts, average: str | None = None) -> MetricFacts:
    """What is known of a metric.

    Args:
        name: a scikit-learn scorer's name, a loss with or without "neg_", a short form (mae, mse, rmse, auc, brier,
            mape), "pinball_0.9" for the pinball loss of the 90% quantile, "spearman", "pearson", or a name that was
            given to a function of one's own; facts are handed back.
        average: scikit-learn's averaging for f1, precision and recall: binary, macro, micro or weighted.

    Raises:
        MleeError: no such metric (the nearest names are given), or no such averaging.
    """
    if isinstance(name, MetricFacts):
        return name
    if not isinstance(name, str):
        raise MleeError(f"The metric is a {type(name).__name__}, not a name.", 'Write metric="accuracy".')
    own = REGISTERED.get(name.strip())
    if own is not None:
        if average is not None:
            raise MleeError(f"{shown(name)} is a function of your own, which averages by itself.", "Leave average out.")
        return own
    key = "_".join(name.strip().lower().replace("-", "_").split())
    pinball = _PINBALL.fullmatch(key)
    if pinball and pinball["level"]:
        return _pinball(pinball["level"], average)
    key = "pinball" if pinball else _ALIASES.get(key, key)
    if key.removeprefix("neg_") in _REFUSED:
        raise MleeError(*_REFUSED[key.removeprefix("neg_")])
    if key not in METRICS:
        near = difflib.get_close_matches(key[:60], [*METRICS, *_ALIASES], n=3, cutoff=0.5)
        known = f"Did you mean {' or '.join(near)}?" if near else f"Known: {KNOWN}."
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


def _pinball(level: str, average: str | None) -> MetricFacts:
    try:
        quantile = float(level)
    except ValueError:
        quantile = 0.0
    if not 0 < quantile < 1:
        raise MleeError(
            f"The quantile {shown(level, 20)!r} of pinball loss is not between 0 and 1.", "Write pinball_0.9."
        )
    if average is not None:
        raise MleeError("Pinball loss has no averaging.", "Leave average out.")
    label = f"pinball loss at {quantile:g}"
    return replace(_loss("pinball", label, "numbers"), name=f"pinball_{quantile:g}", level=quantile)


def averaged_over_truths(facts: MetricFacts, multioutput: str) -> MetricFacts:
    """The metric as the plain mean over several truths, scikit-learn's multioutput="uniform_average".

    Raises:
        MleeError: another way of averaging, or a metric that is no mean over rows.
    """
    if multioutput != "uniform_average":
        raise MleeError(
            f"multioutput = {shown(repr(multioutput), 30)} is not known here.", 'Write multioutput="uniform_average".'
        )
    if facts.needs != "numbers" or not facts.is_row_mean:
        raise MleeError(
            f"{facts.label} is no mean over rows, for which alone several truths are averaged.",
            "Choose mae or mse, or compare one truth at a time.",
        )
    return replace(facts, several=True)


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
