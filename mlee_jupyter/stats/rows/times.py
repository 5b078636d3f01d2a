"""Times of rows as numbers that sort as time does, however they are written; or a line that says what to pass.

Text is read by pandas, once it is known which way it is meant: days first or months first must follow from the rows
themselves. Text that can be read in two orders is refused, since a wrong order hides every dependence in time.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np

from mlee_jupyter.domain.errors import MleeError

from .columns import as_column, on_this_machine, shown

_PASS = "Pass datetimes: pd.to_datetime(..., format=...)."
_NUMBERS = re.compile(r"\s*[+-]?\d+(\.\d*)?([eE][+-]?\d+)?\s*")
_YEAR_FIRST = re.compile(r"\d{4}([-/.])\d{1,2}(\1\d{1,2})?([T ].*)?|\d{4}-\d{2}-\d{2}T?.*")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[T ,]+(\d{1,2}:.*))?")
_QUARTER = re.compile(r"(\d{4})[- ]?Q([1-4])|Q([1-4])[- /]?(\d{4})", re.IGNORECASE)
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_NAMED = re.compile(r".*[A-Za-z]{3}.*\d.*|.*\d.*[A-Za-z]{3}.*")
_OFFSET = re.compile(r".*(Z|[+-]\d{2}:?\d{2}|UTC|GMT)\s*", re.IGNORECASE)


class Times(NamedTuple):
    """One time per row."""

    values: np.ndarray  # int64 nanoseconds since 1970 of dates, else float64 or int64
    are_dates: bool


def read_times(values: Any, name: str = "time") -> Times:
    """One sortable value per row.

    Args:
        values: numbers, datetimes (with a zone or without), dates, periods, or any of them as text; list, numpy,
            pandas, polars.
        name: how a message calls it.

    Raises:
        MleeError: missing values, or text that reads as no date or in more than one order.
    """
    values = _one_column(on_this_machine(values))
    if type(values).__module__.partition(".")[0] == "polars":
        values = values.to_list()
    dtype: Any = getattr(values, "dtype", None)
    if hasattr(dtype, "categories"):
        if dtype.ordered:
            codes = np.asarray(values.cat.codes if hasattr(values, "cat") else values.codes, dtype=np.int64)
            _refuse_missing(int((codes < 0).sum()), name)
            return Times(codes, False)
        values = np.asarray(values.astype(object))
    if getattr(dtype, "tz", None) is not None or hasattr(dtype, "freq"):
        values = np.asarray(values.astype(object))
    array = np.asarray(values) if not isinstance(values, list | tuple) else _of_list(values)
    if array.ndim != 1:
        raise MleeError(f"{shown(name)} has {array.ndim} dimensions where one value per row is wanted.", _PASS)
    if array.dtype.kind == "M":
        _refuse_missing(int(np.isnat(array).sum()), name)
        return Times(array.astype("datetime64[ns]").astype(np.int64), True)
    if array.dtype.kind == "m":
        _refuse_missing(int(np.isnat(array).sum()), name)
        return Times(array.astype("timedelta64[ns]").astype(np.int64), False)
    if not len(array):
        return Times(np.empty(0), False)
    if array.dtype.kind not in "OUST":
        return Times(as_column(values, name), False)
    listed = array.tolist()
    _refuse_missing(sum(value is None or value != value for value in listed), name)
    if all(isinstance(value, str | bytes) for value in listed):
        return _of_text(listed, name)
    if all(isinstance(value, datetime | date | np.datetime64) for value in listed):
        return Times(_of_moments(listed, name), True)
    if all(hasattr(value, "start_time") for value in listed):  # pandas' periods
        return Times(np.array([value.start_time.value for value in listed], dtype=np.int64), True)
    return Times(as_column(values, name), False)


def _one_column(values: Any) -> Any:
    """A frame or matrix of one column as that column."""
    shape: tuple[int, ...] = tuple(getattr(values, "shape", ()))
    if len(shape) != 2 or shape[1] != 1:
        return values
    if hasattr(values, "iloc"):
        return values.iloc[:, 0]
    return values.to_series() if hasattr(values, "to_series") else values.reshape(-1)


def _of_list(values: Any) -> np.ndarray:
    plain = all(isinstance(value, int | float | np.number) for value in values)
    if plain:
        return np.asarray(values)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _of_moments(values: list[Any], name: str) -> np.ndarray:
    import pandas as pd

    aware = sum(getattr(value, "tzinfo", None) is not None for value in values)
    if 0 < aware < len(values):
        raise MleeError(f"{shown(name)} has times with a zone and times without.", "Give all of them a zone.")
    read = pd.to_datetime(pd.Series(values, dtype=object), utc=True, errors="coerce")
    _refuse_missing(int(read.isna().sum()), name)
    return np.asarray(read.dt.tz_localize(None).to_numpy().astype("datetime64[ns]").astype(np.int64))


def _of_text(listed: list[Any], name: str) -> Times:
    texts = [value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in listed]
    kinds = list(dict.fromkeys(texts))
    read, are_dates = _of_kinds([kind.strip() for kind in kinds], name)
    places = {kind: place for place, kind in enumerate(kinds)}
    return Times(read[np.fromiter((places[text] for text in texts), np.intp, len(texts))], are_dates)


def _of_kinds(kinds: list[str], name: str) -> tuple[np.ndarray, bool]:
    _refuse_missing(sum(not kind for kind in kinds), name)
    zoned = sum(bool(_OFFSET.fullmatch(kind)) and ":" in kind for kind in kinds)
    if 0 < zoned < len(kinds):
        raise MleeError(f"{shown(name)} has times with a zone and times without.", _PASS)
    if all(_NUMBERS.fullmatch(kind) for kind in kinds):
        return _of_digits(kinds, name)
    for pattern, read in (
        (_YEAR_FIRST, _year_first),
        (_YEAR_LAST, _year_last),
        (_QUARTER, _quarters),
        (_WEEK, _weeks),
        (_NAMED, _named_months),
    ):
        fits = [bool(pattern.fullmatch(kind)) for kind in kinds]
        if all(fits):
            return read(kinds, name), True
        if any(fits) and pattern is not _NAMED:
            one, other = kinds[fits.index(True)], kinds[fits.index(False)]
            raise MleeError(
                f"{shown(name)} is written in several ways ({shown(one, 25)!r} and {shown(other, 25)!r}).", _PASS
            )
    raise _unreadable(kinds[0], name)


def _of_digits(kinds: list[str], name: str) -> tuple[np.ndarray, bool]:
    """Digits alone are numbers; eight of them that can only be day, month, year are dates."""
    plain = np.array([float(kind) for kind in kinds])
    if not all(len(kind) == 8 and kind.isdigit() for kind in kinds):
        return plain, False
    if _parsed(kinds, "%Y%m%d") is not None:
        return plain, False
    readings = [found for form in ("%d%m%Y", "%m%d%Y") if (found := _parsed(kinds, form)) is not None]
    return (_only(readings, kinds, name), True) if readings else (plain, False)


def _parsed(kinds: list[str], form: str) -> np.ndarray | None:
    import pandas as pd

    read = pd.to_datetime(pd.Series(kinds), format=form, errors="coerce")
    if read.isna().any() or not read.dt.year.between(1900, 2100).all():
        return None
    return _nanoseconds(read)


def _nanoseconds(read: Any) -> np.ndarray:
    return np.asarray(read.to_numpy().astype("datetime64[ns]").astype(np.int64))


def _only(readings: list[np.ndarray], kinds: list[str], name: str) -> np.ndarray:
    """The one reading, or several that agree on the order of the rows."""
    first = readings[0]
    order = np.unique(first, return_inverse=True)[1]
    if any(not np.array_equal(order, np.unique(other, return_inverse=True)[1]) for other in readings[1:]):
        raise MleeError(
            f"{shown(name)} can be read in two orders: {shown(kinds[0], 25)!r} may have its day or its month first.",
            _PASS,
        )
    return first


def _mixed(kinds: list[str], name: str, **how: Any) -> np.ndarray:
    import warnings

    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            read = pd.to_datetime(pd.Series(kinds), format="mixed", utc=True, errors="coerce", **how)
        except (ValueError, TypeError, OverflowError):
            raise _unreadable(kinds[0], name) from None
    if read.isna().any():
        raise _unreadable(kinds[int(np.argmax(read.isna().to_numpy()))], name)
    return _nanoseconds(read.dt.tz_localize(None))


def _year_first(kinds: list[str], name: str) -> np.ndarray:
    return _mixed([kind.replace("/", "-").replace(".", "-", 2) if kind[4] in "/." else kind for kind in kinds], name)


def _year_last(kinds: list[str], name: str) -> np.ndarray:
    found = [match for kind in kinds if (match := _YEAR_LAST.fullmatch(kind)) is not None]
    parts = np.array([[int(match[1]), int(match[3]), int(match[4])] for match in found])
    short = any(len(match[4]) == 2 for match in found)
    if {match[2] for match in found} == {"."}:  # nobody writes 12.31.2023
        orders = [(0, 1, 2)]
    else:
        orders = [(0, 1, 2), (1, 0, 2), *([(2, 1, 0)] if short else [])]
    readings = []
    for day, month, year in orders:
        if parts[:, month].max() > 12 or parts[:, day].max() > 31 or parts[:, [day, month]].min() < 1:
            continue
        clock = [match[5] or "" for match in found]
        years = np.where(parts[:, year] < 69, 2000, 1900) + parts[:, year] if short else parts[:, year]
        texts = [
            f"{y:04d}-{row[month]:02d}-{row[day]:02d} {t}".strip()
            for y, row, t in zip(years, parts, clock, strict=True)
        ]
        try:
            readings.append(_mixed(texts, name))
        except MleeError:
            continue
    if not readings:
        raise _unreadable(kinds[0], name)
    return _only(readings, kinds, name)


def _quarters(kinds: list[str], name: str) -> np.ndarray:
    found = [match for kind in kinds if (match := _QUARTER.fullmatch(kind)) is not None]
    return _mixed([f"{int(m[1] or m[4]):04d}-{3 * int(m[2] or m[3]) - 2:02d}-01" for m in found], name)


def _weeks(kinds: list[str], name: str) -> np.ndarray:
    found = [match for kind in kinds if (match := _WEEK.fullmatch(kind)) is not None]
    try:
        days = [date.fromisocalendar(int(match[1]), int(match[2]), 1) for match in found]
    except ValueError:
        raise _unreadable(kinds[0], name) from None
    return np.array(days, dtype="datetime64[ns]").astype(np.int64)


def _named_months(kinds: list[str], name: str) -> np.ndarray:
    return _only([_mixed(kinds, name), _mixed(kinds, name, yearfirst=True)], kinds, name)


def _unreadable(kind: str, name: str) -> MleeError:
    return MleeError(f"{shown(name)} holds text such as {shown(kind, 25)!r}, which reads as no date.", _PASS)


def _refuse_missing(count: int, name: str) -> None:
    if count:
        raise MleeError(f"{shown(name)} has missing values.", "Fill them or leave those rows out everywhere.")
