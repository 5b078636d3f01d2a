"""A quantile of a column of a table, exactly, by counting: no engine has to sort or to hold it.

Each question counts the rows below sixty-three limits between what is known; eleven of them settle every number there
is, and the few rows that are left are looked at.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .table_frame import as_flag, rows_of

LIMITS = 63
FEW = 2_000  # rows that are looked at


def quantile(frame: Any, name: str, level: float, n: int) -> float:
    """As numpy's: linear between the two rows that are nearest.

    Args:
        frame: lazy.
        name: of a column of finite numbers.
        level: in 0..1.
        n: rows.
    """
    place = level * (n - 1)
    below = math.floor(place)
    low = _ordered(frame, name, below)
    if place == below:
        return low
    high = _ordered(frame, name, below + 1)
    share = place - below
    return low + (high - low) * share if share < 0.5 else high - (high - low) * (1 - share)


def _ordered(frame: Any, name: str, place: int) -> float:
    """The row at a place from 0 on, in rising order."""
    import narwhals as nw

    column = nw.col(name)
    (ends,) = rows_of(frame.select(column.min().alias("low"), column.max().alias("high")))
    low, high = float(ends["low"]), float(ends["high"])
    while low < high:
        inside = frame.filter((column >= low) & (column <= high))
        (found,) = rows_of(inside.select(nw.len().alias("rows"), as_flag(column == low).sum().alias("lowest")))
        (before,) = rows_of(frame.select(as_flag(column < low).sum().alias("rows")))
        skipped = round(before["rows"] or 0)
        if place - skipped < round(found["lowest"] or 0):
            return low
        if found["rows"] <= FEW:
            values = sorted(float(row[name]) for row in rows_of(inside.select(column)))
            return values[place - skipped]
        limits = np.unique(np.linspace(low, high, LIMITS + 2)[1:-1])
        asked = (as_flag(column <= float(limit)).sum().alias(str(k)) for k, limit in enumerate(limits))
        (counts,) = rows_of(frame.select(*asked))
        reached = [round(counts[str(k)]) > place for k in range(len(limits))]
        first = reached.index(True) if any(reached) else len(limits)
        low, high = _narrowed(frame, name, limits, first, low, high)
    return low


def _narrowed(frame: Any, name: str, limits: np.ndarray, first: int, low: float, high: float) -> tuple[float, float]:
    """The least and the greatest row in the part that holds the place."""
    import narwhals as nw

    column = nw.col(name)
    above = column > float(limits[first - 1]) if first > 0 else column >= low
    upto = column <= float(limits[first]) if first < len(limits) else column <= high
    part = frame.filter(above & upto).select(column.min().alias("low"), column.max().alias("high"))
    (ends,) = rows_of(part)
    return float(ends["low"]), float(ends["high"])
