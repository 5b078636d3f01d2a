"""Several lists of fold scores in one dict: cross_validate's answer, a training history, and what else looks like one.

Times and training scores are never taken for scores, nor is one metric taken for another: the list of the wanted
metric is, or a line says which lists there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import shown

from .catalogue import metric_facts

NO_SCORE = re.compile(
    r"(.*_)?(fit|score|train|val|valid|validation|loss|time|times|epoch|epochs|lr|estimator|indices|params)(_.*|\d*)"
)
SINGLE = "test_score"


def canonical(name: str | None) -> str | None:
    """A metric's one name; what is no metric of ours stays as it is.

    Args:
        name: as somebody wrote it; None: nobody did.
    """
    try:
        return metric_facts(name).name if name else None
    except MleeError:
        return name


def is_known(name: str) -> bool:
    """Whether a key names a metric that can be judged here.

    Args:
        name: a key of a dict, or a column's name.
    """
    try:
        metric_facts(name)
    except MleeError:
        return False
    return True


def is_history(value: Any) -> bool:
    """A training history: a dict of lists by epoch, or the object that holds one.

    Args:
        value: what a cell ended with.
    """
    lists = getattr(value, "history", value)
    if not isinstance(lists, Mapping) or not lists:
        return False
    epochs = {str(key) for key, entry in lists.items() if _is_list(entry)}
    return "loss" in epochs or any(key.startswith("val_") for key in epochs)


def are_epochs(names: Iterable[Any]) -> bool:
    """Whether names are those of a history's lists; a single one may be the name of a class.

    Args:
        names: of columns, or of candidates.
    """
    said = {str(name) for name in names}
    if any(f"val_{name}" in said for name in said):
        return True
    return "loss" in said and any(is_known(name) for name in said - {"loss"})


def are_of_a_search(names: Iterable[Any]) -> bool:
    """Whether names are those of a search's cv_results_: a list for each fold and an entry for each try.

    Args:
        names: keys or columns.
    """
    said = [str(name) for name in names]
    return "params" in said and any(re.fullmatch(r"(mean|split\d+)_test_\w+", name) for name in said)


def refuse_search(keys: Iterable[Any], metric: str | None) -> None:
    """Refuse what a search tried: the best of many tries is flattered.

    Args:
        keys: of a dict, or the columns of a frame.
        metric: of the experiment.

    Raises:
        MleeError: they are those of a search's cv_results_.
    """
    if are_of_a_search(keys):
        refit = f'scoring="{scorer(metric)}"' if metric else "scoring=..."
        raise MleeError(
            "A search's cv_results_ has the scores of every try, the best of which is flattered by the choice.",
            f"Hand over search.best_estimator_, or cross_val_score(search, X, y, {refit}).",
        )


def of_folds(value: Mapping[Any, Any], n: int | None) -> dict[str, Any]:
    """The entries that are lists of fold scores, by key; empty where they are no table of such lists.

    Args:
        value: a dict, whatever it holds.
        n: rows of the truth, as many as no list of folds has; None: no truth is declared.
    """
    lists = {str(key): entry for key, entry in value.items() if _is_list(entry) and len(entry) != n}
    told = [key for key in lists if key.startswith(("test_", "train_")) or NO_SCORE.fullmatch(key) or is_known(key)]
    return lists if told else {}


def wanted(lists: Mapping[str, Any], metric: str | None) -> tuple[str | None, Any]:
    """The fold scores of a metric, with the metric they are named by (None: the table does not say).

    Args:
        lists: from `of_folds`.
        metric: of the experiment; None: the only one there is.

    Raises:
        MleeError: none, or several of which none is the wanted one.
    """
    tests = {key: entry for key, entry in lists.items() if key.startswith("test_") or not NO_SCORE.fullmatch(key)}
    named = {canonical(key.removeprefix("test_")): entry for key, entry in tests.items() if key != SINGLE}
    if metric is not None and canonical(metric) in named:
        return canonical(metric), named[canonical(metric)]
    if SINGLE in tests and not any(key.startswith("test_") or is_known(key) for key in tests if key != SINGLE):
        return None, tests[SINGLE]  # beside the number of the fold, say
    if metric is None and len(named) == 1 == len(tests) and is_known(next(iter(tests)).removeprefix("test_")):
        return next(iter(named.items()))
    there = ", ".join(shown(key, 40) for key in list(tests or lists)[:6])
    what = f"no scores of {shown(metric, 40)}" if metric else "scores of several metrics"
    scoring = f'Add scoring="{scorer(metric)}", or hand over' if metric else "Hand over"
    raise MleeError(f"The dict holds {what}, but {there}.", f"{scoring} the one list that is meant.")


def scorer(metric: str) -> str:
    """What scikit-learn calls the scorer of a metric.

    Args:
        metric: its name; what is no metric of ours stays as it is.
    """
    return metric_facts(metric).scorer if is_known(metric) else metric


def _is_list(entry: Any) -> bool:
    try:
        found = np.asarray(entry)
    except (ValueError, TypeError):
        return False
    return found.ndim == 1 and found.dtype.kind in "fiu" and len(found) >= 1
