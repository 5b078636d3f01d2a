"""The judgement: one confidence set over all variants, read off for candidates.

Every variant is a column of the one set, so trying many settings of a candidate costs it nothing but the honest
correction for looking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mlee_jupyter.domain import Baseline, Judgement, ResultKind
from mlee_jupyter.stats.baselines import holm, one_sided_p_values, scored_baselines
from mlee_jupyter.stats.columns import as_column
from mlee_jupyter.stats.confidence_set import ConfidenceSet, confidence_set
from mlee_jupyter.stats.influence import Scored
from mlee_jupyter.stats.intervals import score_interval
from mlee_jupyter.stats.luck import flattery, resampled_errors
from mlee_jupyter.stats.metrics import MetricFacts, metric_facts
from mlee_jupyter.stats.pairs import Pairs, compare_pairs
from mlee_jupyter.stats.target import Target, prepare

from .by_folds import judge_folds
from .entries import Entry, scored_entry
from .field import Field, score_all
from .limits import find_limits
from .standings import Basis, read_off


def judge(
    truth: Any,
    entries: Sequence[Entry],
    *,
    metric: str,
    positive: Any = None,
    average: str | None = None,
    useful_gain: float | None = None,
    alpha: float = 0.05,
    time_ordered: bool = False,
    baselines: bool = True,
    truth_id: str | None = None,
) -> Judgement:
    """What the rows can carry about candidates that were all scored on them.

    Where no entry has rows, fold scores are judged instead; beside rows, what has none is failed.

    Args:
        truth: the right answers; None where every entry carries influence values, or none has rows.
        entries: one per variant.
        metric: see `metric_facts`.
        positive: the positive class of a two-class metric.
        average: scikit-learn's averaging for f1, precision, recall.
        useful_gain: smallest difference worth acting on, in the metric's units; None: 0.02 of a score, 2% of the
            leader's loss.
        alpha: chance of leaving a truly best variant out of the set, in (0, 0.5].
        time_ordered: the rows are in time order, so repeating the last value is a baseline.
        baselines: whether to judge the free constant rules.
        truth_id: what the judgement calls its truth.

    Raises:
        MleeError: the truth does not fit the metric, or nothing could be judged. What is wrong with single entries
            is in `failed` instead.
    """
    facts = metric_facts(metric, average)
    if any(entry.kind is ResultKind.FOLDS for entry in entries) and not any(_has_rows(entry) for entry in entries):
        return replace(judge_folds(entries, facts, useful_gain, alpha), truth=truth_id)
    target = None if truth is None else prepare(as_column(truth, "the truth"), facts, positive)
    field = score_all(
        entries, lambda entry, n: scored_entry(entry, target, facts, n), None if target is None else target.n
    )
    constant = scored_baselines(target, time_ordered) if target is not None and baselines else {}
    count = len(field.columns)
    everything = compare_pairs([*field.columns, *constant.values()], facts.counts_all_or_nothing)
    pairs = everything.first(count)
    names = [entry.candidate for entry in field.entries]
    found = confidence_set(pairs, alpha)
    basis = Basis(
        entries=field.entries,
        pairs=pairs,
        found=found,
        limits=find_limits(names, field.columns, pairs, found.members, facts, target),
        interval=lambda place: score_interval(facts, field.columns[place], alpha),
        n=pairs.n,
    )
    judgement = read_off(basis, facts, useful_gain, alpha)
    return replace(
        judgement,
        truth=truth_id,
        flattery=_flattery(field, facts, pairs, found),
        looks=field.looks,
        smallest_class=_smallest_class(target, facts, field.columns),
        baselines=_judged_baselines(constant, facts, everything, names, alpha),
        failed=field.failed,
    )


def _has_rows(entry: Entry) -> bool:
    return entry.kind not in (ResultKind.FOLDS, ResultKind.NUMBER)


def _flattery(field: Field, facts: MetricFacts, pairs: Pairs, found: ConfidenceSet) -> float:
    errors = resampled_errors(field.columns) if facts.is_accuracy and len(field.columns) > 1 else None
    return flattery(pairs, found.draws if errors is None else errors, field.others_theta, field.others_spread)


def _smallest_class(target: Target | None, facts: MetricFacts, columns: Sequence[Scored]) -> int | None:
    if target is not None and len(target.labels):
        return int(target.counts[target.counts > 0].min())
    return int(max(column.df for column in columns)) + 1 if facts.hangs_on_classes else None


def _judged_baselines(
    constant: dict[str, Scored], facts: MetricFacts, everything: Pairs, names: list[str], alpha: float
) -> tuple[Baseline, ...]:
    judged = []
    for place, (rule, scored) in enumerate(constant.items()):
        # every variant is a try at beating it, so all of them share the error
        better, worse = one_sided_p_values(everything, len(names) + place, len(names))
        beats = {name for name, p in zip(names, holm(better), strict=True) if p <= alpha}
        # a candidate is worse when its best variant is
        worst = dict.fromkeys(names, True)
        for name, p in zip(names, holm(worse), strict=True):
            worst[name] &= bool(p <= alpha)
        low, high = score_interval(facts, scored, alpha)
        judged.append(
            Baseline(
                name=rule,
                score=facts.sign * scored.theta + 0.0,
                low=low,
                high=high,
                beaten_by=tuple(name for name in dict.fromkeys(names) if name in beats),
                beats=tuple(name for name, is_worse in worst.items() if is_worse),
            )
        )
    return tuple(judged)
