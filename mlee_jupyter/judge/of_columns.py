"""Scored columns, judged: one confidence set over all of them, read off for candidates.

Their rows may be in memory, or stay in a table of which only sums are known (`stats.sums`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from mlee_jupyter.domain import Baseline, Judgement
from mlee_jupyter.stats.compare.baselines import holm, one_sided_p_values, same_rows
from mlee_jupyter.stats.compare.confidence_set import SEED, ConfidenceSet, confidence_set, normal_draws
from mlee_jupyter.stats.compare.dependence import Sampling
from mlee_jupyter.stats.compare.few import set_from_few
from mlee_jupyter.stats.compare.growth import Growth
from mlee_jupyter.stats.compare.intervals import score_interval
from mlee_jupyter.stats.compare.luck import flattery, resampled_errors
from mlee_jupyter.stats.compare.pairs import FEWEST_DISAGREEMENTS, Pairs, compare_pairs
from mlee_jupyter.stats.compare.scales import comparable, errors_in_units, in_units
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target

from .entries import Entry
from .field import Field
from .lead import cautious_pairs
from .leader import with_luck
from .limits import FEWEST_UNITS, ROUNDING, find_limits, too_few_units, unvaried
from .off_scale import far_off, off_scale, with_set_aside
from .ranges import interval_of_sample
from .standings import Basis, read_off, with_suggestion


def judge_columns(
    field: Field,
    facts: MetricFacts,
    target: Target | None,
    sampling: Sampling,
    constant: Mapping[str, Scored],
    again: Callable[[Sequence[int]], Judgement],
    *,
    useful_gain: float | None,
    alpha: float,
    of_past: bool = False,
    growth: Growth | None = None,
    doubts: Callable[[Sequence[Entry], float], Mapping[str, str]] | None = None,
) -> Judgement:
    """What the columns can carry.

    Args:
        field: the columns, weighted, best first.
        facts: the metric.
        target: the prepared truth, if it is kept.
        sampling: how the rows were drawn.
        constant: the free constant rules, weighted, on the same rows.
        again: the judgement without the columns at these places, which are off the scale.
        useful_gain: smallest difference worth acting on; None: the assumed one.
        alpha: chance of leaving a truly best column out of the set, in (0, 0.5].
        of_past: the constant rules are forecasts.
        growth: see `judge`.
        doubts: see `judge`.
    """
    n = field.columns[0].n
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
        return with_set_aside(again(list(aside)), {field.entries[place]: why for place, why in aside.items()})
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
        smallest_class=_smallest_class(target, facts, field.columns),
        baselines=_judged_baselines(constant, field, facts, everything, alpha, sampling, of_past),
        by="rows" if sampling.copies else sampling.by,
        different=sampling.count if sampling.copies else None,
        effective_n=None if plain else effective_n,
        caveat=_caveat(sampling, effective_n),
    )
    return with_suggestion(whole)


def repeating(n: int, different: int) -> str:
    """That rows are copies of fewer ones.

    Args:
        n: rows.
        different: of them.
    """
    return f"Rows repeat: {n:,} are copies of {different:,} different ones, and tell no more than those."


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
    sums = sampling.gains_apart(columns)
    size = np.einsum("kg,kg->g", sums, sums)
    return int(np.count_nonzero(size > ROUNDING * size.max(initial=0.0)))


def _caveat(sampling: Sampling, effective_n: float) -> str | None:
    if sampling.is_plain:
        return None
    if sampling.copies:
        return repeating(sampling.n, sampling.count)
    what = {"groups": f"{sampling.count:,} groups of rows", "time": "rows in time order"}.get(
        sampling.by, "weighted rows"
    )
    return f"Judged by {what}: {sampling.n:,} rows that tell as much as about {effective_n:,.0f} independent ones."


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
    constant: Mapping[str, Scored],
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
