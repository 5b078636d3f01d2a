"""The judgement: one confidence set over all variants, read off for candidates.

Every variant is a column of the one set, so trying many settings of a candidate costs it nothing but the honest
correction for looking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mlee_jupyter.domain import Baseline, Judgement, ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.compare.baselines import Past, holm, one_sided_p_values, same_rows, scored_baselines
from mlee_jupyter.stats.compare.confidence_set import SEED, ConfidenceSet, confidence_set, normal_draws
from mlee_jupyter.stats.compare.dependence import Sampling, read_sampling
from mlee_jupyter.stats.compare.few import set_from_few
from mlee_jupyter.stats.compare.growth import Growth
from mlee_jupyter.stats.compare.intervals import score_interval
from mlee_jupyter.stats.compare.luck import flattery, resampled_errors
from mlee_jupyter.stats.compare.pairs import FEWEST_DISAGREEMENTS, Pairs, compare_pairs
from mlee_jupyter.stats.compare.scales import comparable, errors_in_units, in_units
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.own import MOST_SINGLES
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.target import prepare, read_truth
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target
from mlee_jupyter.stats.rows.copies import copied_rows, one_of_each

from .by_folds import judge_folds
from .by_row_scores import judge_row_scores
from .by_scores import judge_scores
from .entries import Entry, scored_entry
from .field import Field, score_all
from .lead import cautious_pairs
from .leader import with_luck
from .limits import FEWEST_UNITS, ROUNDING, find_limits, too_few_units, unvaried
from .off_scale import far_off, off_scale, with_set_aside, without
from .ranges import interval_of_sample
from .standings import Basis, read_off, with_suggestion

MOSTLY_DIFFERENT = (
    0.9  # of the rows: with fewer copies, what they add to the certainty is less than judging units costs
)


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
    n = len(field.columns[0].psi)
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
        return _of_copies(rest, n, field.failed)
    sampling = read_sampling(
        n, facts, target, groups if copied is None else copied, time, weights, time_ordered, season
    )
    sampling = replace(sampling, copies=copied is not None)
    _refuse_grouped_jackknife(facts, field.columns, sampling)
    free = baselines and (facts.own is None or all(e.kind is ResultKind.PREDICTIONS for e in field.entries))
    free = free and (past is not None or not in_time)  # what the test rows hold could not have been forecast
    constant = scored_baselines(target, past if in_time else None) if target is not None and free else {}
    constant = {name: sampling.weighted(scored) for name, scored in constant.items()}
    count = len(field.columns)
    plain = sampling.is_plain
    together = comparable(facts, [*field.columns, *constant.values()], target)
    everything = cautious_pairs(together, facts, target, sampling)
    pairs, effective_n = everything.first(count), float(n)
    columns = field.columns
    if not plain:
        columns = sampling.collapsed(together[:count])
        pairs = cautious_pairs(together[:count], facts, target, sampling)
        effective_n = _effective_n(together[:count], pairs, sampling)
    names = [entry.candidate for entry in field.entries]
    found = (confidence_set if plain else set_from_few)(pairs, alpha, growth=growth)
    aside = off_scale(facts, field.columns, found.members, constant)
    if aside:
        left = without([field.entries[place] for place in aside], entries)
        rest = judge(
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
        return with_set_aside(rest, {field.entries[place]: why for place, why in aside.items()})
    far = far_off(facts, field.columns, constant)
    far &= not far[0]
    counted = columns if sampling.by == "groups" else field.columns
    few = too_few_units(sampling, effective_n, together[:count])
    few = few or unvaried(names, columns, together[:count], sampling)

    limits = find_limits(names, counted, pairs, found.members, facts, target, sampling.rows, few, sampling.unit)
    if doubts is not None:
        members = {name for name, inside in zip(names, found.members, strict=True) if inside}
        limits = limits.with_doubts(doubts(field.entries, alpha), members)

    def interval(place: int, error: float = alpha, plain: bool = False) -> tuple[float, float]:
        cautious = sampling.by != "time" and not plain
        return interval_of_sample(facts, field.columns[place], sampling, error, cautious, free=not plain)

    scale = columns if plain else sampling.collapsed(field.columns)
    basis = Basis(
        entries=field.entries,
        pairs=in_units(facts, pairs, scale),
        found=found,
        limits=limits,
        interval=interval,
        n=n,
        columns=None if sampling.by == "time" else scale,
        far=far,
        more_help=sampling.by != "groups" or sampling.df + 1 >= FEWEST_UNITS,  # else it takes groups, not rows
        growth=growth,
    )
    skewed = () if facts.is_proportion and plain else columns
    kept = [column for column, off in zip(scale, far, strict=True) if not off]
    near = in_units(facts, pairs.some(~far), kept) if far.any() else basis.pairs
    flattered = _flattery(field, facts, basis.pairs, found, plain, near, ~far)
    judgement = read_off(basis, facts, useful_gain, alpha)
    whole = replace(
        with_luck(judgement, field, facts, basis.pairs, flattered, lambda error: interval(0, error, True), skewed),
        truth=truth_id,
        smallest_class=_smallest_class(target, facts, field.columns),
        baselines=_judged_baselines(constant, field, facts, everything, alpha, sampling, past is not None and in_time),
        by="rows" if sampling.copies else sampling.by,
        different=sampling.count if sampling.copies else None,
        effective_n=None if plain else effective_n,
        caveat=_caveat(sampling, effective_n),
    )
    return with_suggestion(whole)


def _scorer(target: Target | None, facts: MetricFacts, weights: Any) -> Callable[[Entry, int | None], Scored]:
    """Scores an entry, with the rows' weights."""

    def score_one(entry: Entry, n: int | None) -> Scored:
        scored = scored_entry(entry, target, facts, n)
        if weights is None:
            return scored
        return read_sampling(len(scored.psi), facts, weights=weights).weighted(scored)

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


def _of_copies(judged: Judgement, n: int, failed: Mapping[str, str]) -> Judgement:
    """What was judged on one of each row, where each stands equally often: the same, of n rows."""
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
        caveat=_repeating(n, judged.n),
        failed={**judged.failed, **failed},
    )


def _repeating(n: int, different: int) -> str:
    return f"Rows repeat: {n:,} are copies of {different:,} different ones, and tell no more than those."


def _refuse_grouped_jackknife(facts: MetricFacts, columns: Sequence[Scored], sampling: Sampling) -> None:
    """Above some rows a black box is judged by leaving out random groups of rows, which mix those that are alike."""
    by_row = all(column.df == sampling.n - 1 for column in columns)
    if facts.own is None or by_row or sampling.is_plain or sampling.n <= MOST_SINGLES:
        return
    raise MleeError(
        f"A function of all rows is judged with groups or time on at most {MOST_SINGLES:,} rows, not {sampling.n:,}.",
        "Return one value per row, if the score is their mean.",
    )


def _effective_n(columns: Sequence[Scored], pairs: Pairs, sampling: Sampling) -> float:
    """Independent rows of equal weight that would tell the columns apart as well; at most the rows there are.

    Groups count as one row each where fewer than six of them differ: rows of a group seem independent as long as no
    group is wrong as a whole, which so few cannot show.
    """
    too_few = sampling.by == "groups" and _groups_that_differ(columns, sampling) < FEWEST_DISAGREEMENTS
    if sampling.by == "rows" or too_few:
        return sampling.df + 1
    rows = compare_pairs(columns)
    one = len(columns) == 1
    alone = float(rows.variance[0] if one else np.trace(rows.centred))
    here = float(pairs.variance[0] if one else np.trace(pairs.centred))
    most = min(float(sampling.n), sampling.df + 1) if sampling.by == "time" else float(sampling.n)
    return min(most, sampling.n * alone / here) if here > 0 else most


def _groups_that_differ(columns: Sequence[Scored], sampling: Sampling) -> int:
    assert sampling.units is not None
    gains = np.array([column.influence + column.theta for column in columns])
    apart = gains - (gains.mean(axis=0) if len(gains) > 1 else np.median(gains))
    sums = np.array([np.bincount(sampling.units, one, sampling.count) for one in apart])
    size = np.einsum("kg,kg->g", sums, sums)
    return int(np.count_nonzero(size > ROUNDING * size.max(initial=0.0)))


def _caveat(sampling: Sampling, effective_n: float) -> str | None:
    if sampling.is_plain:
        return None
    if sampling.copies:
        return _repeating(sampling.n, sampling.count)
    what = {"groups": f"{sampling.count:,} groups of rows", "time": "rows in time order"}.get(
        sampling.by, "weighted rows"
    )
    return f"Judged by {what}: {sampling.n:,} rows that tell as much as about {effective_n:,.0f} independent ones."


def _has_rows(entry: Entry) -> bool:
    return entry.kind not in (ResultKind.FOLDS, ResultKind.NUMBER)


def _flattery(
    field: Field, facts: MetricFacts, pairs: Pairs, found: ConfidenceSet, plain: bool, near: Pairs, kept: np.ndarray
) -> float:
    """See `flattery`; what is off the scale, and worse, has errors of a size that would be luck of nobody else."""
    errors = resampled_errors(field.columns) if plain and facts.counts_right_rows and len(field.columns) > 1 else None
    if facts.over_variance and len(field.columns) > 1:
        # mean squares of a bad column may move far while its R2, which divides them by what moves alike, stays
        errors = normal_draws(pairs.covariance, found.draws.shape[1], SEED)[0]
    errors = errors_in_units(facts, found.draws, pairs.theta) if errors is None else errors
    return flattery(near, errors[kept], field.others_theta, field.others_spread)


def _smallest_class(target: Target | None, facts: MetricFacts, columns: Sequence[Scored]) -> int | None:
    if target is not None and len(target.labels):
        return int(target.counts[target.counts > 0].min())
    return int(max(column.df for column in columns)) + 1 if facts.hangs_on_classes else None


def _judged_baselines(
    constant: dict[str, Scored],
    field: Field,
    facts: MetricFacts,
    everything: Pairs,
    alpha: float,
    sampling: Sampling,
    of_past: bool,
) -> tuple[Baseline, ...]:
    names = [entry.candidate for entry in field.entries]
    best: dict[str, Scored] = {}
    for name, own in zip(names, field.columns, strict=True):
        best.setdefault(name, own)  # columns come best first
    judged = []
    for place, (rule, scored) in enumerate(constant.items()):
        # every variant is a try at beating it, so all of them share the error
        better, worse = one_sided_p_values(everything, len(names) + place, len(names))
        beats = {name for name, p in zip(names, holm(better), strict=True) if p <= alpha}
        # a candidate is worse when its best variant is
        worst = dict.fromkeys(names, True)
        for name, p in zip(names, holm(worse), strict=True):
            worst[name] &= bool(p <= alpha)
        low, high = score_interval(
            facts,
            sampling.collapsed([scored])[0],
            alpha,
            sampling.is_plain,
            cautious=sampling.by != "time",
            known=True,
            free=True,
        )
        judged.append(
            Baseline(
                name=rule,
                score=facts.sign * scored.theta + 0.0,
                low=low,
                high=high,
                beaten_by=tuple(name for name in dict.fromkeys(names) if name in beats),
                beats=tuple(name for name, is_worse in worst.items() if is_worse),
                same_as=tuple(name for name, own in best.items() if same_rows(own, scored)),
                of_past=of_past,
            )
        )
    return tuple(judged)
