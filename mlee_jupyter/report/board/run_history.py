"""One pass over an experiment's results: what each candidate has to show beside its standing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from mlee_jupyter.domain import Evidence, Result, ResultKind, RunOutcome
from mlee_jupyter.domain.text.numbers import number
from mlee_jupyter.stats.metrics.metric_names import is_higher_better

BY_ROW = frozenset({ResultKind.PREDICTIONS, ResultKind.SCORES, ResultKind.ROW_SCORES, ResultKind.INFLUENCE})


@dataclass
class History:
    """Gathered from the results; runs of a chosen candidate's development stay out."""

    metric: str | None  # the board's metric
    higher_is_better: bool
    kinds: dict[tuple[str, str], str] = field(default_factory=dict)  # (candidate, variant) -> kind of its last result
    answers: dict[tuple[str, str], float] = field(default_factory=dict)  # -> seconds to answer one row
    best: dict[str, Result] = field(
        default_factory=dict
    )  # candidate without a standing -> its best result in the board's metric
    faults: dict[str, str] = field(default_factory=dict)  # candidate -> why its last failed run failed
    endings: dict[str, str] = field(default_factory=dict)  # -> the word for it: failed, interrupted, out of time


def read(evidence: Evidence) -> History:
    """What the results say, in one pass: a board of ten thousand results must not cost more than reading them."""
    records = evidence.records
    judgement = evidence.judgement
    metric = judgement.metric if judgement else evidence.charter.metric or _commonest(records.results)
    declared = evidence.charter.higher_is_better
    higher = judgement.higher_is_better if judgement else is_higher_better(metric) if declared is None else declared
    history = History(metric=metric, higher_is_better=higher)
    judged = {standing.candidate for j in evidence.judgements for standing in j.standings}
    alone: dict[tuple[str, str], float] = {}
    good, by_row = RunOutcome.OK.value, {kind.value for kind in BY_ROW}  # plain text compares faster than enums
    for result in records.results:
        candidate, kind = result.candidate, result.kind
        if result.stage == "development":
            continue
        if result.outcome != good:
            history.faults[candidate] = result.note or result.outcome
            history.endings[candidate] = "failed" if result.outcome == RunOutcome.ERROR else str(result.outcome)
            continue
        if kind is None or result.metric is None:
            continue
        if result.metric == metric or kind in by_row:
            history.kinds[candidate, result.variant] = kind
        elif candidate in judged:  # under another spelling of the same metric
            history.kinds.setdefault((candidate, result.variant), kind)
        if result.answer_seconds is not None:
            history.answers[candidate, result.variant] = result.answer_seconds
        if (model := result.model) is not None and model.one is not None:
            alone[candidate, result.variant] = model.one.median
        if candidate not in judged:
            _keep_best(history, result)
    if alone.keys() == history.answers.keys():
        history.answers = alone  # else the times of some would be held against shares of others
    return history


def _keep_best(history: History, result: Result) -> None:
    """The board's metric goes before any other; then the better value; the newer of equals."""
    before = history.best.get(result.candidate)
    if before is None:
        history.best[result.candidate] = result
        return
    fits, fitted = result.metric == history.metric, before.metric == history.metric
    new, old = number(result.value), number(before.value)
    better = old is None or (new is not None and (new >= old if history.higher_is_better else new <= old))
    if fits > fitted or (fits == fitted and better):
        history.best[result.candidate] = result


def _commonest(results: tuple[Result, ...]) -> str | None:
    named = Counter(r.metric for r in results if r.metric is not None)
    return named.most_common(1)[0][0] if named else None
