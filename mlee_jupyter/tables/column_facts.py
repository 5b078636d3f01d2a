"""What must be known of a table's columns before anything is judged: their kind, their holes, their ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import as_column, refuse_infinite, refuse_missing

from .table_frame import as_flag, as_float, rows_of

GLANCE = 1_000  # rows, for an example of each column


@dataclass(frozen=True, kw_only=True, eq=False)
class ColumnFacts:
    """A column of a table."""

    name: str
    called: str  # in a message
    kind: str  # "b", "i", "f" of numbers, "O" of text
    example: np.ndarray  # (1,) canonical
    low: float  # of numbers; NaN of text
    high: float
    missing: int
    infinite: int
    fraction: float | None  # a number with a fraction that it holds

    @property
    def ends(self) -> np.ndarray:
        """Its least and greatest number (2,) as one in memory has them; of text, an example."""
        if self.kind == "O":
            return self.example
        ends = [self.low, self.high, *([] if self.fraction is None else [self.fraction])]
        return np.array(ends).astype({"b": bool, "i": np.int64, "f": np.float64}[self.kind])

    def refuse_holes(self) -> None:
        """Raises MissingValues where rows have no value."""
        refuse_missing(self.missing, self.called)
        refuse_infinite(self.infinite, self.called)


def column_facts(frame: Any, columns: Sequence[tuple[str, str]]) -> tuple[int, dict[str, ColumnFacts | MleeError]]:
    """The rows of a table, and what it holds in some of its columns; or why one of them cannot be read.

    Args:
        frame: lazy.
        columns: name, and what a message calls it.
    """
    import narwhals as nw

    schema, first = frame.collect_schema(), rows_of(frame.select(*dict(columns)).head(GLANCE))
    asked, kinds = [nw.len().alias("rows")], {}
    for place, (name, called) in enumerate(columns):
        kinds[name] = kind = _kind(first, name, called, schema[name])
        column = nw.col(name)
        asked.append(column.count().alias(f"there {place}"))
        if isinstance(kind, MleeError) or kind[0] == "O":
            continue
        number = as_float(name, schema[name])
        usable = number
        if schema[name].is_float():
            usable = nw.when(number.is_finite()).then(number)
            asked.append(as_flag((number == math.inf) | (number == -math.inf)).sum().alias(f"infinite {place}"))
            asked.append(usable.count().alias(f"finite {place}"))
            asked.append(nw.when(usable != usable.floor()).then(usable).max().alias(f"fraction {place}"))
        asked += [usable.min().alias(f"low {place}"), usable.max().alias(f"high {place}")]
    (found,) = rows_of(frame.select(*asked))
    return int(found["rows"]), {
        name: _facts(name, called, place, kinds[name], found) for place, (name, called) in enumerate(columns)
    }


def _kind(first: Sequence[dict[str, Any]], name: str, called: str, dtype: Any) -> tuple[str, np.ndarray] | MleeError:
    """The kind of a column as it would be in memory, with an example."""
    import narwhals as nw

    there = [row[name] for row in first if _is_there(row[name])]
    if not there:
        there = [0 if dtype.is_integer() else False if dtype == nw.Boolean else "" if dtype == nw.String else 0.0]
    try:
        example = as_column([float(there[0]) if dtype.is_decimal() else there[0]], called)
    except MleeError as fault:
        return fault
    return example.dtype.kind, example


def _is_there(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))


def _facts(
    name: str, called: str, place: int, kind: tuple[str, np.ndarray] | MleeError, found: dict[str, Any]
) -> ColumnFacts | MleeError:
    if isinstance(kind, MleeError):
        return kind
    infinite = int(found.get(f"infinite {place}") or 0)
    # NaN is no value for some engines, and a number for others
    there = int(found[f"there {place}"]) if f"finite {place}" not in found else int(found[f"finite {place}"]) + infinite
    low, high = (found.get(f"{end} {place}") for end in ("low", "high"))
    fraction = found.get(f"fraction {place}")
    return ColumnFacts(
        name=name,
        called=called,
        kind=kind[0],
        example=kind[1],
        low=math.nan if low is None else float(low),
        high=math.nan if high is None else float(high),
        missing=int(found["rows"]) - there,
        infinite=infinite,
        fraction=None if fraction is None else float(fraction),
    )
