"""What a cell handed over: predictions, scores, fold scores, a number, several of them, or an estimator.

The last value of a candidate's cell decides. Nothing is recorded here; a value that cannot be used is refused
in one line before anything is written.
"""

from __future__ import annotations

import math
import numbers
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np

from mlee_jupyter.domain import ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics import class_columns, fold_tables
from mlee_jupyter.stats.metrics.probabilities import SUM_TOLERANCE
from mlee_jupyter.stats.own_scores.row_scores import as_row_scores
from mlee_jupyter.stats.rows import columns
from mlee_jupyter.stats.rows.row_index import index_of

from . import fold_values, meant

MOST_FOLDS = 250
_PARTS = {
    "predictions": ResultKind.PREDICTIONS,
    "pred": ResultKind.PREDICTIONS,
    "y_pred": ResultKind.PREDICTIONS,
    "probabilities": ResultKind.SCORES,
    "proba": ResultKind.SCORES,
    "y_proba": ResultKind.SCORES,
    "scores": ResultKind.SCORES,
    "y_score": ResultKind.SCORES,
    "folds": ResultKind.FOLDS,
    "row_scores": ResultKind.ROW_SCORES,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Answering:
    """A fitted model, and how it answered."""

    model: Any
    answer: Callable[[Any], Any]  # its own method
    features: Any
    seconds: float  # that it took for all of them


@dataclass(frozen=True, kw_only=True)
class Handed:
    """One thing to record: rows of the given kind, or a bare number."""

    kind: ResultKind
    rows: np.ndarray | None = None
    value: Any = None  # what the rows were made of; its index, if it has one, must be the truth's
    beside: Any = None  # what an estimator predicted on, where its answer has no index of its own
    number: float | None = None
    metric: str | None = None  # the metric a bare number is of, where it was named
    n: int | None = None  # the rows that a bare number was taken on, where they were named
    variant: str | None = None  # the key, where a dict of predictions was handed over
    claimed: float | None = None  # the user's own score for the same predictions
    answer_seconds: float | None = None  # measured, for an estimator: seconds per row
    answering: Answering | None = None  # of an estimator
    classes: tuple[Any, ...] | None = None  # of scores: the class of each column, or the name of the only one
    of_estimator: bool = False  # the classes are an estimator's own
    note: str | None = None  # of row scores: how many a row has, and whose


def read(
    value: Any,
    *,
    n: int | None,
    needs: str,
    metric: str | None = None,
    features: Any = None,
    kind: ResultKind | None = None,
    rows: Any = None,
    labels: Collection[str] = (),
    classes: Any = None,
    source: str | None = None,
) -> tuple[Handed, ...]:
    """What the value is.

    Args:
        value: what the cell ended with, or a named variable.
        n: rows of the truth; None when none is declared.
        needs: what the metric judges: "labels", "scores" or "numbers".
        metric: the experiment's metric; a dict's entry of that name is the user's own score for it.
        features: what an estimator predicts on.
        kind: how the user named it, which then is not guessed.
        rows: the number of rows behind a bare score. A pair (0.91, 500) and a dict {"accuracy": 0.91, "n": 500} say it
            too.
        labels: the truth's labels as text; a dict of one column of probabilities for each of them is one candidate.
        classes: the class of each column of scores, such as an estimator's `classes_`.
        source: the cell that ended with the value; None: it was handed over on purpose.

    Raises:
        MleeError: nothing usable, with what would be.
    """
    __tracebackhide__ = True
    if value is None:
        raise MleeError(
            "The cell ended without a value, so there is nothing to judge.",
            "End it with the predictions, or add --pred NAME.",
        )
    if rows is not None:
        if not _is_number(value):
            raise MleeError("n says on how many rows a bare score was taken.", "Leave it out, or hand over the score.")
        return (Handed(kind=ResultKind.NUMBER, number=_finite(value), n=_row_count(rows)),)
    if classes is not None:
        found = read(value, n=n, needs=needs, metric=metric, features=features, kind=kind)
        listed = tuple(class_columns.listed_classes(classes))
        return tuple(replace(one, classes=listed) if one.kind is ResultKind.SCORES else one for one in found)
    if kind is not None:
        return (_named(value, kind),)
    if hasattr(value, "predict") and not isinstance(value, type):
        return (_from_estimator(value, features, needs),)
    if isinstance(value, str | bytes):
        raise MleeError(
            f"The cell ended with text ({value[:30]!r}), not with predictions.",
            "End it with the predictions, or add --pred NAME.",
        )
    fold_values.refuse_no_result(value, metric)
    value = fold_values.as_dict(value)
    if isinstance(value, Mapping) and _is_by_class(value, labels):
        return (_named(value, ResultKind.SCORES),)
    if isinstance(value, Mapping):
        return _from_mapping(value, n=n, needs=needs, metric=metric, features=features, source=source)
    if _is_number(value):
        meant.demand_score(_finite(value), metric, source, whole=_is_whole(value))
        return (Handed(kind=ResultKind.NUMBER, number=_finite(value)),)
    if _is_score_with_rows(value, n):
        return (Handed(kind=ResultKind.NUMBER, number=_finite(value[0]), n=_row_count(value[1])),)
    values, names = class_columns.named_columns(value)
    handed = _from_array(values, n, needs, source)
    return (_with_names(handed, names),)


def _named(value: Any, kind: ResultKind) -> Handed:
    """Rows of a kind that is known, with the names of their columns where they are scores."""
    if kind is not ResultKind.SCORES:
        return _rows(value, kind)
    values, names = class_columns.named_columns(value)
    return _with_names(_rows(values, kind), names)


def _with_names(handed: Handed, names: Sequence[Any] | None) -> Handed:
    if handed.kind is not ResultKind.SCORES:
        return handed
    if names is None and isinstance(name := getattr(handed.value, "name", None), str):
        names = [name]
    return replace(handed, classes=None if names is None else tuple(names))


def _is_by_class(value: Mapping[Any, Any], labels: Collection[str]) -> bool:
    """A dict of one column of probabilities for each class of the truth, and perhaps for others."""
    if len(value) < 2 or not labels or not set(labels) <= {str(key) for key in value}:
        return False
    with suppress(TypeError, ValueError, MleeError):
        total = sum(columns.as_column(column, str(name)).astype(np.float64) for name, column in value.items())
        return bool(np.all(np.abs(total - 1) <= SUM_TOLERANCE))
    return False


def _from_array(value: Any, n: int | None, needs: str, source: str | None = None) -> Handed:
    shape = getattr(value, "shape", None)
    if shape is None and isinstance(value, Sequence):
        shape = (len(value), len(value[0])) if value and _is_row(value[0]) else (len(value),)
    if shape is not None and len(shape) == 2 and shape[1] > 1:
        return _rows(value, ResultKind.SCORES)
    if shape is not None and len(shape) >= 1 and _looks_like_folds(value, shape[0], n, needs, source):
        return _rows(value, ResultKind.FOLDS)
    rows = _rows(value, ResultKind.PREDICTIONS)
    if needs == "scores" or (needs == "labels" and _has_fractions(rows.rows)):
        return replace(rows, kind=ResultKind.SCORES)
    return rows


def _has_fractions(rows: np.ndarray | None) -> bool:
    return rows is not None and rows.dtype == np.float64 and bool(np.any(rows != np.floor(rows)))


def _looks_like_folds(value: Any, length: int, n: int | None, needs: str, source: str | None) -> bool:
    """A short run of fractions where the truth is at least twice as long: cross_val_score's answer."""
    if n is not None and (length == n or length * 2 > n):
        return False
    if not 2 <= length <= MOST_FOLDS:
        return False
    try:
        found = columns.as_rows(value, "it")
    except MleeError:
        return False  # refused by its proper name where it is read
    if found.ndim != 1 or found.dtype.kind != "f":
        return False
    fold_values.refuse_spread(value)
    meant.demand_folds(found, n, needs, source)
    return True


def _rows(value: Any, kind: ResultKind) -> Handed:
    if kind is ResultKind.ROW_SCORES:
        scores = as_row_scores(value, "row_scores")
        return Handed(kind=kind, rows=scores.values, value=value, note=scores.note)
    if kind is ResultKind.FOLDS:
        folds = columns.as_column(_flat(value), "the fold scores")
        if folds.dtype.kind not in "if" or len(folds) < 2:
            raise MleeError("Fold scores are two or more numbers.", "Hand over cross_val_score(...) as it is.")
        return Handed(kind=kind, rows=folds.astype(np.float64))
    if kind is ResultKind.SCORES and _is_matrix(value):
        matrix = columns.as_matrix(value, "the probabilities")
        if np.all(matrix == np.floor(matrix)) and not np.all(matrix.sum(axis=1) == 1):
            raise MleeError(
                f"{matrix.shape[1]} columns of whole numbers are no probabilities.",
                "Hand over one column of predictions, or a dict of columns: each is a variant.",
            )
        return Handed(kind=kind, rows=matrix, value=value)
    name = "the scores" if kind is ResultKind.SCORES else "the predictions"
    return Handed(kind=kind, rows=columns.as_column(value, name), value=value)


def _flat(value: Any) -> Any:
    """Repeated cross-validation as nested lists, laid end to end."""
    if (
        isinstance(value, Sequence)
        and value
        and isinstance(value[0], Sequence | np.ndarray)
        and not isinstance(value[0], str)
    ):
        return [score for repeat in value for score in repeat]
    return value


def _is_matrix(value: Any) -> bool:
    shape = getattr(value, "shape", None)
    if shape is not None:
        return len(shape) == 2 and shape[1] > 1
    return isinstance(value, Sequence) and len(value) > 0 and _is_row(value[0]) and len(value[0]) > 1


def _from_mapping(
    value: Mapping[Any, Any],
    *,
    n: int | None,
    needs: str,
    metric: str | None,
    features: Any,
    source: str | None,
) -> tuple[Handed, ...]:
    if not value:
        raise MleeError("The cell ended with an empty dict.", "End it with the predictions.")
    parts = {_PARTS[key]: entry for key, entry in value.items() if isinstance(key, str) and key in _PARTS}
    bare = {str(key): _finite(entry) for key, entry in value.items() if _is_number(entry)}
    folds = fold_tables.of_folds(value, n)
    if folds:
        named, scores = fold_tables.wanted(folds, metric)
        return (replace(_rows(scores, ResultKind.FOLDS), metric=named),)
    if parts:
        wanted = ResultKind.SCORES if needs == "scores" and ResultKind.SCORES in parts else next(iter(parts))
        if needs != "scores" and ResultKind.PREDICTIONS in parts:
            wanted = ResultKind.PREDICTIONS
        return (replace(_named(parts[wanted], wanted), claimed=bare.get(metric or "")),)
    if "n" in value and len(bare) == len(value) - 1 and len(value) > 1 and isinstance(value["n"], str):
        _row_count(value["n"])
    if len(bare) == len(value):
        rows = _row_count(value["n"]) if len(bare) > 1 and "n" in value else None
        scores = {name: number for name, number in bare.items() if name == metric or fold_tables.is_known(name)}
        if len(bare) == 1 and not fold_tables.NO_SCORE.fullmatch(next(iter(bare))):
            scores = bare  # a number of the user's own
        if not scores:
            there = ", ".join(name[:30] for name in list(bare)[:6])
            raise MleeError(f"The dict holds numbers of no known metric: {there}.", "Name one: {'accuracy': 0.9}.")
        return tuple(
            Handed(kind=ResultKind.NUMBER, number=number, metric=name, n=rows) for name, number in scores.items()
        )
    if any(isinstance(entry, Mapping) and "support" in entry for entry in value.values()):
        raise MleeError("A classification report holds several scores of each class.", "Hand over the predictions.")
    handed: list[Handed] = []
    for key, entry in value.items():
        if fold_tables.NO_SCORE.fullmatch(str(key)) and isinstance(entry, Mapping):
            raise MleeError(f"{str(key)[:40]!r} names no variant.", "End the cell with the predictions.")
        inner = read(entry, n=n, needs=needs, metric=metric, features=features, source=source)
        if len(inner) != 1:
            raise MleeError(f"The entry {str(key)[:40]!r} holds several things.", "Give one array a name.")
        handed.append(replace(inner[0], variant=str(key)))
    return tuple(handed)


def _from_estimator(estimator: Any, features: Any, needs: str) -> Handed:
    __tracebackhide__ = True
    if features is None:
        raise MleeError(
            "The cell ended with an estimator, and there is nothing to predict on.", "Add --features X_test."
        )
    scoring = getattr(estimator, "predict_proba", None) or getattr(estimator, "decision_function", None)
    by_scores = needs == "scores" and scoring is not None
    method: Any = scoring if by_scores else estimator.predict
    began = time.perf_counter()
    try:
        answered = method(features)
    except Exception as fault:  # the estimator's own refusal: not fitted, other columns
        said = " ".join(str(fault).split())[:160]
        raise MleeError(
            f"{type(estimator).__name__} cannot predict on the features ({type(fault).__name__}: {said}).",
            "End the cell with an estimator that is fitted on the same columns.",
        ) from None
    seconds = time.perf_counter() - began
    if by_scores:
        handed = _named(answered, ResultKind.SCORES)
    elif needs == "numbers":
        handed = _rows(answered, ResultKind.PREDICTIONS)
    else:
        handed = _from_array(answered, len(answered), needs)  # a network's predict gives shares
    if needs == "scores" and not by_scores and not _has_fractions(handed.rows):
        raise MleeError(
            f"{type(estimator).__name__} gives no probabilities, which this metric needs.",
            "Choose an estimator with predict_proba, or another metric.",
        )
    known = getattr(estimator, "classes_", None)
    if handed.kind is ResultKind.SCORES and handed.classes is None and known is not None and np.ndim(known) == 1:
        handed = replace(handed, classes=tuple(class_columns.listed_classes(known)), of_estimator=True)
    rows = 0 if handed.rows is None else len(handed.rows)
    beside = features if index_of(answered) is None else None
    answering = Answering(model=estimator, answer=method, features=features, seconds=seconds)
    return replace(handed, answer_seconds=seconds / rows if rows else None, beside=beside, answering=answering)


def _is_row(entry: Any) -> bool:
    """Whether an entry of a list is a row of several numbers; text is one label."""
    return isinstance(entry, Sequence | np.ndarray) and not isinstance(entry, str | bytes) and np.ndim(entry) > 0


def _is_number(value: Any) -> bool:
    if getattr(value, "shape", None) == () and callable(getattr(value, "item", None)):
        value = value.item()  # an array or a tensor of no dimension: a loss
    if isinstance(value, bool | np.bool_):
        return False
    return isinstance(value, numbers.Real | np.number | Decimal)


def _is_whole(value: Any) -> bool:
    """A whole number by its type: a count, mostly."""
    return isinstance(value.item() if callable(getattr(value, "item", None)) else value, int)


def _is_score_with_rows(value: Any, n: int | None) -> bool:
    """A pair such as (0.91, 500), where no truth of two rows makes it predictions."""
    if not isinstance(value, tuple) or len(value) != 2 or n == 2:
        return False
    score, rows = value
    whole = isinstance(rows, int | np.integer) and not isinstance(rows, bool)
    return whole and bool(rows > 1) and _is_number(score)


def _row_count(rows: Any) -> int:
    """The rows behind a score.

    Raises:
        MleeError: no whole number of two or more.
    """
    if _is_number(rows) and 2 <= rows < 2**63 and rows == int(rows):
        return int(rows)
    raise MleeError(f"n = {str(rows)[:20]} is no number of rows.", "Write n=500: the rows that the score is taken on.")


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise MleeError(f"The score is {number}, which nothing can be compared with.", "Look at how it was computed.")
    return number
