"""Which of the user's variables hold the test rows, the training rows, their time and groups, and the population."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mlee_jupyter.domain import Experiment
from mlee_jupyter.stats.rows.row_index import index_hash, index_of

from .table import Table

USUAL_FEATURES = "X_test"
_TEST = re.compile(r"test(?![a-z])|test(?=_)")


def sibling(name: str) -> str | None:
    """X_train for X_test; None where the name says nothing of a test."""
    other = _TEST.sub("train", name)
    return other if other != name else None


class Sources:
    """Looks names up; nothing is read before it is asked for."""

    def __init__(self, names: Mapping[str, Any], experiment: Experiment, rows: int | None) -> None:
        self._names = names
        self._charter = experiment.charter
        self._features_name = experiment.features_name or USUAL_FEATURES
        self._rows = rows

    def features(self) -> Table | None:
        """The test rows, where they are as many as the truth has."""
        table = self._table(self._features_name)
        return table if table is not None and table.rows and self._rows in (None, table.rows) else None

    def train(self) -> Table | None:
        """The training rows: declared, or the features' own name with train for test."""
        name = self._charter.train or sibling(self._features_name)
        table = self._table(name) if name is not None else None
        same = table is not None and table.value is self._names.get(self._features_name)
        return None if same else table

    def frame(self) -> Any | None:
        """The population, as it was handed over."""
        population = self._charter.population
        return self._names.get(population.frame) if population is not None and population.frame else None

    def frame_table(self) -> Table | None:
        """The population as a table; None where it is a mere list of kinds."""
        value = self.frame()
        wide = isinstance(value, Mapping) or hasattr(value, "columns") or getattr(value, "ndim", 1) == 2
        return Table(value, "the frame") if value is not None and wide else None

    def time(self, table: Table, train: bool = False) -> Any | None:
        """When each row of a table was taken, by the chartered name."""
        name = self._charter.time
        found = None if name is None else self._along(name, table, train)
        if found is None and name is not None and hasattr(table.index, "as_unit"):
            return table.index  # dates as row labels
        return found

    def groups(self, table: Table, train: bool = False) -> Any | None:
        """Which group each row of a table belongs to, by the chartered name."""
        return None if self._charter.groups is None else self._along(self._charter.groups, table, train)

    def kinds(self, column: str, table: Table | None) -> Any | None:
        """A column of the test rows, or a variable of its name."""
        if table is not None and (found := table.column(column)) is not None:
            return found
        return self._names.get(column)

    def _table(self, name: str) -> Table | None:
        value = self._names.get(name)
        tabular = hasattr(value, "shape") or isinstance(value, Mapping | list | tuple)
        return Table(value, name) if value is not None and tabular else None

    def _along(self, name: str, table: Table, train: bool) -> Any | None:
        """A column of the table, or a variable that has one value for each of its rows.

        A variable over all rows, of train and test together, is matched by row labels. One without labels is taken
        for the test rows where it has their number, and never for the training rows, unless its own name says so.
        """
        column = table.column(name)
        if column is not None:
            return column
        held = self._names.get(name)
        found, has_labels = _by_labels(held, table)
        if found is not None or (has_labels and not train):
            return found
        if train:
            other = sibling(name)
            held = self._names.get(other) if other is not None else None
            found, has_labels = _by_labels(held, table)
            if found is not None or has_labels:
                return found
        return held if held is not None and _length(held) == table.rows else None


def _by_labels(held: Any, table: Table) -> tuple[Any | None, bool]:
    """The values of a table's rows by their labels, and whether both have labels to go by."""
    index = index_of(held)
    if index is None or table.index is None or index_hash(table.value) is None:
        return None, False
    fits = index.is_unique and bool(table.index.isin(index).all())
    return (held.loc[table.index] if fits else None), True


def _length(value: Any) -> int:
    try:
        return -1 if isinstance(value, str | bytes | Mapping) else len(value)
    except TypeError:
        return -1
