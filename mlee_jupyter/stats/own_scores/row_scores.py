"""Scores of single rows as they are handed over: one a row or several, and some rows may have none.

What is missing (NaN, None, NA) stays missing: a row that was not answered is no row of score 0.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import as_column, on_this_machine, shown

LARGEST, SMALLEST = 1e60, 1e-60  # fourth powers are taken of scores; what is smaller is a zero with rounding
_NOTHING = {"NAType", "NaTType", "NoneType"}
_WAY_OUT = "Pass one number a row, or a column for each rater; NaN or None where a row has none."


@dataclass(frozen=True, kw_only=True, eq=False)
class RowScores:
    """Scores of one candidate's answers."""

    values: np.ndarray  # (n,) or (n, raters) float64, NaN where there is none
    raters: tuple[str, ...] = ()  # of the columns, where they have names

    @property
    def note(self) -> str | None:
        """How many scores a row has, and whose; None where it has one."""
        return None if self.values.ndim == 1 else raters_note(self.values.shape[1], self.raters)


def raters_note(count: int, raters: Sequence[str] = ()) -> str:
    """How many scores a row has, and whose, as it is kept with them.

    Args:
        count: two or more.
        raters: their names, where they have any.
    """
    return f"{count} scores a row" + (f": {', '.join(shown(name, 30) for name in raters)}" if raters else "")


def as_row_scores(values: Any, name: str = "row scores") -> RowScores:
    """What was handed over as scores of rows.

    Args:
        values: a column of numbers; or a matrix, a DataFrame or a dict with a column for each rater or seed.
        name: what a message calls them.

    Raises:
        MleeError: text, infinite numbers, rows of different lengths, fewer than two rows, or no score at all.
    """
    raters: tuple[str, ...] = ()
    if isinstance(values, Mapping):
        columns = [as_row_scores(column, f"{name}, {rater}").values for rater, column in values.items()]
        if not columns or any(column.ndim != 1 or len(column) != len(columns[0]) for column in columns):
            raise MleeError(f"The raters of {shown(name)} have different numbers of rows.", _WAY_OUT)
        raters, array = tuple(map(str, values)), np.column_stack(columns)
    else:
        named = getattr(values, "columns", None)
        raters = () if named is None or callable(named) else tuple(map(str, named))
        array = _numbers(values, name)
    if array.ndim == 2 and array.shape[1] == 1:
        array, raters = array[:, 0], ()
    if array.ndim not in (1, 2):
        raise MleeError(f"{shown(name)} is no column of scores, one a row.", _WAY_OUT)
    if len(array) < 2 or array.size == 0:
        raise MleeError(f"{shown(name)} has {len(array)} row(s), on which nothing can be judged.", "Score more rows.")
    if np.isinf(array).any():
        raise MleeError(f"{shown(name)} has {int(np.isinf(array).sum()):,} infinite score(s).", "Replace them.")
    if np.nanmax(np.abs(array), initial=0.0) > LARGEST:
        raise MleeError(f"{shown(name)} holds scores too large for 64-bit numbers.", "Scale them down.")
    array = np.where(np.abs(array) < SMALLEST, 0.0, array)
    if np.isnan(array).all():
        raise MleeError(f"{shown(name)} has no score on any row.", "Look at how they were made.")
    return RowScores(values=array, raters=raters)


def _numbers(values: Any, name: str) -> np.ndarray:
    """As float64, whatever library it came from."""
    if isinstance(values, str | bytes | Iterator):
        what = "text" if isinstance(values, str | bytes) else "something that can be read only once"
        raise MleeError(f"{shown(name)} is {what}, not one score a row.", _WAY_OUT)
    if isinstance(values, np.ma.MaskedArray):
        return np.where(np.ma.getmaskarray(values), math.nan, values.data.astype(np.float64))
    library = type(values).__module__.partition(".")[0]
    if library in ("pandas", "polars"):
        plain = values.astype(object) if library == "pandas" else values
        array = np.asarray(plain.to_numpy())
    else:
        array = _as_array(on_this_machine(values), name)
    if array.dtype.kind in "fiub":
        return array.astype(np.float64)
    if array.dtype.kind != "O":
        as_column(array.reshape(-1), name)  # refuses dates and their like by their proper names
        raise MleeError(f"{shown(name)} holds text where scores are wanted.", _WAY_OUT)
    flat = np.array([_number(entry, name) for entry in array.reshape(-1)], dtype=np.float64)
    return flat.reshape(array.shape)


def _as_array(values: Any, name: str) -> np.ndarray:
    if isinstance(values, np.ndarray):
        return values
    if not isinstance(values, Sequence):
        return np.asarray(values)
    lengths = {_length(row) for row in values}
    if len(lengths) > 1:
        raise MleeError(f"{shown(name)} has rows with different numbers of scores.", _WAY_OUT)
    return np.array(list(values), dtype=object)


def _length(row: Any) -> int | None:
    """How many scores a row has; None of a single one."""
    return len(row) if isinstance(row, Sequence | np.ndarray) and not isinstance(row, str | bytes) else None


def _number(entry: Any, name: str) -> float:
    if entry is None or type(entry).__name__ in _NOTHING:
        return math.nan
    if isinstance(entry, bool | np.bool_ | numbers.Real | np.number | Decimal):
        return float(entry)
    what = "text" if isinstance(entry, str | bytes) else f"a {type(entry).__name__}"
    raise MleeError(f"{shown(name)} holds {what} ({shown(repr(entry), 20)}) where scores are wanted.", _WAY_OUT)
