"""Columns that only number the rows: whole numbers or words, another one in (nearly) every row of both tables."""

from __future__ import annotations

import re

import numpy as np

from mlee_jupyter.stats.rows.row_hash import value_codes

from .table import Table

FEWEST_ROWS = 20
MOSTLY = 0.5  # different values a row, of ids that a few rows share
GLANCE = 1_000  # rows
DENSE = 2.0  # a span of so many times the rows: numbers that were counted, not given
_NAMED = re.compile(r"(^|_|\b)(id|ids|uuid|guid|key|nr|number|no)$", re.IGNORECASE)


def own_ids(test: Table, train: Table, ours: list[int], theirs: list[int]) -> list[int]:
    """Which of the pairs of columns are ids: of whole numbers or words, on both sides none twice, or named so.

    Args:
        test: the test rows.
        train: the training rows.
        ours: the places of the test rows' columns.
        theirs: those of the training rows, in the same order.
    """
    if min(test.rows, train.rows) < FEWEST_ROWS:
        return []
    return [
        place
        for place, (here, there) in enumerate(zip(ours, theirs, strict=True))
        if _are_ids(test.at(here), test.label(here)) and _are_ids(train.at(there), test.label(here))
    ]


def _are_ids(column: np.ndarray, name: str) -> bool:
    head = column[:: max(1, len(column) // GLANCE)]
    if len(np.unique(value_codes(head))) < MOSTLY * len(head):
        return False  # most columns are told by a few rows
    if column.dtype.kind not in "iuO" and not _whole(column):
        return False
    if column.dtype.kind == "O" and any(isinstance(value, float) and value != int(value) for value in _finite(column)):
        return False
    different = len(np.unique(value_codes(column)))
    return different == len(column) or (bool(_NAMED.search(name)) and different >= MOSTLY * len(column))


def _finite(column: np.ndarray) -> list[float]:
    return [value for value in column.tolist() if isinstance(value, float) and np.isfinite(value)]


def _whole(column: np.ndarray) -> bool:
    return column.dtype.kind == "f" and bool(np.all(column == np.rint(column)))


def shared_ids(test: np.ndarray, train: np.ndarray) -> int:
    """How many test rows have the id of a training row; 0 where both sides are merely counted from somewhere."""
    if counted(test) and counted(train):
        return 0
    return int(np.isin(value_codes(test), value_codes(train)).sum())


def counted(column: np.ndarray) -> bool:
    """Running numbers, as 0 to 799: two files that are counted alike have them in common by chance."""
    if column.dtype.kind not in "iuf":
        return False
    return bool(float(column.max()) - float(column.min()) < DENSE * len(column))
