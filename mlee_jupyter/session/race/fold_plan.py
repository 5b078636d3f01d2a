"""Which rows train and which test: the same folds for every candidate of a race."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import as_column, shown

Fold = tuple[np.ndarray, np.ndarray]  # places of the training rows, and of the test rows
SEED = 0
FEWEST = 2


def folds(
    answers: np.ndarray, cv: Any, *, labels: bool, groups: Any = None, time: Any = None, X: Any = None
) -> list[Fold]:
    """The folds, made once.

    Args:
        answers: (n,) the right answers.
        cv: a number of folds, 2 or more; or a splitter with `split`, or pairs of places, as cross_val_score takes them.
        labels: whether the answers are labels: then every fold has its share of each.
        groups: (n,) one label per row; a group is never on both sides.
        time: (n,) one sortable value per row; what is tested is later than what was trained on.
        X: the features, for a splitter that asks for them.

    Raises:
        MleeError: no such folds.
    """
    n = len(answers)
    if isinstance(cv, bool) or not isinstance(cv, int | np.integer):
        return _checked(_given(cv, X, answers, groups), n)
    if cv < FEWEST or cv > n:
        raise MleeError(f"cv = {cv} makes no folds of {n:,} rows.", "Write cv=5.")
    if time is not None:
        return _forward(_rows(time, n, "time"), int(cv))
    if groups is not None:
        return _by_group(_rows(groups, n, "groups"), int(cv))
    return _shuffled(answers, int(cv), labels)


def rows_of(table: Any, places: np.ndarray) -> Any:
    """Those rows of a frame, an array, a sparse matrix or a list."""
    if hasattr(table, "iloc"):
        return table.iloc[places]
    if isinstance(table, list | tuple):
        return [table[place] for place in places]
    return table[places]


def _rows(values: Any, n: int, what: str) -> np.ndarray:
    rows = as_column(values, what)
    if len(rows) != n:
        raise MleeError(f"{what} has {len(rows):,} values for {n:,} rows.", f"Pass one of {what} per row.")
    return rows


def _given(cv: Any, X: Any, answers: np.ndarray, groups: Any) -> Iterable[Any]:
    if hasattr(cv, "split") and not isinstance(cv, str):
        try:
            return list(cv.split(X, answers, groups))
        except (TypeError, ValueError) as fault:
            raise MleeError(f"cv cannot split these rows: {str(fault)[:160]}", "Write cv=5.") from None
    try:
        return list(cv)
    except TypeError:
        raise MleeError(f"cv = {shown(repr(cv), 30)} makes no folds.", "Write cv=5.") from None


def _checked(found: Iterable[Any], n: int) -> list[Fold]:
    made: list[Fold] = []
    for pair in found:
        try:
            train, test = (np.asarray(side) for side in pair)
        except (TypeError, ValueError):
            raise MleeError("cv must hold pairs: training places and test places.", "Write cv=5.") from None
        train, test = (np.flatnonzero(side) if side.dtype == bool else side for side in (train, test))
        sides = (train, test)
        if any(side.ndim != 1 or not len(side) or side.dtype.kind not in "iu" for side in sides):
            raise MleeError("A fold of cv has no rows, or no places.", "Write cv=5.")
        if any(side.min() < 0 or side.max() >= n for side in sides):
            raise MleeError(f"A fold of cv names rows beyond the {n:,}.", "Split the same rows.")
        if len(np.intersect1d(train, test)):
            raise MleeError("A fold of cv tests rows that it trains on.", "Write cv=5.")
        made.append((train, test))
    if len(made) < FEWEST:
        raise MleeError(f"cv makes {len(made)} fold.", "Two are the least, five are better: cv=5.")
    return made


def _shuffled(answers: np.ndarray, count: int, labels: bool) -> list[Fold]:
    n, draws = len(answers), np.random.default_rng(SEED)
    order = draws.permutation(n)
    if labels:  # one label after the other is dealt out, each shuffled
        _, codes = np.unique(answers.astype(str) if answers.dtype == object else answers, return_inverse=True)
        order = order[np.argsort(codes[order], kind="stable")]
    return _parted(order, np.arange(n) % count, count)


def _by_group(groups: np.ndarray, count: int) -> list[Fold]:
    """The largest group first, each to the fold that has least."""
    names, codes, sizes = np.unique(
        groups.astype(str) if groups.dtype == object else groups, return_inverse=True, return_counts=True
    )
    if len(names) < count:
        raise MleeError(f"{len(names):,} groups make no {count} folds.", f"Write cv={max(len(names), FEWEST)}.")
    held, fold_of = np.zeros(count), np.empty(len(names), dtype=int)
    for group in np.argsort(-sizes, kind="stable"):
        fold_of[group] = int(np.argmin(held))
        held[fold_of[group]] += sizes[group]
    return _parted(np.arange(len(groups)), fold_of[codes], count)


def _forward(time: np.ndarray, count: int) -> list[Fold]:
    """One block more than folds: each is tested by what was trained on all before it; equal times stay together."""
    times, codes = np.unique(time, return_inverse=True)
    if len(times) <= count:
        raise MleeError(f"{len(times):,} different times make no {count} folds.", "Write a smaller cv.")
    blocks = np.arange(len(times)) * (count + 1) // len(times)
    block = blocks[codes]
    return [(np.flatnonzero(block < at), np.flatnonzero(block == at)) for at in range(1, count + 1)]


def _parted(order: np.ndarray, fold_of: np.ndarray, count: int) -> list[Fold]:
    found = []
    for at in range(count):
        test = np.sort(order[fold_of == at])
        found.append((np.setdiff1d(np.arange(len(order)), test), test))
    return found
