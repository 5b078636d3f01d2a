"""How much of the population's kinds the sample holds: counted against a frame, or estimated without one."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlee_jupyter.domain import Coverage, Population, Truth
from mlee_jupyter.stats.sample.coverage import known_kinds, unseen_mass

from .table import Table, plain


def coverage(
    population: Population, source: str, values: Any | None, truth: Truth | None, frame: Any, frame_table: Table | None
) -> Coverage | None:
    """What the sample holds; None where nothing can be counted, or where the charter's number of kinds says it all.

    Args:
        population: as chartered.
        source: the column's name.
        values: the kind of each test row; None: the truth's own labels.
        truth: the declared answers.
        frame: the population: a table with the column, or a list of kinds.
        frame_table: the same as a table, if it is one.
    """
    seen = _counted(values) if values is not None else dict(truth.classes) if truth is not None else {}
    if not seen:
        return None
    rows = sum(seen.values())
    thinnest = min(seen, key=lambda kind: seen[kind])
    whole = _weights(population, source, frame, frame_table)
    if whole:
        found = known_kinds(seen, whole)
        missing = found.heaviest_missing
        return Coverage(
            source=source,
            kinds_expected=max(found.expected, population.kinds or 0),
            kinds_present=found.present,
            rows=rows,
            thinnest=thinnest,
            thinnest_rows=seen[thinnest],
            weight=found.weight,
            heaviest_missing=None if missing is None else str(missing),
        )
    if population.kinds is not None or population.column is None:
        return None
    mass = unseen_mass(list(seen.values()))
    return Coverage(
        source=source,
        kinds_expected=0,
        kinds_present=len(seen),
        rows=rows,
        thinnest=thinnest,
        thinnest_rows=seen[thinnest],
        unseen=mass.mass,
        unseen_low=mass.lower,
        unseen_high=mass.upper,
    )


def _counted(values: Any) -> dict[str, int]:
    kinds, counts = np.unique(_labels(values), return_counts=True)
    return {str(kind): int(count) for kind, count in zip(kinds, counts, strict=True)}


def _weights(population: Population, source: str, frame: Any, table: Table | None) -> dict[str, float]:
    """Weight of every kind of the frame; empty without one."""
    if frame is None:
        return {}
    column = table.column(population.column or source) if table is not None else frame
    if column is None:
        return {}
    labels = _labels(column)
    weight = table.column(population.weight) if table is not None and population.weight else None
    weights = np.ones(len(labels)) if weight is None else plain(weight).astype(np.float64)
    kinds, codes = np.unique(labels, return_inverse=True)
    sums = np.bincount(codes.reshape(-1), weights)
    return {str(kind): float(total) for kind, total in zip(kinds, sums, strict=True)}


def _labels(values: Any) -> np.ndarray:
    """As text, whole numbers alike whether they are integers or floats."""
    array = plain(list(values) if isinstance(values, set | frozenset) else values).reshape(-1)
    if array.dtype.kind == "f":
        return np.array([str(int(v)) if np.isfinite(v) and v == int(v) else str(v) for v in array.tolist()])
    if array.dtype.kind == "b":
        array = array.astype(np.int64)
    return np.array([str(value) for value in array.tolist()])
