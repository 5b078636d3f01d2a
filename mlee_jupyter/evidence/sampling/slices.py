"""Whether the test rows are a slice of the whole: its first rows, one date, one site, less than a season."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mlee_jupyter.domain import Slice
from mlee_jupyter.stats.rows.row_hash import row_hashes, value_codes
from mlee_jupyter.stats.sample.drift import drift

from .table import Table, is_dates, sortable

FEWEST_ROWS = 30  # of a random draw, none of these falls into one half of the whole in one of 10^9 samples
HALF = 0.5
KINDS = 50  # a column with more different values is no site
DAY = 86_400 * 10**9  # nanoseconds
WEEK, YEAR = 7 * DAY, 365 * DAY
SURE = 0.01  # chance of any column by chance: a warning is not for one draw in twenty
MOVED = 0.1  # share of the rows that would have to move before a drift beyond chance is worth a word
MOST_ROWS = 200_000


def slices(
    sample: Table, frame: Table | None, time: Any, time_name: str | None, groups_name: str | None = None
) -> tuple[Slice, ...] | None:
    """Every way in which the sample is a part of the whole.

    Args:
        sample: the test rows.
        frame: the population's rows, where they are known.
        time: when each test row was taken, where that is known.
        time_name: how the charter calls it.
        groups_name: a column of names, which are others in every sample.

    Returns:
        None where there is neither a frame nor a time; otherwise what was found, perhaps nothing.
    """
    if frame is None and time is None:
        return None
    if sample.rows < FEWEST_ROWS:
        return ()
    whole_time = frame.column(time_name) if frame is not None and time_name else None
    found = list(_in_time(time, whole_time, time_name or "time"))
    if frame is not None and frame.rows > sample.rows:
        found += _by_place(sample, frame, ordered=time is not None)
        found += _by_column(sample, frame, (time_name, groups_name))
    return tuple(found)


def _in_time(time: Any, whole: Any, name: str) -> Iterator[Slice]:
    if time is None or not is_dates(time):
        return
    moments = sortable(time)
    if moments is None or len(moments) < FEWEST_ROWS:
        return
    first, last = int(moments.min()), int(moments.max())
    span = last - first
    all_moments = sortable(whole) if whole is not None and is_dates(whole) else None
    whole_span = int(all_moments.max() - all_moments.min()) if all_moments is not None and len(all_moments) else 0
    share = span / whole_span if whole_span > 0 else 0.0
    if first // DAY == last // DAY:
        yield Slice(what="date", column=name, words=f"all of one day, {day(first)}", share=share)
    elif span < WEEK:
        yield Slice(what="span", column=name, words=f"less than a week, {day(first)} to {day(last)}", share=share)
    elif whole_span >= YEAR and all_moments is not None:
        held, there = _months(moments), _months(all_moments)
        if 2 * held < there:
            yield Slice(
                what="season", column=name, words=f"{held} of the {there} months of the year", share=held / there
            )


def _months(moments: np.ndarray) -> int:
    return len(np.unique(moments.view("datetime64[ns]").astype("datetime64[M]").astype(np.int64) % 12))


def day(moment: int) -> str:
    """A date as people write it."""
    return str(np.datetime64(moment, "ns").astype("datetime64[D]"))


def _by_place(sample: Table, frame: Table, ordered: bool) -> Iterator[Slice]:
    """All within one half of the frame or less: the head of a file, or one stretch of it."""
    places = _places(sample, frame)
    if places is None or len(places) < FEWEST_ROWS:
        return
    first, last = int(places.min()), int(places.max())
    share = (last - first + 1) / frame.rows
    at_head = (last + 1) / frame.rows <= HALF
    if share > HALF or (ordered and not at_head):  # rows in time order: the newest are the right ones to test on
        return
    yield Slice(what="place", column="", words=f"rows {first + 1:,} to {last + 1:,} of {frame.rows:,}", share=share)


def _places(sample: Table, frame: Table) -> np.ndarray | None:
    """Where the sample's rows stand in the frame, by the content of the columns that both have."""
    if frame.rows > MOST_ROWS:
        return None
    if sample.names is None or frame.names is None:
        if sample.names is not None or frame.names is not None or sample.width != frame.width:
            return None
        return _found(row_hashes(sample.blocks()), row_hashes(frame.blocks()), sample.rows)
    common = [name for name in sample.names if name in frame.names]
    if not common:
        return None
    here = row_hashes(sample.blocks([sample.names.index(name) for name in common]))
    there = row_hashes(frame.blocks([frame.names.index(name) for name in common]))
    return _found(here, there, sample.rows)


def _found(ours: np.ndarray, whole: np.ndarray, rows: int) -> np.ndarray | None:
    """Places of values that occur once in the whole; None unless nearly all are found."""
    values, first, counts = np.unique(whole, return_index=True, return_counts=True)
    where = np.minimum(np.searchsorted(values, ours), len(values) - 1)
    there = (values[where] == ours) & (counts[where] == 1)
    return first[where[there]] if np.count_nonzero(there) >= 0.9 * rows else None


def _by_column(sample: Table, frame: Table, but: tuple[str | None, ...]) -> Iterator[Slice]:
    if sample.names is None or frame.names is None:
        return
    common = [name for name in sample.names if name in frame.names and name not in but]
    ours: dict[str, np.ndarray] = {}
    theirs: dict[str, np.ndarray] = {}
    for name in common:
        here, there = sample.at(sample.names.index(name)), frame.at(frame.names.index(name))
        one_kind = _one_kind(name, here, there)
        if one_kind is not None:
            yield one_kind
        elif here.dtype.kind in "iufbO" and there.dtype.kind in "iufbO" and _comparable(here, there):
            ours[name], theirs[name] = here, there
    for one in drift(ours, theirs, SURE):
        if one.beyond_chance and one.distance >= MOVED:
            yield Slice(what="drift", column=one.column, words=one.words, share=1 - one.distance)


def _comparable(here: np.ndarray, there: np.ndarray) -> bool:
    """Numbers, or text of not too many kinds: names and ids drift in every sample."""
    if here.dtype.kind != "O" and there.dtype.kind != "O":
        return True
    return len(np.unique(value_codes(there[:: max(1, len(there) // 5000)]))) <= KINDS


def _one_kind(name: str, here: np.ndarray, there: np.ndarray) -> Slice | None:
    """The same value on every row, where at most four in five of the whole have it."""
    codes = value_codes(here)
    if here.dtype.kind == "f" or not (codes == codes[0]).all():
        return None
    whole = value_codes(there)
    kinds = len(np.unique(whole))
    share = float(np.mean(whole == codes[0]))
    if not kinds >= 2 or share > 0.8:
        return None
    return Slice(what="kind", column=name, words=f"only {str(here[0])[:30]}, one of {kinds:,} kinds", share=share)
