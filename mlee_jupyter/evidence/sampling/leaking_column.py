"""Whether one column alone gives the answer away: a copy of the target, or something known only afterwards.

Of a column of kinds each kind's answer is learned on every other row and judged on the rest. Along a column of numbers
each row is answered as its neighbour. Where the answers are numbers, the correlation of ranks tells.
"""

from __future__ import annotations

import numpy as np

from mlee_jupyter.domain import Giveaway
from mlee_jupyter.stats.rows.row_hash import value_codes

from .table import Table

MOST_ROWS, MOST_COLUMNS = 5_000, 500
FEWEST_ROWS = 60
LEAST_KINDS = 20


def best_column(features: Table, truth: np.ndarray, labels: bool) -> Giveaway | None:
    """The column that does best alone; None where there are too few rows, or nothing to guess.

    Args:
        features: the test rows.
        truth: canonical, one answer per row.
        labels: whether the answers are classes; else numbers.
    """
    if features.rows != len(truth) or len(truth) < FEWEST_ROWS or not features.width:
        return None
    rows = np.arange(0, len(truth), -(-len(truth) // MOST_ROWS))
    answers = truth[rows]
    guessing = 0.0
    if labels:
        answers = np.unique(answers, return_inverse=True)[1].reshape(-1)
        guessing = float(np.bincount(answers).max()) / len(answers)
        if guessing == 1.0 or int(answers.max()) + 1 > len(answers) // 4:
            return None
    best: Giveaway | None = None
    for place in range(min(features.width, MOST_COLUMNS)):
        column = features.at(place)[rows]
        score = _share_right(column, answers) if labels else _rank_r2(column, answers)
        if score is not None and (best is None or score > best.score):
            copied = _is_copy(column, answers, labels)
            best = Giveaway(column=features.label(place), score=score, guessing=guessing, n=len(rows), copy=copied)
    return best


def _is_copy(column: np.ndarray, answers: np.ndarray, labels: bool) -> bool:
    """Whether a column holds the answers: the same numbers to 9 digits, or one value for each class."""
    if labels:
        codes = np.unique(value_codes(column), return_inverse=True)[1].reshape(-1)
        kinds = np.unique(np.column_stack((codes, answers)), axis=0)
        return len(kinds) == int(codes.max()) + 1 == len(np.unique(answers)) > 1
    if column.dtype.kind not in "iufb":
        return False
    return bool(np.allclose(column.astype(np.float64), answers, rtol=1e-9, atol=1e-9 * float(np.abs(answers).max())))


def _share_right(column: np.ndarray, answers: np.ndarray) -> float | None:
    numeric = column.dtype.kind in "iufb"
    values = column.astype(np.float64) if numeric else value_codes(column)
    if numeric:
        values = np.where(np.isfinite(values), values, -np.inf)
    kinds, codes = np.unique(values, return_inverse=True)
    classes = int(answers.max()) + 1
    if len(kinds) < 2:
        return None
    if len(kinds) <= max(LEAST_KINDS, 4 * classes):
        return _by_kind(codes.reshape(-1), answers, classes)
    return _by_order(values, answers, classes) if numeric else None  # names and ids: every row its own kind


def _by_kind(codes: np.ndarray, answers: np.ndarray, classes: int) -> float:
    """The commonest answer of each kind, learned on every other row, judged on the rest, and the other way round."""
    right = 0
    for learn in (0, 1):
        cells = codes[learn::2] * classes + answers[learn::2]
        rule = np.bincount(cells, minlength=(int(codes.max()) + 1) * classes).reshape(-1, classes).argmax(axis=1)
        right += int(np.count_nonzero(rule[codes[1 - learn :: 2]] == answers[1 - learn :: 2]))
    return right / len(answers)


def _by_order(values: np.ndarray, answers: np.ndarray, classes: int) -> float:
    """Each row answered as the row before it along the column, but for the changes that so many classes must have."""
    along = answers[np.argsort(values, kind="stable")]
    changes = int(np.count_nonzero(along[1:] != along[:-1]))
    return 1 - max(0, changes - (classes - 1)) / (len(along) - 1)


def _rank_r2(column: np.ndarray, answers: np.ndarray) -> float | None:
    from scipy.stats import rankdata

    if column.dtype.kind not in "iufb":
        return None
    values = column.astype(np.float64)
    if not np.isfinite(values).all() or values.min() == values.max():
        return None
    one, other = rankdata(values), rankdata(answers)
    spread = float(one.std() * other.std())
    return float(np.mean((one - one.mean()) * (other - other.mean())) / spread) ** 2 if spread > 0 else None
