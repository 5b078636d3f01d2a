"""Test rows that are training rows too: found by fingerprints, and told apart from coincidences.

Of a table of one column only the number tells: more equal rows than the training rows have among themselves.
Where columns are few or coarse (three categories, word counts of short texts), different rows are equal by chance, in
any honest split. An equal row counts as the same row where that is no explanation:

- one of its values is rich, that is, of a column in which at least a quarter of the training rows have values of their
  own, and that very value occurs in no other row; or
- it has no near neighbours: of the other training rows, the nearest differs from it in at least three columns and a
  quarter of them all. Coincidence would have made many more rows that are nearly equal.

A column that numbers the rows (ids, other in every row) hides a copy, so rows are compared without it as well.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mlee_jupyter.domain import SharedRows
from mlee_jupyter.stats.rows.row_hash import row_hashes, value_codes

from .row_numbers import counted, own_ids, shared_ids
from .spelt import kinds_alike, tables_alike
from .table import Table

MOST_CELLS = 10_000_000  # values fingerprinted on a side; of a larger table every k-th row is looked at
RICH = 0.25  # share of training rows with different values
FEW_MATCHES = 400  # equal rows that are looked at one by one
NEIGHBOURS = 4_000  # training rows among which the nearest is looked for
FEWEST_COLUMNS, FEWEST_SHARE = 3, 0.25
RICH_COLUMNS = 12  # looked at for values of their own


def shared_rows(
    test: Table, train: Table, groups: np.ndarray | None = None, train_groups: np.ndarray | None = None
) -> SharedRows | None:
    """How many test rows are training rows.

    Args:
        test: the test rows.
        train: the training rows, with the same columns (by name, else by place).
        groups: the test rows' groups.
        train_groups: the training rows' groups.

    Returns:
        None where the two have no columns in common, or none at all.
    """
    places = _aligned(test, train)
    if places is None or not test.rows or not train.rows:
        return None
    step, train_step = _step(test), _step(train)
    mine = places[0] if places[0] is not None else list(range(test.width))
    its = places[1] if places[1] is not None else list(range(train.width))
    ours, theirs = tables_alike(test.taken(step), train.taken(train_step), mine, its)
    found = _equal(ours, theirs, places)
    ids = own_ids(ours, theirs, mine, its)
    if ids and len(ids) < len(mine):  # a copy with a number of its own is a copy
        rest = [place for place in range(len(mine)) if place not in ids]
        less = _equal(ours, theirs, ([mine[place] for place in rest], [its[place] for place in rest]))
        bare_numbers = any(counted(ours.at(mine[place])) and counted(theirs.at(its[place])) for place in ids)
        found = less if bare_numbers else found.with_copies(less)  # numbers that meet by chance prove nothing
    here, there, equal, kept = found.here, found.there, found.equal, found.kept
    share = 1 / train_step
    both, known = _groups(groups, train_groups)
    return SharedRows(
        test_rows=test.rows,
        train_rows=train.rows,
        shared=min(test.rows, round(len(kept) * step * train_step)),
        coarse=min(test.rows, round((len(equal) - len(kept)) * step)),
        same_label=_same_label(ours, theirs, here, there, kept),
        groups_shared=both,
        groups=known,
        looked_at=min(1 / step, share),
        **_same_ids(ours, theirs, [(mine[place], its[place]) for place in ids]),
    )


class _Equal(NamedTuple):
    """Test rows that equal training rows."""

    here: np.ndarray  # fingerprints of the test rows
    there: np.ndarray  # and of the training rows
    equal: np.ndarray  # places of the test rows that equal one
    kept: np.ndarray  # of those the ones that are no coincidence

    def with_copies(self, less: _Equal) -> _Equal:
        """With those that are equal but for their ids; fingerprints are those of all columns where they tell."""
        kept = np.union1d(self.kept, less.kept)
        return self if len(kept) == len(self.kept) else less._replace(kept=kept)


def _equal(ours: Table, theirs: Table, places: tuple[list[int] | None, list[int] | None]) -> _Equal:
    here, there = row_hashes(ours.blocks(places[0])), row_hashes(theirs.blocks(places[1]))
    equal = np.flatnonzero(_isin(here, np.sort(there)))
    width = ours.width if places[0] is None else len(places[0])
    if width == 1:  # nothing else of a row could differ: only how many there are tells
        return _Equal(here, there, equal, equal if _beyond_chance(len(equal), len(here), there) else equal[:0])
    return _Equal(here, there, equal, _no_coincidence(ours, theirs, places, here, there, equal))


def _same_ids(ours: Table, theirs: Table, pairs: list[tuple[int, int]]) -> dict[str, Any]:
    """How many test rows have the id of a training row, by the column of ids that has most of them."""
    found = [(shared_ids(ours.at(here), theirs.at(there)), ours.label(here)) for here, there in pairs]
    most, name = max(found, default=(0, ""))
    return {"ids_shared": most, "id_column": name} if most else {}


def _aligned(test: Table, train: Table) -> tuple[list[int] | None, list[int] | None] | None:
    """The places of the columns that both have; None, None for all as they stand."""
    if test.names is None or train.names is None:
        return (None, None) if test.width == train.width and test.width else None
    if test.names == train.names:
        return (None, None) if test.width else None
    common = [name for name in test.names if name in train.names]
    if len(common) < max(1, test.width // 2):
        return None
    return [test.names.index(name) for name in common], [train.names.index(name) for name in common]


def _step(table: Table) -> int:
    return max(1, -(-table.rows * table.width // MOST_CELLS))


def _isin(values: np.ndarray, ordered: np.ndarray) -> np.ndarray:
    place = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return np.asarray(ordered[place] == values)


def _beyond_chance(matches: int, test_rows: int, train: np.ndarray) -> bool:
    """Whether more test rows equal training rows than training rows equal each other.

    Args:
        matches: test rows that some training row equals.
        test_rows: all of them.
        train: fingerprints of the training rows.
    """
    counts = np.unique(train, return_counts=True)[1].astype(float)
    pairs = len(train) * (len(train) - 1) / 2
    seen = float((counts * (counts - 1) / 2).sum()) + 3  # none seen: up to three may be meant, 95 times in 100
    return pairs > 0 and matches > 5 + 2 * test_rows * len(train) * seen / pairs


def _no_coincidence(
    test: Table,
    train: Table,
    places: tuple[list[int] | None, list[int] | None],
    here: np.ndarray,
    there: np.ndarray,
    equal: np.ndarray,
) -> np.ndarray:
    """Which of the equal test rows are the same rows; of very many, a regular part is looked at and stands for all."""
    if not len(equal):
        return equal
    step = -(-len(equal) // FEW_MATCHES)
    some = equal[::step]
    mine = places[0] if places[0] is not None else list(range(test.width))
    its = places[1] if places[1] is not None else list(range(train.width))
    certain = _with_values_of_their_own(test, train, mine, its, here, there, some)
    left = some[~certain]
    if len(left) and len(mine) >= FEWEST_COLUMNS:
        certain[~certain] = _without_neighbours(test, train, mine, its, here, there, left)
    good = some[certain]
    return np.repeat(good, step)[: len(equal)] if step > 1 else good


def _with_values_of_their_own(
    test: Table, train: Table, mine: list[int], its: list[int], here: np.ndarray, there: np.ndarray, rows: np.ndarray
) -> np.ndarray:
    found = np.zeros(len(rows), dtype=bool)
    richest = _richest(train, its)
    for place in richest:
        ours, theirs = value_codes(test.at(mine[place])), value_codes(train.at(its[place]))
        values, content = np.concatenate((ours, theirs)), np.concatenate((here, there))
        order = np.lexsort((content, values))
        values, content = values[order], content[order]
        new_value = np.concatenate(([True], values[1:] != values[:-1]))
        new_row = new_value | np.concatenate(([True], content[1:] != content[:-1]))
        kinds = np.add.reduceat(new_row, np.flatnonzero(new_value))  # different rows that have each value
        where = np.searchsorted(values[new_value], ours[rows])
        found |= kinds[where] == 1
    return found


def _richest(train: Table, its: list[int]) -> list[int]:
    """Places (among the common columns) of those whose values are mostly different."""
    rows = np.arange(0, train.rows, max(1, train.rows // 20_000))
    shares = []
    for place, column in enumerate(its):
        codes = value_codes(train.at(column)[rows])
        shares.append((len(np.unique(codes)) / len(codes), place))
    rich = sorted((one for one in shares if one[0] >= RICH), reverse=True)
    return [place for _, place in rich[:RICH_COLUMNS]]


def _without_neighbours(
    test: Table, train: Table, mine: list[int], its: list[int], here: np.ndarray, there: np.ndarray, rows: np.ndarray
) -> np.ndarray:
    """Whether the nearest of the other training rows is far away, by the number of columns that differ."""
    sampled = np.unique(np.linspace(0, train.rows - 1, min(train.rows, NEIGHBOURS)).astype(np.intp))
    differ = np.zeros((len(rows), len(sampled)), dtype=np.int32)
    for ours, theirs in zip(mine, its, strict=True):
        codes = value_codes(test.at(ours)[rows])
        differ += codes[:, None] != value_codes(train.at(theirs)[sampled])[None, :]
    differ[here[rows][:, None] == there[sampled][None, :]] = np.iinfo(np.int32).max  # itself
    nearest = differ.min(axis=1)
    others = nearest < np.iinfo(np.int32).max
    return np.asarray(others & (nearest >= FEWEST_COLUMNS) & (nearest >= FEWEST_SHARE * len(mine)))


def _same_label(test: Table, train: Table, here: np.ndarray, there: np.ndarray, kept: np.ndarray) -> int:
    ours, theirs = test.labels, train.labels
    if ours is None or theirs is None or not len(kept):
        return 0
    order = np.argsort(theirs)
    place = np.minimum(np.searchsorted(theirs[order], ours[kept]), len(theirs) - 1)
    same = theirs[order][place] == ours[kept]
    return int(np.count_nonzero(same & (there[order][place] == here[kept])))


def _groups(groups: np.ndarray | None, train_groups: np.ndarray | None) -> tuple[int, int]:
    if groups is None or train_groups is None:
        return 0, 0
    ours, theirs = kinds_alike(groups, train_groups)
    return int(np.isin(ours, theirs).sum()), len(ours)
