"""Candidates whose predictions stay in a table: judged by sums over its rows, as those in memory are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlee_jupyter.domain import Judgement
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts
from mlee_jupyter.tables.table_rows import ScoredTable

from .entries import Entry
from .field import score_all
from .judging import of_copies
from .of_columns import judge_columns
from .off_scale import without


def judge_table(
    table: ScoredTable,
    facts: MetricFacts,
    simplicity: Mapping[str, int],
    useful_gain: float | None,
    alpha: float,
) -> Judgement:
    """What the rows of a table can carry.

    Args:
        table: its candidates, scored.
        facts: the metric.
        simplicity: rank by candidate, 1 is simplest.
        useful_gain: see `judge`.
        alpha: see `judge`.

    Raises:
        MleeError: nothing could be judged.
    """
    entries = [Entry(candidate=name, rows=None, simplicity=simplicity.get(name)) for name in table.columns]
    judged = _judged(table, facts, entries, useful_gain, alpha)
    if table.sampling.n != table.n:
        return of_copies(judged, table.n, judged.failed)
    return judged


def _judged(
    table: ScoredTable, facts: MetricFacts, entries: Sequence[Entry], useful_gain: float | None, alpha: float
) -> Judgement:
    def score_one(entry: Entry, n: int | None) -> Scored:
        return table.columns[entry.candidate]

    field = score_all(entries, score_one, table.sampling.n)

    def again(aside: Sequence[int]) -> Judgement:
        left = without([field.entries[place] for place in aside], entries)
        return _judged(table, facts, left, useful_gain, alpha)

    found = judge_columns(
        field,
        facts,
        table.target,
        table.sampling,
        table.constant,
        again,
        useful_gain=useful_gain,
        alpha=alpha,
    )
    return replace(found, failed={**table.failed, **found.failed})
