"""Anything that holds one value per row, as a plain numpy column; or a clear line why not.

A canonical column is 1-D of dtype bool, int64, float64, or object holding str and nothing else. A canonical matrix
is 2-D float64, one column per class. Libraries are recognised by what their objects can do, so none is imported
here: pandas, polars, torch and whatever else speaks numpy's array protocol.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError

from .row_index import index_hash, index_of

__all__ = ["as_column", "as_matrix", "as_rows", "index_hash", "index_of", "shown"]


class MissingValues(MleeError):
    """A column of the right shape with values that are missing or infinite."""


_MISSING_TYPES = {"NAType", "NaTType", "NoneType"}
_WAY_OUT = "Pass a list, a numpy array, a pandas or polars column."
ROUNDING = 1e-6  # how far a sum of single precision may stand beside 0 or 1


def shown(name: object, limit: int = 60) -> str:
    """A user's name or value on one line of at most `limit` characters, fit for a message.

    Args:
        name: anything at all.
        limit: characters, 2 or more.
    """
    text = " ".join(str(name).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def as_column(values: Any, name: str = "values") -> np.ndarray:
    """One value per row as a canonical column (a copy is made only where it must be).

    Args:
        values: list, tuple, range, numpy, pandas (Series, Index, one-column DataFrame, nullable, categorical), polars,
            or anything with the array protocol.
        name: how a message calls it.

    Raises:
        MleeError: missing or infinite values (counted), no rows, ragged rows, more than one column, or values
            that are neither text, numbers nor booleans.
    """
    rows = as_rows(values, name)
    if rows.ndim == 2:
        raise MleeError(f"{shown(name)} has {rows.shape[1]} columns where one is wanted.", "Pick the column to use.")
    return rows


def as_matrix(values: Any, name: str = "values") -> np.ndarray:
    """Scores of several classes as a 2-D float64 matrix, one row per case; a single column stays one column.

    Args:
        values: a matrix, a table, or nested lists, with a row per case.
        name: what a message calls them.

    Raises:
        MleeError: as `as_column`, and text where numbers are wanted.
    """
    rows = as_rows(values, name)
    if rows.dtype == object:
        raise MleeError(f"{shown(name)} holds text where scores are wanted.", "Pass predict_proba's result.")
    return rows.astype(np.float64, copy=False).reshape(len(rows), -1)


def as_rows(values: Any, name: str = "values") -> np.ndarray:
    """A canonical column, or a float64 matrix where there are two columns or more.

    Args:
        values: a column or a matrix of whatever kind.
        name: what a message calls them.

    Raises:
        MleeError: as `as_column`, but for the number of columns.
    """
    array = _as_array(values, name)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim == 0:
        raise MleeError(f"{shown(name)} is a single value, not one value per row.", _WAY_OUT)
    if array.ndim > 2:
        raise MleeError(f"{shown(name)} has {array.ndim} dimensions where one or two are wanted.", _WAY_OUT)
    if array.size == 0:
        raise MleeError(f"{shown(name)} is empty.", "Pass at least two rows.")
    column = _canonical(array, name)
    if column.ndim == 2:
        if column.dtype == object:
            raise MleeError(f"{shown(name)} has {column.shape[1]} columns of text.", "Pass one column of labels.")
        return column.astype(np.float64, copy=False)
    return column


def _as_array(values: Any, name: str) -> np.ndarray:
    """Whatever it is, as a numpy array of any dtype; missing values that conversion would hide are refused here."""
    if isinstance(values, str | bytes | bytearray):
        raise MleeError(f"{shown(name)} is a piece of text, not one value per row.", _WAY_OUT)
    if isinstance(values, Mapping | Set):
        raise MleeError(f"{shown(name)} is a {type(values).__name__}, whose rows have no order.", _WAY_OUT)
    if isinstance(values, Iterator):
        raise MleeError(f"{shown(name)} can be read only once.", "Make a list of it: list(...).")
    if isinstance(values, np.ma.MaskedArray):
        refuse_missing(int(np.ma.getmaskarray(values).sum()), name)
        return np.asarray(values.data)
    if isinstance(values, np.ndarray):
        return np.asarray(values)
    library = type(values).__module__.partition(".")[0]
    if library == "pandas":
        return _from_pandas(values, name)
    if library == "polars":
        return _from_polars(values, name)
    if isinstance(values, list | tuple):
        return _from_list(values, name)
    return _from_protocol(values, name)


def _from_pandas(values: Any, name: str) -> np.ndarray:
    if hasattr(values, "columns"):  # a DataFrame
        if values.shape[1] != 1:
            refuse_missing(int(values.isna().to_numpy().sum()), name)
            columns = [_from_pandas(values.iloc[:, place], name) for place in range(values.shape[1])]
            return np.column_stack(columns) if columns else np.empty((len(values), 0))
        values = values.iloc[:, 0]
    if getattr(values, "nlevels", 1) > 1:
        raise MleeError(f"{shown(name)} is an index of several levels.", _WAY_OUT)
    missing = getattr(values, "isna", None)
    if missing is not None:
        refuse_missing(int(np.asarray(missing()).sum()), name)
    dtype: Any = getattr(values, "dtype", None)
    if hasattr(dtype, "categories"):  # codes into categories, whose own dtype is what counts
        categories = _canonical(_from_pandas(dtype.categories, name), name)
        codes = values.cat.codes if hasattr(values, "cat") else values.codes
        return np.asarray(categories[np.asarray(codes, dtype=np.intp)])
    plain = getattr(dtype, "numpy_dtype", None)  # the nullable types; nothing is missing by now
    if isinstance(plain, np.dtype) and plain.kind in "biuf":
        return np.asarray(values.to_numpy(dtype=plain))
    return _from_protocol(values, name)


def _from_polars(values: Any, name: str) -> np.ndarray:
    if hasattr(values, "get_columns"):  # a DataFrame
        if values.width != 1:
            columns = [_from_polars(column, name) for column in values.get_columns()]
            return np.column_stack(columns) if columns else np.empty((0, 0))
        values = values.to_series()
    if not hasattr(values, "to_list"):
        raise MleeError(f"{shown(name)} is a polars {type(values).__name__}.", "Collect it and pass a Series.")
    refuse_missing(int(values.null_count()), name)  # polars would turn them into NaN and integers into floats
    return _from_list(values.to_list(), name) if not values.dtype.is_numeric() else np.asarray(values.to_numpy())


def _from_list(values: Any, name: str) -> np.ndarray:
    """A list as numpy reads it, except that numpy would turn [1, "a"] and ["a", None] into text."""
    if any(issubclass(kind, str) for kind in set(map(type, values))):
        array = np.empty(len(values), dtype=object)
        array[:] = values
        return array
    return _from_protocol(values, name)


def as_shares(scores: np.ndarray) -> np.ndarray | None:
    """The scores as probabilities, what rounding put beside 0 and 1 put back; None: they are none.

    Args:
        scores: numbers of any shape.
    """
    if scores.min() < -ROUNDING or scores.max() > 1 + ROUNDING:
        return None
    return np.clip(scores, 0, 1) if scores.min() < 0 or scores.max() > 1 else scores


def on_this_machine(values: Any) -> Any:
    """A tensor without its gradient and off its GPU, as torch wants it before it hands over numbers.

    Args:
        values: a tensor, or anything else, which is given back as it is.
    """
    for step in ("detach", "cpu"):
        leave = getattr(values, step, None)
        if callable(leave):
            values = leave()
    return values


def _from_protocol(values: Any, name: str) -> np.ndarray:
    values = on_this_machine(values)
    if callable(getattr(values, "tocsr", None)):
        raise MleeError(f"{shown(name)} is a sparse matrix.", "Pass its .toarray().")
    try:
        array = np.asarray(values)
    except Exception as fault:  # any library's own __array__ may raise anything
        reason = shown(fault, 120)
        ragged = "inhomogeneous" in reason
        raise MleeError(
            f"{shown(name)} has rows of different lengths."
            if ragged
            else f"{shown(name)} cannot be read as an array: {reason}.",
            _WAY_OUT,
        ) from None
    if array.ndim == 0 and array.dtype == object:
        raise MleeError(f"{shown(name)} is a {type(values).__name__}, not one value per row.", _WAY_OUT)
    return array


def _canonical(array: np.ndarray, name: str) -> np.ndarray:
    """The array with one of the four dtypes, nothing missing."""
    kind = array.dtype.kind
    if kind == "b":
        return array
    if kind in "iu":
        if kind == "u" and array.size and int(array.max()) > np.iinfo(np.int64).max:
            raise MleeError(f"{shown(name)} holds integers beyond 64 bits.", "Turn them into text: .astype(str).")
        return array.astype(np.int64, copy=False)
    if kind == "f":
        refuse_missing(int(np.isnan(array).sum()), name)
        numbers = array.astype(np.float64, copy=False)
        refuse_infinite(int(np.isinf(numbers).sum()), name)
        return numbers
    if kind == "S":
        try:
            return np.char.decode(array, "utf-8").astype(object)
        except UnicodeDecodeError:
            raise MleeError(f"{shown(name)} holds bytes that are not text.", "Decode them first.") from None
    if kind in "UT":
        return array.astype(object)
    if kind == "O":
        return _from_objects(array, name)
    wrong = {"M": "dates", "m": "durations", "c": "complex numbers", "V": "records of several fields"}
    raise MleeError(f"{shown(name)} holds {wrong.get(kind, str(array.dtype))}.", "Pass labels or plain numbers.")


def _from_objects(array: np.ndarray, name: str) -> np.ndarray:
    flat = array.ravel()
    kinds = set(map(type, flat))
    if kinds == {str}:
        return array
    if any(kind.__name__ in _MISSING_TYPES for kind in kinds) or any(issubclass(k, float | np.floating) for k in kinds):
        refuse_missing(sum(type(v).__name__ in _MISSING_TYPES or _is_nan(v) for v in flat), name)
    if all(issubclass(kind, str) for kind in kinds):  # numpy's and other subclasses of str
        text = np.empty(array.shape, dtype=object)
        text.ravel()[:] = [str(v) for v in flat]
        return text
    if all(issubclass(kind, bool | np.bool_) for kind in kinds):
        return array.astype(bool)
    whole, number = (bool, np.bool_, int, np.integer), (float, np.floating, Decimal, Fraction)
    if all(issubclass(kind, (*whole, *number)) for kind in kinds):
        exact = all(issubclass(kind, whole) for kind in kinds)
        try:
            return array.astype(np.int64) if exact else _canonical(array.astype(np.float64), name)
        except (OverflowError, ValueError):
            raise MleeError(f"{shown(name)} holds numbers too large for 64 bits.", "Turn them into text.") from None
    if any(issubclass(kind, str) for kind in kinds) and any(issubclass(kind, (*whole, *number)) for kind in kinds):
        word = next(v for v in flat if isinstance(v, str))
        other = next(v for v in flat if not isinstance(v, str))
        raise MleeError(
            f"{shown(name)} mixes text and numbers ({shown(repr(word), 20)} and {shown(repr(other), 20)}).",
            "Make all its values one type, such as text: [str(v) for v in ...].",
        )
    odd = next(kind for kind in kinds if not issubclass(kind, (*whole, *number, str)))
    raise MleeError(f"{shown(name)} holds values of type {odd.__name__}.", "Pass labels (text, integers) or numbers.")


def _is_nan(value: object) -> bool:
    return isinstance(value, float | np.floating | Decimal) and value != value


def refuse_missing(count: int, name: str) -> None:
    """Raises MissingValues where there are any.

    Args:
        count: missing values.
        name: how a message calls the column.
    """
    if count:
        rows = "1 missing value" if count == 1 else f"{count:,} missing values"
        raise MissingValues(
            f"{shown(name)} has {rows} (NaN, None or NA).", "Fill them or leave those rows out everywhere."
        )


def refuse_infinite(count: int, name: str) -> None:
    """Raises MissingValues where there are any.

    Args:
        count: infinite values.
        name: how a message calls the column.
    """
    if count:
        raise MissingValues(f"{shown(name)} has {count:,} infinite value(s).", "Replace them, then try again.")
