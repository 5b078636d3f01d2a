"""The judgement: one confidence set over all variants, read off for candidates.

Every variant is a column of the one set, so trying many settings of a candidate costs it nothing but the honest
correction for looking. A candidate stands for its best-scoring variant; it is in the best set if any of its
variants is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlee_jupyter.domain import Baseline, Judgement, Standing, Verdict
from mlee_jupyter.errors import MleeError
from mlee_jupyter.stats.baselines import holm, one_sided_p_values, scored_baselines
from mlee_jupyter.stats.columns import as_column, shown
from mlee_jupyter.stats.confidence_set import ConfidenceSet, confidence_set, cost_bounds
from mlee_jupyter.stats.influence import Scored
from mlee_jupyter.stats.intervals import difference_interval, score_interval
from mlee_jupyter.stats.luck import flattery, resampled_errors
from mlee_jupyter.stats.metrics import MetricFacts, metric_facts
from mlee_jupyter.stats.pairs import Pairs, compare_pairs
from mlee_jupyter.stats.power import rows_to_resolve, rows_to_separate, smallest_gain
from mlee_jupyter.stats.target import Target, prepare

from .entries import Entry, scored_entry
from .limits import Limits, find_limits

MOST_COLUMNS = 200
ASSUMED_GAIN = 0.02  # of a score, or as a share of the leader's loss
SINGLE_PAIR = 1.959963984540054  # normal quantile of 5% on two sides


@dataclass(frozen=True, kw_only=True, eq=False)
class _Field:
    """The scored columns of one comparison, best first."""

    entries: list[Entry]
    columns: list[Scored]
    looks: int
    others_theta: np.ndarray  # of variants beyond the first 200, which only count for luck
    others_spread: np.ndarray
    failed: dict[str, str]


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

    Args:
        truth: the right answers; None where every entry carries influence values.
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
    target = None if truth is None else prepare(as_column(truth, "the truth"), facts, positive)
    field = _score_all(entries, target, facts)
    constant = scored_baselines(target, time_ordered) if target is not None and baselines else {}
    count = len(field.columns)
    everything = compare_pairs([*field.columns, *constant.values()], facts.counts_all_or_nothing)
    pairs = everything.first(count)
    names = [entry.candidate for entry in field.entries]
    found = confidence_set(pairs, alpha)
    limits = find_limits(names, field.columns, pairs, found.members, facts, target)
    gain = useful_gain if useful_gain is not None else _assumed_gain(facts, pairs)
    standings = _standings(field, facts, pairs, found, limits, gain, alpha)
    best_set = tuple(s.candidate for s in standings if s.in_set)
    rival = _rival(field, standings)
    return Judgement(
        metric=facts.name,
        higher_is_better=facts.higher_is_better,
        bounded=facts.bounded,
        n=pairs.n,
        truth=truth_id,
        alpha=alpha,
        useful_gain=gain,
        useful_gain_assumed=useful_gain is None,
        standings=standings,
        best_set=best_set,
        leader=names[0],
        winner=best_set[0] if len(best_set) == 1 and len(standings) > 1 else None,
        recommended=_recommended(standings, gain),
        rows_needed=standings[rival.standing].rows_needed if rival and rival.open else None,
        rows_needed_for_gain=_rows_for_gain(pairs, rival.column, gain) if rival and rival.open else None,
        smallest_gain=smallest_gain(_row_spread(pairs, rival.column) / math.sqrt(pairs.n), SINGLE_PAIR)
        if rival
        else None,
        flattery=_flattery(field, facts, pairs, found),
        looks=field.looks,
        smallest_class=_smallest_class(target, facts, field.columns),
        no_winner_reason=limits.reason,
        baselines=_judged_baselines(constant, facts, everything, names, alpha),
        failed=field.failed,
    )


# ---------------------------------------------------------------- scoring


def _score_all(entries: Sequence[Entry], target: Target | None, facts: MetricFacts) -> _Field:
    failed: dict[str, str] = {}
    faults: dict[str, tuple[str, str]] = {}
    good: list[tuple[float, Entry, Scored | None]] = []
    rows = target.n if target is not None else None
    hold = len(entries) <= MOST_COLUMNS
    for entry in entries:
        try:
            scored = scored_entry(entry, target, facts, rows)
        except MleeError as fault:
            faults[f"{entry.candidate} ({entry.variant})" if entry.variant else entry.candidate] = (
                entry.candidate,
                str(fault),
            )
            continue
        rows = len(scored.psi)
        good.append((scored.theta, entry, scored if hold else None))
    judged = {entry.candidate for _, entry, _ in good}
    for key, (candidate, reason) in faults.items():
        # a candidate with another variant that could be judged stands; only that variant is named as failed
        failed.setdefault(key if candidate in judged else candidate, reason)
    if not good:
        first = next(iter(failed.items()), None)
        raise MleeError(
            f"No candidate could be judged. {shown(first[0])}: {first[1]}" if first else "There is nothing to compare.",
            "" if first else "Pass at least one candidate with its predictions.",
        )
    # best first, and by name among equals, so that the order of the call changes nothing
    good.sort(key=lambda one: (-one[0], one[1].candidate, one[1].variant))
    kept, others = _kept(good)
    columns = [scored or scored_entry(entry, target, facts, rows) for _, entry, scored in kept]
    spread = [_spread(columns[0], scored_entry(entry, target, facts, rows)) for _, entry, _ in others]
    return _Field(
        entries=[entry for _, entry, _ in kept],
        columns=columns,
        looks=len(good),
        others_theta=np.array([theta for theta, _, _ in others]),
        others_spread=np.array(spread),
        failed=failed,
    )


_Row = tuple[float, Entry, Scored | None]


def _kept(good: list[_Row]) -> tuple[list[_Row], list[_Row]]:
    """Up to 200 columns for the set: the best of every candidate, then the highest scores.

    Columns beyond that score lower than a sibling that is in, so they can hardly be best; but each was a look, and
    together they make the leader's score lucky, so they still count for luck with their own standard errors.
    """
    if len(good) <= MOST_COLUMNS:
        return good, []
    seen: set[str] = set()
    first: set[int] = set()
    for place, (_, entry, _) in enumerate(good):
        if entry.candidate not in seen:
            seen.add(entry.candidate)
            first.add(place)
    chosen = sorted(first)
    chosen += [place for place in range(len(good)) if place not in first][: max(0, MOST_COLUMNS - len(chosen))]
    inside = set(chosen)
    return [good[p] for p in sorted(inside)], [row for p, row in enumerate(good) if p not in inside]


def _flattery(field: _Field, facts: MetricFacts, pairs: Pairs, found: ConfidenceSet) -> float:
    errors = resampled_errors(field.columns) if facts.is_accuracy and len(field.columns) > 1 else None
    return flattery(pairs, found.draws if errors is None else errors, field.others_theta, field.others_spread)


def _spread(one: Scored, other: Scored) -> float:
    difference = one.influence - other.influence
    return math.sqrt(float(difference @ difference) / (len(difference) * (len(difference) - 1.0)))


# ---------------------------------------------------------------- standings


def _standings(
    field: _Field,
    facts: MetricFacts,
    pairs: Pairs,
    found: ConfidenceSet,
    limits: Limits,
    gain: float,
    alpha: float,
) -> tuple[Standing, ...]:
    names = [entry.candidate for entry in field.entries]
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    groups = np.array([list(places).index(name) for name in names])
    bounds = cost_bounds(pairs, found.critical_all, groups)
    members = {name for name, mine in places.items() if found.members[mine].any()} | limits.kept_in_question
    standings = []
    for name, mine in places.items():
        best = mine[0]  # columns come best first
        inside = name in members
        low, high = score_interval(facts, field.columns[best], alpha)
        behind, behind_low, behind_high = _behind(pairs, best, alpha)
        bound = float(bounds[best])
        standings.append(
            Standing(
                candidate=name,
                variant=field.entries[best].variant,
                score=facts.sign * field.columns[best].theta + 0.0,
                low=low,
                high=high,
                verdict=_verdict(inside, len(members), bound, gain),
                in_set=inside,
                p_value=float(found.p_values[mine].max()) if len(names) > 1 else None,
                cost_bound=bound,
                behind=behind,
                behind_low=behind_low,
                behind_high=behind_high,
                rows_needed=_rows_needed(pairs, found, best),
                disagreements=None if pairs.disagreements is None else int(pairs.disagreements[0, best]),
                simplicity=field.entries[best].simplicity,
            )
        )
    return tuple(standings)


def _verdict(inside: bool, size: int, bound: float, gain: float) -> Verdict:
    if inside and size == 1:
        return Verdict.BEST
    if bound <= gain:
        return Verdict.AS_GOOD
    return Verdict.CANT_TELL if inside else Verdict.WORSE


def _behind(pairs: Pairs, place: int, alpha: float) -> tuple[float, float, float]:
    if place == 0:
        return 0.0, 0.0, 0.0
    gap, df = float(pairs.theta[0] - pairs.theta[place]), float(pairs.df[0, place])
    rows = None if pairs.disagreements is None else float(pairs.disagreements[0, place])
    low, high = difference_interval(gap, float(pairs.spread[0, place]), df, alpha, rows, df + 1)
    return gap, low, high


def _rows_needed(pairs: Pairs, found: ConfidenceSet, place: int) -> int | None:
    if place == 0:
        return None
    standing = int(found.members.sum()) + (not found.members[place])
    gap, spread = float(pairs.theta[0] - pairs.theta[place]), float(pairs.spread[0, place])
    return rows_to_separate(gap, spread * math.sqrt(pairs.n), found.critical_of(max(standing, 2)))


def _recommended(standings: Sequence[Standing], gain: float) -> str | None:
    """The simplest candidate that costs at most the useful gain; undeclared is less simple, ties go to the score."""
    cheap = [s for s in standings if s.cost_bound <= gain]
    if not cheap:
        return None
    return min(cheap, key=lambda s: math.inf if s.simplicity is None else s.simplicity).candidate  # first of equals


def _assumed_gain(facts: MetricFacts, pairs: Pairs) -> float:
    return ASSUMED_GAIN if facts.higher_is_better else ASSUMED_GAIN * abs(float(pairs.theta[0]))


# ---------------------------------------------------------------- rows and classes


@dataclass(frozen=True, slots=True)
class _Rival:
    """Whom the leader must still be told from; else the next best, who already is."""

    standing: int
    column: int
    open: bool


def _rival(field: _Field, standings: Sequence[Standing]) -> _Rival | None:
    if len(standings) < 2:
        return None
    inside = [place for place, s in enumerate(standings) if s.in_set and place > 0]
    place = inside[0] if inside else 1
    names = [entry.candidate for entry in field.entries]
    return _Rival(place, names.index(standings[place].candidate), bool(inside))


def _row_spread(pairs: Pairs, place: int) -> float:
    """Standard deviation of the leader's difference to a column, per row; of shares, at least one disagreeing row."""
    if pairs.disagreements is None:
        return float(pairs.spread[0, place]) * math.sqrt(pairs.n)
    counted = float(pairs.df[0, place]) + 1
    share = max(1.0, float(pairs.disagreements[0, place])) / counted
    return math.sqrt(share * pairs.n / counted)


def _rows_for_gain(pairs: Pairs, place: int, gain: float) -> int | None:
    return rows_to_resolve(gain, _row_spread(pairs, place) ** 2)


def _smallest_class(target: Target | None, facts: MetricFacts, columns: Sequence[Scored]) -> int | None:
    if target is not None and len(target.labels):
        return int(target.counts[target.counts > 0].min())
    return int(max(column.df for column in columns)) + 1 if facts.hangs_on_classes else None


# ---------------------------------------------------------------- baselines


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
