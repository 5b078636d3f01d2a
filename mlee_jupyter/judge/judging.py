"""The judgement: one confidence set over all variants, read off for candidates.

Every variant is a column of the one set, so trying many settings of a candidate costs it nothing but the honest
correction for looking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mlee_jupyter.domain import Judgement, ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.compare.baselines import Past, scored_baselines
from mlee_jupyter.stats.compare.dependence import Sampling, read_sampling
from mlee_jupyter.stats.compare.growth import Growth
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.own import MOST_SINGLES
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.target import prepare, read_truth
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target
from mlee_jupyter.stats.rows.copies import MOSTLY_DIFFERENT, copied_rows, one_of_each

from .by_folds import judge_folds
from .by_row_scores import judge_row_scores
from .by_scores import judge_scores
from .entries import Entry, scored_entry
from .field import score_all
from .of_columns import judge_columns, repeating
from .off_scale import without


def judge(
    truth: Any,
    entries: Sequence[Entry],
    *,
    metric: str | MetricFacts,
    positive: Any = None,
    average: str | None = None,
    useful_gain: float | None = None,
    alpha: float = 0.05,
    time_ordered: bool = False,
    baselines: bool = True,
    truth_id: str | None = None,
    groups: Any = None,
    time: Any = None,
    weights: Any = None,
    season: int | None = None,
    past: Past | None = None,
    growth: Growth | None = None,
    doubts: Callable[[Sequence[Entry], float], Mapping[str, str]] | None = None,
) -> Judgement:
    """What the rows can carry about candidates that were all scored on them.

    Where no entry has rows, fold scores are judged instead; beside rows, what has none is failed.

    Args:
        truth: the right answers; None where every entry carries influence values, or none has rows.
        entries: one per variant.
        metric: see `metric_facts`, or its facts.
        positive: the positive class of a two-class metric.
        average: scikit-learn's averaging for f1, precision, recall.
        useful_gain: smallest difference worth acting on, in the metric's units; None: 0.02 of a score, 2% of the
            leader's loss.
        alpha: chance of leaving a truly best variant out of the set, in (0, 0.5].
        time_ordered: the rows are in time order, so neighbours may be alike.
        baselines: whether to judge the free constant rules.
        truth_id: what the judgement calls its truth.
        groups: one label per row: rows of one customer, patient or document, which may be alike.
        time: one sortable value per row; rows near in time may be alike.
        weights: one number per row, 0 or more; for metrics that are means over rows.
        season: different times in a season, 2 or more; None: looked for.
        past: the answers of the training rows; in time order no rule is free without them.
        growth: when these rows were looked at, with rows that came later; None: once.
        doubts: of the entries, best first, and alpha: who may not be told from the leader all the same, and why.

    Raises:
        MleeError: the truth does not fit the metric, or nothing could be judged. What is wrong with single entries
            is in `failed` instead.
    """
    facts = metric_facts(metric, average)
    if any(entry.kind is ResultKind.ROW_SCORES for entry in entries):
        of_rows = {"groups": groups, "time": time, "weights": weights, "time_ordered": time_ordered, "season": season}
        asked = {"useful_gain": useful_gain, "alpha": alpha, "truth_id": truth_id, "growth": growth}
        return judge_row_scores(judge, entries, facts, **of_rows, **asked)
    if any(entry.kind is ResultKind.FOLDS for entry in entries) and not any(_has_rows(entry) for entry in entries):
        return replace(judge_folds(entries, facts, useful_gain, alpha), truth=truth_id)
    if any(entry.n is not None for entry in entries) and all(entry.kind is ResultKind.NUMBER for entry in entries):
        return replace(judge_scores(entries, facts, useful_gain, alpha), truth=truth_id)
    target = None if truth is None else prepare(read_truth(truth, facts), facts, positive)
    field = score_all(entries, _scorer(target, facts, weights), None if target is None else target.n)
    n = field.columns[0].n
    in_time = time is not None or time_ordered
    copied = None if groups is not None or in_time else _copied(target, field.entries, facts)
    once = None if copied is None or weights is not None or growth is not None else one_of_each(copied)
    if once is not None and all(isinstance(entry.rows, np.ndarray) for entry in field.entries):
        rest = judge(
            read_truth(truth, facts)[once],
            [replace(entry, rows=entry.rows[once]) for entry in field.entries],
            metric=facts,
            positive=positive,
            useful_gain=useful_gain,
            alpha=alpha,
            baselines=baselines,
            truth_id=truth_id,
            doubts=doubts,
        )
        return of_copies(rest, n, field.failed)
    sampling = read_sampling(
        n, facts, target, groups if copied is None else copied, time, weights, time_ordered, season
    )
    sampling = replace(sampling, copies=copied is not None)
    _refuse_grouped_jackknife(facts, field.columns, sampling)
    free = baselines and (facts.own is None or all(e.kind is ResultKind.PREDICTIONS for e in field.entries))
    free = free and (past is not None or not in_time)  # what the test rows hold could not have been forecast
    constant = scored_baselines(target, past if in_time else None) if target is not None and free else {}
    constant = {name: sampling.weighted(scored) for name, scored in constant.items()}

    def again(aside: Sequence[int]) -> Judgement:
        left = without([field.entries[place] for place in aside], entries)
        return judge(
            truth,
            left,
            metric=facts,
            positive=positive,
            useful_gain=useful_gain,
            alpha=alpha,
            time_ordered=time_ordered,
            baselines=baselines,
            truth_id=truth_id,
            groups=groups,
            time=time,
            weights=weights,
            season=season,
            past=past,
            growth=growth,
            doubts=doubts,
        )

    found = judge_columns(
        field,
        facts,
        target,
        sampling,
        constant,
        again,
        useful_gain=useful_gain,
        alpha=alpha,
        of_past=past is not None and in_time,
        growth=growth,
        doubts=doubts,
    )
    return replace(found, truth=truth_id)


def _scorer(target: Target | None, facts: MetricFacts, weights: Any) -> Callable[[Entry, int | None], Scored]:
    """Scores an entry, with the rows' weights."""

    def score_one(entry: Entry, n: int | None) -> Scored:
        scored = scored_entry(entry, target, facts, n)
        if weights is None:
            return scored
        return read_sampling(scored.n, facts, weights=weights).weighted(scored)

    return score_one


def _copied(target: Target | None, entries: Sequence[Entry], facts: MetricFacts) -> np.ndarray | None:
    """The unit of each row where rows stand several times; influence values are the same wherever the truth is."""
    rows = [one.rows for one in entries if one.kind in (ResultKind.PREDICTIONS, ResultKind.SCORES)]
    if target is None or len(rows) < len(entries) or (facts.own is not None and target.n > MOST_SINGLES):
        return None
    labels = facts.needs != "numbers" and any(one.kind is ResultKind.PREDICTIONS for one in entries)
    copied = copied_rows(target.truth, [np.asarray(one) for one in rows], labels=labels)
    few = copied is not None and copied.max() + 1 > MOSTLY_DIFFERENT * target.n
    return None if few else copied


def of_copies(judged: Judgement, n: int, failed: Mapping[str, str]) -> Judgement:
    """What was judged on one of each row, where each stands equally often: the same, of all rows.

    Args:
        judged: of one of each.
        n: all rows.
        failed: who could not be judged on them, and why.
    """
    standings = tuple(
        one if one.disagreements is None else replace(one, disagreements=one.disagreements * n // judged.n)
        for one in judged.standings
    )
    return replace(
        judged,
        n=n,
        different=judged.n,
        effective_n=float(judged.n),
        standings=standings,
        caveat=repeating(n, judged.n),
        failed={**judged.failed, **failed},
    )


def _refuse_grouped_jackknife(facts: MetricFacts, columns: Sequence[Scored], sampling: Sampling) -> None:
    """Above some rows a black box is judged by leaving out random groups of rows, which mix those that are alike."""
    by_row = all(column.df == sampling.n - 1 for column in columns)
    if facts.own is None or by_row or sampling.is_plain or sampling.n <= MOST_SINGLES:
        return
    raise MleeError(
        f"A function of all rows is judged with groups or time on at most {MOST_SINGLES:,} rows, not {sampling.n:,}.",
        "Return one value per row, if the score is their mean.",
    )


def _has_rows(entry: Entry) -> bool:
    return entry.kind not in (ResultKind.FOLDS, ResultKind.NUMBER)
