"""Fold scores as they are handed over, to a cell and to `compare` alike, and what looks like them and is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics import fold_tables
from mlee_jupyter.stats.rows.columns import shown

FEW_TIMES = 4  # a mean is more times its spread; two fold scores of one recipe are less apart


def fold_scores(value: Any, metric: str) -> Any:
    """The fold scores of a metric, where nothing can be predictions.

    Args:
        value: cross_val_score's answer, cross_validate's, or a table of it.
        metric: whose scores are wanted.

    Raises:
        MleeError: none, scores of other metrics, or what is no fold score: a history, a search's table, a mean with
            its spread.
    """
    refuse_no_result(value, metric)
    value = as_dict(value, told=True)
    if isinstance(value, Mapping):
        if "folds" in value:
            return value["folds"]
        if lists := fold_tables.of_folds(value, None):
            return fold_tables.wanted(lists, metric)[1]
        raise MleeError(
            f"The dict holds no fold scores, but {_listed(value)}.",
            "Pass cross_val_score's answer, or cross_validate's.",
        )
    refuse_spread(value)
    return value


def as_dict(value: Any, *, told: bool = False) -> Any:
    """A frame of cross_validate's answer as the dict it was made of; anything else as it is.

    Args:
        value: of whatever kind.
        told: that no frame can be predictions.
    """
    names = _columns_of(value)
    if names is None:
        return value
    lists = {name: value[name] for name in names} if told or is_frame_of_folds(names) else None
    if lists is None or (told and not fold_tables.of_folds(lists, None)):
        return value
    return lists


def is_frame_of_folds(names: Iterable[Any]) -> bool:
    """Whether columns are those of pd.DataFrame(cross_validate(...)), or of a part of it.

    Args:
        names: of the columns.
    """
    said = [str(name) for name in names]
    beside = any(name in ("fit_time", "score_time") or name.startswith("train_") for name in said)
    return (beside and any(name.startswith("test_") for name in said)) or {"fit_time", "score_time"} <= set(said)


def refuse_no_result(value: Any, metric: str | None) -> None:
    """What looks like a result and is none.

    Args:
        value: of whatever kind.
        metric: whose scores are wanted.

    Raises:
        MleeError: a training history, or a table of what a search tried.
    """
    names = list(value) if isinstance(value, Mapping) else _columns_of(value)
    if fold_tables.is_history(value) or (not isinstance(value, Mapping) and fold_tables.are_epochs(names or ())):
        raise MleeError(
            "A training history has a score for each epoch, chosen among by looking: it is no result.",
            "Hand over the predictions: model.predict(X_test).",
        )
    fold_tables.refuse_search(names or (), metric)


def refuse_parts(names: Iterable[Any], metric: str) -> None:
    """Refuse candidates that are the parts of one answer.

    Args:
        names: of the candidates.
        metric: whose scores are wanted.

    Raises:
        MleeError: they are of a search, of cross_validate or of a training history.
    """
    said = [str(name) for name in names]
    if fold_tables.are_of_a_search(said):
        raise MleeError(
            "These are the columns of a search's cv_results_, not candidates.",
            f'Pass {{"search": cross_val_score(search, X, y, scoring="{fold_tables.scorer(metric)}")}}.',
        )
    if fold_tables.are_epochs(said):
        raise MleeError(
            "These are the lists of a training history, not candidates.", 'Pass {"net": fold_scores, ...} of each.'
        )
    if {"fit_time", "score_time", fold_tables.SINGLE} & set(said) or is_frame_of_folds(said):
        raise MleeError(
            "These are the parts of one cross_validate answer, not candidates.",
            'Pass {"knn": cross_validate(knn, X, y), ...}.',
        )


def refuse_spread(value: Any) -> None:
    """Refuse a mean with its spread, and perhaps its number.

    Two numbers in a tuple are one, and so are two of which the second is a small part of the first.

    Args:
        value: of whatever kind.

    Raises:
        MleeError: it may be one.
    """
    if not isinstance(value, tuple | list | np.ndarray) or np.ndim(value) != 1 or len(value) not in (2, 3):
        return
    try:
        numbers = [float(one) for one in value]
    except (TypeError, ValueError):
        return
    if isinstance(value[0], int | np.integer) and numbers[0] > 1:
        return  # rows, then a score
    in_a_tuple = isinstance(value, tuple)
    small = 0 <= FEW_TIMES * numbers[1] < abs(numbers[0])
    counted = in_a_tuple and small and numbers[-1] == int(numbers[-1]) > 1
    if counted if len(numbers) == 3 else in_a_tuple or small:
        said = ", ".join(f"{number:.4g}" for number in numbers)
        raise MleeError(
            f"({said}): a mean and its spread?",
            f'Pass fold scores, or the score with its rows: ({numbers[0]:.4g}, 500); two folds: {{"folds": [...]}}.',
        )


def _columns_of(value: Any) -> list[Any] | None:
    """The names of a frame's columns; None where it is none, or lazy: that has no values yet, and asking may cost."""
    names = None if hasattr(value, "collect") or isinstance(value, type) else getattr(value, "columns", None)
    if names is None or callable(names) or not hasattr(value, "__getitem__"):
        return None
    return list(names)


def _listed(value: Mapping[Any, Any]) -> str:
    return ", ".join(shown(key, 40) for key in list(value)[:6]) or "nothing"
