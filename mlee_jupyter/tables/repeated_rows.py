"""Rows of a table that stand several times, as `stats.rows.copies` finds them.

Of labels a table counts how often each combination stands. Of numbers some rows are looked at, taken by their values
alone, so that whoever is among them is there with all its copies; no more than a hundred thousand come back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.traits import Target
from mlee_jupyter.stats.rows.copies import MOSTLY_DIFFERENT, copied_rows, one_of_each, surely_repeated

from .column_facts import ColumnFacts
from .table_frame import as_float, rows_of

LOOKED_AT = 100_000  # rows
FINE = 1e7  # parts of the range of predictions, whose fractions choose the rows
PARTS = (0.618034, 0.754878, 0.819173)  # of each column in what is cut into parts; no two sums are alike by chance


def times_repeated(frame: Any, answers: ColumnFacts, good: Sequence[ColumnFacts], target: Target, n: int) -> int:
    """How often every row stands, where all stand equally often beyond chance; 1 where they do not repeat.

    Args:
        frame: lazy.
        answers: the column of the truth.
        good: the columns of candidates.
        target: the prepared truth.
        n: rows.

    Raises:
        MleeError: some rows stand more often than others.
    """
    if target.facts.needs == "labels":
        if int(np.gcd.reduce(target.counts[target.counts > 0])) == 1:
            return 1
        return _as_often(frame, answers, good, target)
    truth, columns = _looked_at(frame, answers, good, n)
    units = copied_rows(truth, columns) if len(truth) > 1 else None
    if units is None or units.max() + 1 > MOSTLY_DIFFERENT * len(units):
        return 1
    once = one_of_each(units)
    if once is not None:
        times = len(units) // len(once)
        if len(units) == n or _as_often(frame, answers, good, target) == times:
            return times
    raise MleeError(
        f"Rows repeat: of {len(units):,} that were looked at, {int(units.max()) + 1:,} are different.",
        "Hand over each of them once, or name the column of what they are copies of: groups=",
    )


def _as_often(frame: Any, answers: ColumnFacts, good: Sequence[ColumnFacts], target: Target) -> int:
    """The greatest number by which every combination can be divided, if that is no chance."""
    import narwhals as nw

    names = list(dict.fromkeys((answers.name, *(one.name for one in good))))
    each = frame.group_by(*names).agg(nw.len().alias("stands so often"))
    found = rows_of(each.group_by("stands so often").agg(nw.len().alias("combinations")))
    times = math.gcd(*(int(row["stands so often"]) for row in found))
    kinds = sum(int(row["combinations"]) for row in found)
    is_number = answers.kind == "f" and answers.fraction is not None
    different = 0 if is_number else len(target.counts) or len(rows_of(frame.group_by(answers.name).agg(nw.len())))
    return times if times > 1 and surely_repeated(kinds, kinds - different, times) else 1


def _looked_at(
    frame: Any, answers: ColumnFacts, good: Sequence[ColumnFacts], n: int
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Truth and predictions of some rows, each with all its copies."""
    import narwhals as nw

    schema = frame.collect_schema()
    some = frame
    if n > LOOKED_AT:
        spans = [max(abs(one.low), abs(one.high)) * PARTS[k % 3] ** (1 + k // 3) for k, one in enumerate(good)]
        parts = [as_float(one.name, schema[one.name]) * PARTS[k % 3] ** (1 + k // 3) for k, one in enumerate(good)]
        fine = sum(parts[1:], parts[0]) * (FINE / (sum(spans) or 1.0))
        some = frame.filter(fine - fine.floor() < 0.5 * LOOKED_AT / n)
    found = some.head(LOOKED_AT).select(nw.col(answers.name), *(nw.col(one.name) for one in good)).collect().to_arrow()
    kinds = {"b": bool, "i": np.int64, "f": np.float64, "O": object}
    columns = [np.array(found[one.name].to_pylist(), dtype=kinds[one.kind]) for one in (answers, *good)]
    return columns[0], columns[1:]
