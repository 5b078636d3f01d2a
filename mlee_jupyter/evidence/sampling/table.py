"""A table of the user's, whatever library it comes from: its columns by name or place, and its row labels.

Nothing is copied before it is asked for. Columns come as numpy arrays of their own kind, missing values in them.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.row_hash import value_codes
from mlee_jupyter.stats.rows.row_index import index_hash, index_of
from mlee_jupyter.stats.rows.times import read_times

MOST_UNPACKED = 5_000_000  # values of a sparse matrix, or of an array on disk or a device, that are turned into numpy
GLANCE = 64  # rows read to see whether a table is still what it was


class Table:
    """One table, read only."""

    def __init__(self, value: Any, name: str) -> None:
        self.value = value
        self.name = name
        self._matrix: np.ndarray | None = None
        self.names: tuple[str, ...] | None = None
        columns = getattr(value, "columns", None)
        if isinstance(value, Mapping):
            self.names = tuple(str(key) for key in value)
            self.rows = len(next(iter(value.values()))) if value else 0
        elif columns is not None and hasattr(value, "shape"):
            self.names = tuple(str(column) for column in columns)
            self.rows = int(value.shape[0])
        else:
            array = _as_array(value)
            self._matrix = array if array.ndim == 2 else array.reshape(len(array), -1)
            self.rows = len(self._matrix)

    @property
    def width(self) -> int:
        """How many columns."""
        return len(self.names) if self.names is not None else self._held.shape[1]

    @property
    def _held(self) -> np.ndarray:
        assert self._matrix is not None
        return self._matrix

    def at(self, place: int) -> np.ndarray:
        """A column by its place."""
        if self.names is None:
            return self._held[:, place]
        if isinstance(self.value, Mapping):
            return plain(list(self.value.values())[place])
        if hasattr(self.value, "iloc"):
            return plain(self.value.iloc[:, place])
        return plain(self.value[:, place])

    def column(self, name: str) -> Any | None:
        """A column by its name, as the library has it; also a level of the index of that name."""
        if self.names is not None and name in self.names:
            place = self.names.index(name)
            if hasattr(self.value, "iloc"):
                return self.value.iloc[:, place]
            return self.value[name] if isinstance(self.value, Mapping) else self.value[:, place]
        index = self.index
        if index is not None and name in [n for n in getattr(index, "names", ()) if n is not None]:
            return index.get_level_values(name)
        return None

    def label(self, place: int) -> str:
        """What a column is called in a message."""
        return self.names[place] if self.names is not None else f"column {place}"

    @property
    def index(self) -> Any | None:
        """The pandas index; None for everything that has none."""
        return index_of(self.value)

    @property
    def labels(self) -> np.ndarray | None:
        """Row labels as codes, where they can be ids: none twice, not the positions 0..n-1, no dates."""
        index = self.index
        if index is None or getattr(index, "nlevels", 1) > 1 or index_hash(self.value) is None:
            return None
        if not index.is_unique or hasattr(index, "as_unit") or getattr(index.dtype, "kind", "O") == "f":
            return None
        return value_codes(plain(index))

    def blocks(self, places: list[int] | None = None) -> list[np.ndarray]:
        """The columns for `row_hashes`: a matrix where the table is one."""
        if self.names is None:
            return [self._held if places is None else self._held[:, places]]
        kinds = {getattr(kind, "kind", "O") for kind in getattr(self.value, "dtypes", ())}
        if places is None and kinds and kinds <= set("iufb") and len(kinds) == 1 and hasattr(self.value, "to_numpy"):
            return [self.value.to_numpy()]
        return [self.at(place) for place in (range(self.width) if places is None else places)]

    def taken(self, step: int) -> Table:
        """Every step-th row."""
        if step <= 1:
            return self
        if hasattr(self.value, "iloc"):
            return Table(self.value.iloc[::step], self.name)
        if isinstance(self.value, Mapping):
            return Table({key: plain(column)[::step] for key, column in self.value.items()}, self.name)
        return Table(self.value[::step], self.name)

    @property
    def glance(self) -> tuple[int, int, int, int]:
        """Tells whether it is still the same: identity, shape, and the content of some rows."""
        step = max(1, self.rows // GLANCE)
        seen = 0
        for place in range(0, self.width, max(1, self.width // 16)):
            seen = zlib.crc32(value_codes(self.at(place)[::step]).tobytes(), seen)
        return id(self.value), self.rows, self.width, seen


def _as_array(value: Any) -> np.ndarray:
    """An array as it is; what must be read or unpacked first only where that is no burden."""
    if not isinstance(value, np.ndarray) and math.prod(getattr(value, "shape", (0,))) > MOST_UNPACKED:
        raise ValueError("too large to be unpacked")
    return np.asarray(value.toarray() if callable(getattr(value, "toarray", None)) else value)


def plain(column: Any) -> np.ndarray:
    """A column as numpy, dates as datetime64 (UTC), missing values kept."""
    if callable(getattr(column, "to_timestamp", None)) and "period" in str(getattr(column, "dtype", "")).lower():
        column = column.to_timestamp() if not hasattr(column, "dt") else column.dt.to_timestamp()
    dtype = getattr(column, "dtype", None)
    if getattr(dtype, "tz", None) is not None:  # pandas, aware: the moments in UTC
        column = column.dt.tz_convert(None) if hasattr(column, "dt") else column.tz_convert(None)
    if isinstance(getattr(dtype, "numpy_dtype", None), np.dtype) and hasattr(column, "to_numpy"):  # nullable types
        kind = dtype.numpy_dtype.kind  # type: ignore[union-attr]
        missing = bool(np.asarray(column.isna()).any())
        if kind in "iufb":
            return np.asarray(column.to_numpy(dtype=np.float64 if missing else dtype.numpy_dtype, **_na(missing)))  # type: ignore[union-attr]
    array = np.asarray(column)
    if array.dtype.kind in "UTS":
        return array.astype(object)
    return array


def _na(missing: bool) -> dict[str, float]:
    return {"na_value": np.nan} if missing else {}


def sortable(column: Any) -> np.ndarray | None:
    """Times as numbers that can be compared: nanoseconds of dates, or plain numbers; None where they are neither."""
    try:
        return read_times(column).values
    except MleeError:
        return None


def is_dates(column: Any) -> bool:
    """Whether times are dates rather than numbers."""
    try:
        return read_times(column).are_dates
    except MleeError:
        return False
