"""Which results are judged together: by row on each truth, else by folds, else by score and rows counted alone.

A candidate is judged by the best it has. Rows on a truth say most; fold scores and bare scores are of no rows that
could be set beside them, so whoever has nothing better stands on a judgement of their own kind, never among rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mlee_jupyter.domain import CandidateState, Charter, Records, Result, ResultKind, RunOutcome, partly_trained
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.catalogue import metric_facts

BY_ROW = frozenset({ResultKind.PREDICTIONS, ResultKind.SCORES, ResultKind.ROW_SCORES, ResultKind.INFLUENCE})


@dataclass
class Together:
    """The newest result of every variant, by what it can be compared with."""

    by_truth: dict[str | None, list[Result]] = field(default_factory=dict)
    folds: list[Result] = field(default_factory=list)  # of candidates without rows
    scores: list[Result] = field(default_factory=list)  # with their number of rows; of candidates with neither

    @property
    def by_row(self) -> list[Result]:
        """All that were handed over row by row."""
        return [result for results in self.by_truth.values() for result in results]


def latest(records: Records) -> Together:
    """The newest result of every variant, on every truth.

    Dropped candidates compete no longer; runs of a chosen candidate's development, and points of a learning curve,
    never did.
    """
    dropped = {c.name for c in records.candidates if c.state is CandidateState.DROPPED}
    partly = partly_trained(records.results)
    newest: dict[tuple[str | int | None, ...], Result] = {}
    for result in records.results:
        counts = result.outcome == RunOutcome.OK and result.stage != "development" and result.candidate not in dropped
        if counts and result.run_id not in partly and result.kind is not None:
            key: tuple[str | int | None, ...] = (result.candidate, result.variant_id, result.truth)
            if result.kind not in BY_ROW:
                if not _of_the_metric(result, records.experiment.charter):
                    continue
                key = (*key, result.kind, result.metric)
            newest.pop(key, None)
            newest[key] = result
    return _parted(newest.values())


def dropped_answers(records: Records) -> frozenset[str]:
    """Content hashes of what dropped candidates answered, and nobody else."""
    dropped = {c.name for c in records.candidates if c.state is CandidateState.DROPPED}
    theirs = {r.rows for r in records.results if r.rows is not None and r.candidate in dropped}
    return (
        frozenset(theirs - {r.rows for r in records.results if r.candidate not in dropped}) if theirs else frozenset()
    )


def _parted(results: Iterable[Result]) -> Together:
    together = Together()
    without_rows = []
    for result in results:
        if result.kind in BY_ROW:
            together.by_truth.setdefault(result.truth, []).append(result)
        else:
            without_rows.append(result)
    with_rows = {result.candidate for result in together.by_row}
    left = [result for result in without_rows if result.candidate not in with_rows]
    together.folds = _of_one_metric([r for r in left if r.kind == ResultKind.FOLDS and r.rows is not None])
    with_folds = {result.candidate for result in together.folds}
    together.scores = _of_one_metric(
        [r for r in left if r.kind == ResultKind.NUMBER and r.n is not None and r.candidate not in with_folds]
    )
    return together


def _of_the_metric(result: Result, charter: Charter) -> bool:
    """Whether a score that cannot be computed again is of the metric that the charter names by now."""
    return charter.metric is None or _name(charter.metric) == _name(result.metric)


def _of_one_metric(results: list[Result]) -> list[Result]:
    """Those of the metric that was recorded last."""
    return [r for r in results if _name(r.metric) == _name(results[-1].metric)]


def _name(metric: str | None) -> str | None:
    try:
        return metric_facts(metric).name if metric else None
    except MleeError:
        return metric
