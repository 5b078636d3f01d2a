"""Two columns that hold the same values in another spelling: numbers or dates as text on one side, not on the other.

A table that was read with dtype=str, or groups that went through a file, would share nothing with the same in numbers.
"""

from __future__ import annotations

import numpy as np

from mlee_jupyter.stats.rows.row_hash import value_codes

from .table import Table, sortable

_TRUTH = {"true": 1.0, "false": 0.0}


def spelt_alike(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two columns, text of the one read as what the other holds; as they are where neither or both are text."""
    if _has_text(one) is _has_text(other):
        return one, other
    if _has_text(one):
        return _read_as(one, other), other
    return one, _read_as(other, one)


def _has_text(column: np.ndarray) -> bool:
    if column.dtype.kind in "UST":
        return True
    return column.dtype.kind == "O" and any(isinstance(value, str) for value in column.tolist())


def _read_as(text: np.ndarray, other: np.ndarray) -> np.ndarray:
    if other.dtype.kind == "M":
        times = sortable(text.astype(str))
        return text if times is None else np.asarray(times).astype(np.int64).view("datetime64[ns]")
    read = np.empty(len(text), dtype=object)
    read[:] = [_as_number(value) for value in text.tolist()]
    return read


def _as_number(value: object) -> object:
    """A number where a text is one; whatever else it is stays, and is equal to no number."""
    if not isinstance(value, str):
        return value
    try:
        return float(value)
    except ValueError:
        return _TRUTH.get(value.strip().lower(), value)


class Spelt(Table):
    """A table of which some columns were read as what another table holds."""

    def __init__(self, table: Table, columns: dict[int, np.ndarray]) -> None:
        super().__init__(table.value, table.name)
        self._columns = columns

    def at(self, place: int) -> np.ndarray:
        """A column by its place."""
        return self._columns[place] if place in self._columns else super().at(place)

    def blocks(self, places: list[int] | None = None) -> list[np.ndarray]:
        """The columns one by one."""
        return [self.at(place) for place in (range(self.width) if places is None else places)]


def tables_alike(one: Table, other: Table, ours: list[int], theirs: list[int]) -> tuple[Table, Table]:
    """Both tables, columns of text read as the numbers or dates that the other has at that place.

    Args:
        one: a table.
        other: another.
        ours: the places of its columns that are compared.
        theirs: the same of the other, in the same order.
    """
    mine: dict[int, np.ndarray] = {}
    its: dict[int, np.ndarray] = {}
    head, tail = one.taken(max(1, one.rows)), other.taken(max(1, other.rows))
    for here, there in zip(ours, theirs, strict=True):
        if {head.at(here).dtype.kind, tail.at(there).dtype.kind}.isdisjoint("OUST"):
            continue  # whole tables of numbers, which are the large ones
        columns = one.at(here), other.at(there)
        read = spelt_alike(*columns)
        if read[0] is not columns[0]:
            mine[here] = read[0]
        if read[1] is not columns[1]:
            its[there] = read[1]
    return (Spelt(one, mine) if mine else one), (Spelt(other, its) if its else other)


def kinds_alike(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different values of two columns as codes, equal where they count as the same."""
    ours, theirs = spelt_alike(one, other)
    return np.unique(value_codes(ours)), np.unique(value_codes(theirs))
