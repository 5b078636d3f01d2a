"""The truth made ready once, so that many candidates can be scored on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import as_rows, shown

from .catalogue import MetricFacts, truth_kind

MOST_CLASSES = 10_000  # beyond this a column of labels is an identifier
CERTAIN = 3.0  # standard errors


@dataclass(frozen=True, kw_only=True, eq=False)
class Target:
    """A canonical truth with what its metric needs of it."""

    facts: MetricFacts
    truth: np.ndarray
    labels: list[Any] = field(default_factory=list)  # sorted; empty for numbers
    codes: np.ndarray = field(default_factory=lambda: np.empty(0, np.intp))  # place of each row's label in `labels`
    counts: np.ndarray = field(default_factory=lambda: np.empty(0, np.intp))  # rows of each label
    positive: int | None = None  # place of the positive class; None where all classes count alike

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.truth)

    @property
    def scarcest(self) -> int | None:
        """Rows of the scarcest class that the metric hangs on; None where it hangs on rows alone."""
        if not self.facts.hangs_on_classes:
            return None
        if self.positive is None:
            return int(self.counts[self.counts > 0].min())
        positives = int(self.counts[self.positive])
        return min(positives, self.n - positives) if self.facts.needs == "scores" else positives

    @cached_property
    def positives(self) -> np.ndarray:
        """Which rows are of the positive class."""
        return np.asarray(self.codes == self.positive)

    def encode(self, labels: np.ndarray) -> tuple[np.ndarray, int]:
        """Places of the labels in `self.labels` (len(self.labels) where unknown), and how many unknown kinds.

        Raises:
            MleeError: text against numbers; "1" is not 1.
        """
        refuse_other_type(self.truth, labels)
        unknown = len(self.labels)
        if labels.dtype == object:
            places = {label: place for place, label in enumerate(self.labels)}
            codes = np.fromiter((places.get(label, unknown) for label in labels), np.intp, len(labels))
        else:
            known = np.asarray(self.labels)
            codes = np.minimum(np.searchsorted(known, labels), unknown - 1)
            codes = np.where(known[codes] == labels, codes, unknown)
        strangers = labels[codes == unknown]
        return codes, len(set(strangers.tolist())) if len(strangers) else 0


def refuse_other_type(truth: np.ndarray, labels: np.ndarray) -> None:
    """Raises MleeError where one is text and the other is not."""
    if (truth.dtype == object) != (labels.dtype == object):
        told, wanted = ("text", "numbers") if labels.dtype == object else ("numbers", "text")
        raise MleeError(
            f"The predictions are {told} ({shown(repr(labels.tolist()[0]), 20)}), the truth is {wanted} "
            f"({shown(repr(truth.tolist()[0]), 20)}).",
            "Make both the same type.",
        )


def refuse_places(target: Target, labels: np.ndarray) -> None:
    """Raises MleeError where numbers are places of the sorted classes (0, 1, 2 for the classes 1, 2, 3), not classes.

    Places, where all of them could be, some are no class, and more rows are right when they are read so, by more than
    three standard errors of that difference. A class that the test rows happen to lack does not do that.
    """
    known = target.labels
    if target.truth.dtype == object or labels.dtype == object or known == list(range(len(known))):
        return
    least, most = labels.min(), labels.max()
    if least < 0 or most >= len(known) or len(known) < 2 or not np.all(labels == np.floor(labels)):
        return
    if np.all(np.isin(labels, known)):
        return
    places = int(np.count_nonzero(labels == target.codes))
    right = int(np.count_nonzero(labels == target.truth))
    if places - right > CERTAIN * math.sqrt(places + right):
        raise MleeError(
            f"Are these places of the classes? {least:.0f} to {most:.0f}, where the classes are "
            f"{known[0]:.6g} to {known[-1]:.6g}: {places:,} rows would be right, as they stand {right:,}.",
            "Hand over classes: classes[predictions].",
        )


def prepare(truth: np.ndarray, facts: MetricFacts, positive: Any = None) -> Target:
    """The truth made ready for a metric.

    Args:
        truth: canonical column.
        facts: the metric.
        positive: the positive class; None: 1 (or True) as in scikit-learn, else the greater of the two labels.

    Raises:
        MleeError: the metric is not defined on this truth, or the positive class is not in it.
    """
    if len(truth) < 2:
        raise MleeError("The truth has 1 row, on which nothing can be judged.", "Score on more rows.")
    if facts.needs == "numbers":
        if truth.dtype == object:
            raise MleeError(f"{facts.label} needs numbers; the truth holds text.", "Choose accuracy, or another truth.")
        numbers = truth.astype(np.float64)
        _refuse_numbers(numbers, facts)
        return Target(facts=facts, truth=numbers)
    if facts.needs == "anything":
        labels, codes = _labels(truth) if truth_kind(truth) == "labels" else ([], np.zeros(len(truth), np.intp))
        return Target(facts=facts, truth=truth, labels=labels, codes=codes, counts=np.bincount(codes))
    if truth.dtype.kind == "f" and np.any(truth != np.floor(truth)):
        example = truth[truth != np.floor(truth)][0]
        raise MleeError(f"{facts.label} needs labels; the truth holds {example:.6g}.", "Choose mae, rmse or r2.")
    labels, codes = _labels(truth)
    if len(labels) > MOST_CLASSES:
        raise MleeError(f"The truth has {len(labels):,} different labels.", "Is this column an identifier?")
    if facts.is_accuracy:
        return Target(facts=facts, truth=truth, labels=labels, codes=codes, counts=np.bincount(codes))
    chosen = _same_type(positive, truth)
    if facts.family in ("log_loss", "brier_score") and len(labels) == 1 and chosen is not None:
        labels, codes = _with_label(labels, codes, chosen)
    if len(labels) == 1:
        raise MleeError(
            f"{facts.label} is not defined: every row of the truth is {shown(repr(labels[0]), 30)}.",
            "Choose accuracy, or a truth with both classes.",
        )
    place = _positive(labels, chosen, facts) if facts.average is None else None
    counts = np.bincount(codes, minlength=len(labels))
    return Target(facts=facts, truth=truth, labels=labels, codes=codes, counts=counts, positive=place)


def read_truth(values: Any, facts: MetricFacts) -> np.ndarray:
    """The right answers as a canonical column; as a matrix where the metric is the mean over several truths.

    Raises:
        MleeError: as `as_column`; several truths, with how to average over them.
    """
    rows = as_rows(values, "the truth")
    if rows.ndim == 2 and not facts.several:
        raise MleeError(
            f"The truth has {rows.shape[1]} columns; one is judged at a time.",
            'Pick a column, or compare with multioutput="uniform_average" where their mean is meant.',
        )
    return rows


def _refuse_numbers(truth: np.ndarray, facts: MetricFacts) -> None:
    """Raises MleeError where the metric is not defined on these numbers."""
    if facts.family in ("r2", "spearman", "pearson") and np.all(truth == truth[0]):
        raise MleeError(
            f"{facts.label} is not defined: the truth has the same value on every row.", "Choose mae or rmse."
        )
    zeros = int(np.count_nonzero(truth == 0))
    if facts.family == "mean_absolute_percentage_error" and zeros:
        raise MleeError(f"A percentage of a truth of 0 is not defined: {zeros:,} row(s) have it.", "Choose mae.")
    if facts.family.endswith("log_error") and truth.min() <= -1:
        raise MleeError(f"A truth of {truth.min():.6g} has no log error.", "Choose mae or mse.")


def _labels(truth: np.ndarray) -> tuple[list[Any], np.ndarray]:
    if truth.dtype == object:
        labels = sorted(set(truth.tolist()))
        places = {label: place for place, label in enumerate(labels)}
        return labels, np.fromiter((places[label] for label in truth), np.intp, len(truth))
    known, codes = np.unique(truth, return_inverse=True)
    return known.tolist(), codes.reshape(-1)


def _with_label(labels: list[Any], codes: np.ndarray, label: Any) -> tuple[list[Any], np.ndarray]:
    if label in labels:
        raise MleeError(
            f"Two classes are needed; every row of the truth is {shown(repr(label), 30)}.", "Choose accuracy."
        )
    both = sorted([*labels, label])
    return both, np.full_like(codes, both.index(labels[0]))


def _same_type(positive: Any, truth: np.ndarray) -> Any:
    if positive is None:
        return None
    plain = positive.item() if isinstance(positive, np.generic) else positive
    if isinstance(plain, str) != (truth.dtype == object):
        wanted = "text" if truth.dtype == object else "numbers"
        raise MleeError(f"The positive class {shown(repr(plain), 30)} is of another type: the truth is {wanted}.")
    if not isinstance(plain, str | int | float):
        raise MleeError(f"The positive class is a {type(plain).__name__}.", "Name one label.")
    return plain


def _positive(labels: list[Any], chosen: Any, facts: MetricFacts) -> int | None:
    """Place of the positive class, as scikit-learn takes it: 1 for label metrics, the greater label for scores."""
    many = len(labels) > 2
    if facts.family == "balanced_accuracy" or (facts.family in ("log_loss", "brier_score") and many):
        return None
    if facts.family == "average_precision" and many and chosen is None:
        return None  # scikit-learn's default: the mean of each class against the rest
    if chosen is not None:
        if chosen not in labels:
            listed = ", ".join(shown(repr(label), 20) for label in labels[:6])
            raise MleeError(f"The positive class {shown(repr(chosen), 30)} is not in the truth.", f"It has {listed}.")
        return labels.index(chosen)
    if many:
        way_out = "roc_auc_ovr" if facts.family == "roc_auc" else f"{facts.name}_macro or {facts.name}_weighted"
        raise MleeError(
            f"{facts.label} looks at one class; the truth has {len(labels)}.",
            f"Name it with positive=..., or choose {way_out}.",
        )
    return labels.index(1) if 1 in labels and facts.needs == "labels" else 1
