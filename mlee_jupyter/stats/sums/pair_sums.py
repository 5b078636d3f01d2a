"""Sums over rows of several columns together, on which every comparison rests.

In memory they are taken a block of rows at a time. Columns of a table ask it for them, and no row leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np

from mlee_jupyter.stats.metrics.scored import Scored

from .summed import Summed

ROW_BLOCK = 1 << 13  # rows whose influence values are held as one float64 matrix at a time


def _summed(columns: Sequence[Scored]) -> Sequence[Summed] | None:
    """The columns, where their rows stay in a table."""
    return cast("Sequence[Summed]", columns) if isinstance(columns[0], Summed) else None


def _blocks(n: int) -> Iterator[tuple[int, int]]:
    return ((start, min(n, start + ROW_BLOCK)) for start in range(0, n, ROW_BLOCK))


def squares_of(columns: Sequence[Scored]) -> np.ndarray:
    """The sum of squares of each column (K,).

    Args:
        columns: on the same rows.
    """
    if (summed := _summed(columns)) is not None:
        return np.array([column.squares for column in summed])
    n = columns[0].n
    found = np.zeros(len(columns))
    for place, column in enumerate(columns):
        found[place] = sum(float(part @ part) for part in (column.block(*rows) for rows in _blocks(n)))
    return found


def gram_of(
    columns: Sequence[Scored], shares: np.ndarray, positives: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Sums of products of all columns (K, K), each less their mean with given shares; and the same of some rows alone.

    Args:
        columns: on the same rows.
        shares: (K,) of each column in what is taken off.
        positives: (n,) bool, those rows; None: the second is 0.
    """
    count = len(columns)
    gram, of_positives = np.zeros((count, count)), np.zeros((count, count))
    if (summed := _summed(columns)) is not None:
        return summed[0].source.gram([column.scaled for column in summed], shares), of_positives
    for start, stop in _blocks(columns[0].n):
        block = np.empty((count, stop - start))
        for place, column in enumerate(columns):
            block[place] = column.block(start, stop)
        block -= shares @ block
        gram += block @ block.T
        if positives is not None:
            some = block[:, positives[start:stop]]
            of_positives += some @ some.T
    return gram, of_positives


def crossed_cubes(columns: Sequence[Scored]) -> np.ndarray:
    """Sums of x_i^2 x_j (K, K).

    Args:
        columns: on the same rows.
    """
    if (summed := _summed(columns)) is not None:
        factors = np.array([column.factor for column in summed])
        return summed[0].source.crossed([column.place for column in summed]) * np.outer(factors**2, factors)
    crossed = np.zeros((len(columns), len(columns)))
    for start, stop in _blocks(columns[0].n):
        block = np.array([column.block(start, stop) for column in columns])
        crossed += block**2 @ block.T
    return crossed


def loudest_against(columns: Sequence[Scored], pairs: Sequence[tuple[int, int]]) -> list[float]:
    """By how much the second of a pair is ahead of the first on the row that speaks most for it, for each pair.

    Args:
        columns: on the same rows.
        pairs: places of a column that looks better, and of another one.
    """
    if not pairs:
        return []
    if (summed := _summed(columns)) is not None:
        wanted = [(summed[other].scaled, summed[better].scaled) for better, other in pairs]
        most = summed[0].source.leads(wanted)
    else:
        most = [float(np.max(columns[other].influence - columns[better].influence)) for better, other in pairs]
    gaps = [columns[better].theta - columns[other].theta for better, other in pairs]
    return [max(0.0, lead - gap) for lead, gap in zip(most, gaps, strict=True)]


def powers_apart(one: Scored, other: Scored) -> tuple[float, float]:
    """The sums of second and of fourth powers of the difference of two columns.

    Args:
        one: a column.
        other: another one, on the same rows.
    """
    if isinstance(one, Summed) and isinstance(other, Summed):
        return one.source.apart(one.scaled, other.scaled)[:2]
    squared = (one.influence - other.influence) ** 2
    return float(squared.sum()), float(squared @ squared)


def largest_apart(one: Scored, other: Scored) -> float:
    """The largest difference of two columns on a row, in size.

    Args:
        one: a column.
        other: another one, on the same rows.
    """
    if isinstance(one, Summed) and isinstance(other, Summed):
        return float(np.sqrt(one.source.apart(one.scaled, other.scaled)[2]))
    return float(np.max(np.abs(one.influence - other.influence), initial=0.0))


def rows_apart(one: Scored, other: Scored, share: float) -> int:
    """Rows on which two columns differ by a squared difference above a share of the largest.

    Args:
        one: a column.
        other: another one, on the same rows.
        share: in 0..1.
    """
    if isinstance(one, Summed) and isinstance(other, Summed):
        most = one.source.apart(one.scaled, other.scaled)[2]
        return one.source.rows_apart(one.scaled, other.scaled, share * most) if most > 0 else 0
    squared = (one.influence - other.influence) ** 2
    return int(np.count_nonzero(squared > share * squared.max(initial=0.0)))


def hit_patterns(columns: Sequence[Scored], most_rows: int, most_kinds: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Of shares of right rows, who is right (K, P) where not all are alike, and on how many rows (P,).

    Args:
        columns: plain shares of right rows.
        most_rows: on which not all are alike.
        most_kinds: of such rows.

    Returns:
        None where there are more.
    """
    if (summed := _summed(columns)) is not None:
        found = summed[0].source.hits([column.place for column in summed], most_rows, most_kinds)
        if found is None:
            return None
        order = np.unique(found[0], axis=1, return_index=True)[1]  # as they stand in memory
        return found[0][:, order], found[1][order]
    hits = np.array([c.psi if c.psi.dtype == bool else c.psi + c.theta > 0.5 for c in columns])
    mixed = hits[:, hits.any(axis=0) & ~hits.all(axis=0)]
    if mixed.shape[1] > most_rows:
        return None
    patterns, counts = np.unique(mixed, axis=1, return_counts=True)
    return None if len(counts) > most_kinds else (patterns, counts)


def worst_row(better: Scored, other: Scored) -> int | None:
    """The place of the row on which the second is farthest behind; None where rows have no places, in a table.

    Args:
        better: a column.
        other: another one, on the same rows.
    """
    if isinstance(better, Summed) or isinstance(other, Summed):
        return None
    return int(np.argmax(better.influence - other.influence + (better.theta - other.theta)))
