"""What is left of the leader's score when the luck of having been chosen is taken off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mlee_jupyter.domain import Judgement
from mlee_jupyter.stats.distributions import normal_tail
from mlee_jupyter.stats.influence import Scored
from mlee_jupyter.stats.leader_bound import for_skewness, largest_error
from mlee_jupyter.stats.metrics import MetricFacts
from mlee_jupyter.stats.pairs import Pairs

from .field import Field


def with_luck(
    judgement: Judgement,
    field: Field,
    facts: MetricFacts,
    pairs: Pairs,
    flattery: float,
    interval: Callable[[float], tuple[float, float]],
    skewed: Scored | None = None,
) -> Judgement:
    """The judgement with the flattery, the corrected score and its one-sided bound.

    The bound is the end of the leader's own interval at the error that the largest of all errors has, so that it
    keeps the interval's form: Wilson's for shares, t with the degrees of freedom of the scarcest class for others.

    Args:
        judgement: as read off the columns.
        field: all columns, those beyond the first 200 too.
        facts: the metric.
        pairs: of the columns in the set, best first.
        flattery: how much the choice is expected to flatter, in the metric's units, >= 0.
        interval: of the leader's score, in the metric's own direction, by its two-sided error in (0, 1).
        skewed: the leader's column, where that interval does not see how its rows are skewed.
    """
    score = facts.sign * float(pairs.theta[0]) + 0.0
    reach = largest_error(pairs, judgement.alpha, field.others_spread)
    if skewed is not None:
        reach = for_skewness(reach, skewed.influence)
    error = max(2 * normal_tail(reach), 1e-12)
    low, high = interval(min(error, 1 - 1e-12))
    least, most = facts.limits
    return replace(
        judgement,
        flattery=flattery,
        looks=field.looks,
        failed=field.failed,
        leader_corrected=min(most, max(least, score - facts.sign * flattery)),
        leader_bound=low if facts.higher_is_better else high,
    )
