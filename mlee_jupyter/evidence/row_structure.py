"""How the rows of a truth hang together, read from the notebook: groups, time order, weights.

The charter names a column of the declared features, or a variable; either holds one value per row of the truth. Only
codes are kept of groups and times (which rows share one, and their order), never a customer's name or a date. What
cannot be read is said in one line, and costs no record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mlee_jupyter.domain import Charter, Layout, Records, Truth
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows import columns
from mlee_jupyter.stats.rows.array_codec import content_hash
from mlee_jupyter.stats.rows.row_index import index_contradicts
from mlee_jupyter.stats.rows.times import read_times

WHATS = ("groups", "time", "weights")
_OTHERWISE = {
    "groups": "every row is taken for itself, and no winner is named",
    "time": "the rows are taken to be in time order as they stand",
    "weights": "every row counts alike, and no winner is named",
}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the charter's names hold now."""

    layouts: tuple[Layout, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)  # what could not be read -> why

    def remarks(self, known: Mapping[str, Layout]) -> tuple[str, ...]:
        """One line for each that could not be read, given what the store knows of the same rows."""
        return tuple(
            f"{why} {'What was read before still holds.' if what in known else f'Until then {_OTHERWISE[what]}.'}"
            for what, why in self.unread.items()
        )

    def without(self, known: Mapping[str, Layout]) -> Reading:
        """The same, but for what could not be read and the store knows."""
        return replace(self, unread={what: why for what, why in self.unread.items() if what not in known})


def declared(charter: Charter) -> dict[str, str]:
    """What the charter says of the rows, and by which name."""
    named = ((what, getattr(charter, what)) for what in WHATS)
    return {what: name for what, name in named if name is not None}


def check(charter: Charter) -> None:
    """Refuse what no judgement can respect at once.

    Raises:
        MleeError: groups and time together.
    """
    if charter.groups is not None and charter.time is not None:
        raise MleeError(
            "Rows are judged either by groups or in time order, and the charter names both.",
            'Take one back: %mlee_experiment change time="" --because ...',
        )


def read(charter: Charter, truth: Truth, names: Mapping[str, Any], features: Any) -> Reading:
    """What the names of the charter hold for the rows of a truth.

    Args:
        charter: as it stands.
        truth: whose rows they are.
        names: the user's variables.
        features: the declared features, whose columns go first; None: none are declared, or not there yet.
    """
    layouts, unread = [], {}
    for what, name in declared(charter).items():
        try:
            values = _found(name, names, features)
            _demand_order(values, names.get(truth.name), name, truth)
            rows = _codes(what, values, name, truth)
        except MleeError as fault:
            unread[what] = fault.message
            continue
        layouts.append(Layout(truth=truth.fingerprint, what=what, name=name, array=content_hash(rows), rows=rows))
    return Reading(layouts=tuple(layouts), unread=unread)


def stored(records: Records, layouts: Sequence[Layout] = ()) -> dict[str, dict[str, Layout]]:
    """By truth and what it is: those of the store under the charter's names, and over them the ones at hand."""
    named = declared(records.experiment.charter)
    found: dict[str, dict[str, Layout]] = {}
    for layout in (*records.layouts, *layouts):
        if named.get(layout.what) == layout.name:
            found.setdefault(layout.truth, {})[layout.what] = layout
    return found


def _found(name: str, names: Mapping[str, Any], features: Any) -> Any:
    """A column of the features, else a variable.

    Raises:
        MleeError: neither is there.
    """
    with suppress(TypeError, ValueError):
        if name in getattr(features, "columns", ()):
            return features[name]
    if name in names and not callable(names[name]) and not hasattr(names[name], "__spec__"):  # `time` may be a module
        return names[name]
    raise MleeError(f"There is no variable or column {columns.shown(name, 40)!r} here, which the charter names.")


def _demand_order(values: Any, answers: Any, name: str, truth: Truth) -> None:
    """Refuse what surely belongs to other rows than the truth's, or stands in another order.

    Raises:
        MleeError: it does.
    """
    if index_contradicts(answers, values):
        named, of = columns.shown(name, 40), columns.shown(truth.name, 40)
        raise MleeError(f"{named} has other rows than {of}, or another order: align it with .loc[{of}.index].")


def _codes(what: str, values: Any, name: str, truth: Truth) -> np.ndarray:
    """What is kept of one value per row.

    Raises:
        MleeError: of another length than the truth, or not usable.
    """
    named = columns.shown(name, 40)
    rows = read_times(values, named).values if what == "time" else columns.as_column(values, named)
    if len(rows) != truth.n:
        raise MleeError(f"{named} has {len(rows):,} values for {truth.n:,} rows of {columns.shown(truth.name, 40)}.")
    if what == "groups" and rows.dtype == object:  # no order is needed, and sorting a million texts takes seconds
        labels = rows.tolist()
        places = {label: place for place, label in enumerate(dict.fromkeys(labels))}
        return np.fromiter(map(places.__getitem__, labels), np.int64, len(labels))
    if what != "weights":
        return np.unique(rows, return_inverse=True)[1].reshape(-1).astype(np.int64)
    if rows.dtype == object or rows.min() < 0 or not rows.max() > 0:
        raise MleeError(f"{named} holds no weights: numbers from 0 on, and not all of them 0.")
    return rows.astype(np.float64)
