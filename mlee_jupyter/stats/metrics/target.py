"""The truth made ready once, so that many candidates can be scored on it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import as_rows, shown

from .traits import MetricFacts, Target
from .truth_kinds import truth_kind

MOST_CLASSES = 10_000  # beyond this a column of labels is an identifier
CERTAIN = 3.0  # standard errors


def refuse_places(target: Target, labels: np.ndarray) -> None:
    """Raises MleeError where numbers are places of the sorted classes (0, 1, 2 for the classes 1, 2, 3), not classes.

    Places, where all of them could be, some are no class, and more rows are right when they are read so, by more than
    three standard errors of that difference. A class that the test rows happen to lack does not do that.

    Args:
        target: the prepared truth, of labels.
        labels: (n,) predicted.
    """
    known = target.labels
    if target.truth.dtype == object or labels.dtype == object or not may_be_places(known, labels.min(), labels.max()):
        return
    if not np.all(labels == np.floor(labels)) or np.all(np.isin(labels, known)):
        return
    places = int(np.count_nonzero(labels == target.codes))
    right = int(np.count_nonzero(labels == target.truth))
    refuse_as_places(known, (labels.min(), labels.max()), places, right)


def may_be_places(known: list[Any], least: float, most: float) -> bool:
    """Whether numbers may be places of classes that are called otherwise.

    Args:
        known: the classes, sorted.
        least: of the numbers.
        most: of the numbers.
    """
    return known != list(range(len(known))) and least >= 0 and most < len(known) and len(known) >= 2


def refuse_as_places(known: list[Any], ends: tuple[float, float], places: int, right: int) -> None:
    """Raises MleeError where more rows are right when numbers are read as places of classes; see `refuse_places`.

    Args:
        known: the classes, sorted.
        ends: the least and the greatest of the numbers.
        places: rows that would be right.
        right: rows that are right as they stand.
    """
    if places - right > CERTAIN * math.sqrt(places + right):
        raise MleeError(
            f"Are these places of the classes? {ends[0]:.0f} to {ends[1]:.0f}, where the classes are "
            f"{known[0]:.6g} to {known[-1]:.6g}: {places:,} rows would be right, as they stand {right:,}.",
            "Hand over classes: classes[predictions].",
        )


def refuse_without_logarithm(truth: np.ndarray, label: str) -> None:
    """Raises MleeError where 1 more than a truth has no logarithm.

    Args:
        truth: (n,) numbers.
        label: the metric, as a sentence has it.
    """
    if truth.min() <= -1:
        raise MleeError(f"A truth of {truth.min():.6g} has no log error.", "Choose mae or mse.")


def refuse_constant(truth: np.ndarray, label: str) -> None:
    """Raises MleeError where a truth does not vary.

    Args:
        truth: (n,) numbers.
        label: the metric, as a sentence has it.
    """
    if np.all(truth == truth[0]):
        raise MleeError(f"{label} is not defined: the truth has the same value on every row.", "Choose mae or rmse.")


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
        if facts.refuse_truth is not None:
            facts.refuse_truth(numbers, facts.label)
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
    if facts.counts_right_rows:
        return Target(facts=facts, truth=truth, labels=labels, codes=codes, counts=np.bincount(codes))
    chosen = _same_type(positive, truth)
    if facts.probabilities and len(labels) == 1 and chosen is not None:
        labels, codes = _with_label(labels, codes, chosen)
    if len(labels) == 1:
        raise MleeError(
            f"{facts.label} is not defined: every row of the truth is {shown(repr(labels[0]), 30)}.",
            "Choose accuracy, or a truth with both classes.",
        )
    place = _positive(labels, chosen, facts)
    counts = np.bincount(codes, minlength=len(labels))
    return Target(facts=facts, truth=truth, labels=labels, codes=codes, counts=counts, positive=place)


def read_truth(values: Any, facts: MetricFacts) -> np.ndarray:
    """The right answers as a canonical column; as a matrix where the metric is the mean over several truths.

    Args:
        values: the right answers, as they came.
        facts: the metric.

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
    if facts.positive == "none" or (facts.positive == "of two" and many):
        return None
    if facts.positive == "or mean" and many and chosen is None:
        return None  # scikit-learn's default: the mean of each class against the rest
    if chosen is not None:
        if chosen not in labels:
            listed = ", ".join(shown(repr(label), 20) for label in labels[:6])
            raise MleeError(f"The positive class {shown(repr(chosen), 30)} is not in the truth.", f"It has {listed}.")
        return labels.index(chosen)
    if many:
        instead = f", or choose {facts.way_out}" if facts.way_out else ""
        raise MleeError(
            f"{facts.label} looks at one class; the truth has {len(labels)}.", f"Name it with positive=...{instead}."
        )
    return labels.index(1) if 1 in labels and facts.needs == "labels" else 1
