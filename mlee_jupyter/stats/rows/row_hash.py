"""Rows as 64-bit fingerprints, to find those that two tables share.

A value counts as the same when it is the same in single precision (about 7 digits), so that a copy which went through
a text file, float32 or another library is still found; whole numbers count exactly (up to 2^53), True as 1, dates to
the nanosecond, text letter by letter, and all missing values alike. Fingerprints hold in one process only: text is
hashed by Python's own salted hash. Two of a million different rows collide with a chance of 3 in 10^8.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MISSING = np.uint64(0x5DEECE66D1CE4E5B)
_FRACTION = np.uint64(0xA5A5A5A5) << np.uint64(32)  # keeps 0.5 apart from the whole number with its bits
WHOLE = 2.0**53
ROW_BLOCK = 1 << 14  # rows hashed at once, so that a column's part stays in the cache


def row_hashes(columns: Sequence[np.ndarray]) -> np.ndarray:
    """One fingerprint a row, uint64; the order of the columns counts.

    Args:
        columns: of the same length: of any dtype, or matrices (n, k) whose columns count one by one.
    """
    rows = len(columns[0]) if columns else 0
    found = np.zeros(rows, dtype=np.uint64)
    place = 0
    for column in columns:
        if column.ndim == 2:
            _add_matrix(found, column, place)
            place += column.shape[1]
        else:
            found += _mixed(value_codes(column) + _salt(place))
            place += 1
    return found


def value_codes(column: np.ndarray) -> np.ndarray:
    """Each value of a column as uint64, equal where the values count as the same.

    Args:
        column: (n,) numbers, booleans or text.
    """
    kind = column.dtype.kind
    if kind == "b" or kind in "iu":
        return column.astype(np.int64).view(np.uint64) if kind != "u" else column.astype(np.uint64)
    if kind == "f":
        return _number_codes(column)
    if kind in "Mm":
        codes = column.astype(f"{'datetime64' if kind == 'M' else 'timedelta64'}[ns]").astype(np.int64).view(np.uint64)
        return np.where(np.isnat(column), _MISSING, codes)
    return np.fromiter(map(_object_code, column.tolist()), dtype=np.int64, count=len(column)).view(np.uint64)


def _number_codes(numbers: np.ndarray) -> np.ndarray:
    numbers = numbers.astype(np.float64, copy=False)
    with np.errstate(invalid="ignore", over="ignore"):
        codes = numbers.astype(np.float32).view(np.uint32).astype(np.uint64)
        codes |= _FRACTION
        is_whole = (numbers == np.rint(numbers)) & (np.abs(numbers) < WHOLE)
    if is_whole.any():
        codes[is_whole] = numbers[is_whole].astype(np.int64).view(np.uint64)
    missing = np.isnan(numbers)
    if missing.any():
        codes[missing] = _MISSING
    return codes


def _object_code(value: Any) -> int:
    if isinstance(value, str):
        return hash(value)
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return int(_MISSING.astype(np.int64))
    if isinstance(value, bool | int) and -(2**62) < value < 2**62:
        return int(value)
    if isinstance(value, int | float | np.number):
        return int(_number_codes(np.array([float(value)])).view(np.int64)[0])
    try:
        return hash(value)
    except TypeError:
        return hash(repr(value))


def _add_matrix(found: np.ndarray, matrix: np.ndarray, place: int) -> None:
    flat = matrix.dtype.kind in "biuf"
    salts = np.array([_salt(place + k) for k in range(matrix.shape[1])], dtype=np.uint64)
    for start in range(0, len(matrix), ROW_BLOCK):
        some = slice(start, start + ROW_BLOCK)
        if flat:
            codes = value_codes(np.ascontiguousarray(matrix[some]).reshape(-1)).reshape(-1, matrix.shape[1])
            found[some] += _mixed(codes + salts).sum(axis=1, dtype=np.uint64)
        else:
            for k in range(matrix.shape[1]):
                found[some] += _mixed(value_codes(matrix[some, k]) + salts[k])


def _salt(place: int) -> np.uint64:
    return np.uint64(((place + 1) * 0xD1B54A32D192ED03) & 0xFFFFFFFFFFFFFFFF)


def _mixed(codes: np.ndarray) -> np.ndarray:
    """In place, Steele, Lea and Flood's (2014) splitmix64: every bit of the input reaches every bit of the output."""
    codes += _MULTIPLIER
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        codes ^= codes >> np.uint64(shift)
        codes *= np.uint64(factor)
    codes ^= codes >> np.uint64(31)
    return codes
