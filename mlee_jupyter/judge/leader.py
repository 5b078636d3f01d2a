"""What is left of the leader's score when the luck of having been chosen is taken off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mlee_jupyter.domain import Judgement
from mlee_jupyter.stats.compare.leader_bound import for_skewness, largest_error, within_limits
from mlee_jupyter.stats.compare.pairs import Pairs
from mlee_jupyter.stats.distributions import normal_tail
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts

if TYPE_CHECKING:
    from .field import Field

Interval = Callable[[float], tuple[float, float]]


def with_luck(
    judgement: Judgement,
    field: Field,
    facts: MetricFacts,
    pairs: Pairs,
    flattery: float,
    interval: Interval,
    skewed: Sequence[Scored] = (),
) -> Judgement:
    """The judgement with the flattery, the corrected score and its one-sided bound.

    Args:
        judgement: as read off the columns.
        field: all columns, those beyond the first 200 too.
        facts: the metric.
        pairs: of the columns in the set, best first.
        flattery: how much the choice is expected to flatter, in the metric's units, >= 0.
        interval: see `bound_of_leader`.
        skewed: see `bound_of_leader`.
    """
    score = facts.sign * float(pairs.theta[0]) + 0.0
    least, most = facts.limits
    return replace(
        judgement,
        flattery=flattery,
        looks=field.looks,
        failed=field.failed,
        leader_corrected=min(most, max(least, score - facts.sign * flattery)),
        leader_bound=bound_of_leader(facts, pairs, judgement.alpha, interval, skewed, field.others_spread),
    )


def bound_of_leader(
    facts: MetricFacts,
    pairs: Pairs,
    alpha: float,
    interval: Interval,
    skewed: Sequence[Scored] = (),
    others_spread: np.ndarray | None = None,
) -> float:
    """What the leader's true score is at least (a loss: at most) with chance 1 - alpha, however it came to lead.

    The end of the leader's own interval at the error that the largest of all errors has, so it keeps that interval's
    form: Wilson's for shares, t with the degrees of freedom of the scarcest class for others. An interval that knows
    nothing of skewed rows and of limits is widened for both: with plain t, ten squared errors of normal residuals on
    100 rows are covered in 85% of samples, and an AUC near 1 in 82%.

    Args:
        facts: the metric.
        pairs: of the columns, best first.
        alpha: one-sided error, in (0, 0.5].
        interval: of the leader's score, in the metric's own direction, by its two-sided error in (0, 1).
        skewed: the columns, the leader first, where the interval is such a plain one.
        others_spread: (L,) see `largest_error`.
    """
    higher, (least, most) = facts.higher_is_better, facts.limits
    reach = largest_error(pairs, alpha, others_spread)
    plain = _end(interval, reach, higher)
    if not skewed:
        return plain
    wide = _end(interval, for_skewness(reach, skewed), higher)
    score = facts.sign * float(pairs.theta[0])
    if facts.can_look_perfect:
        return min(wide, within_limits(score, abs(score - plain), least, most))
    if not higher and least == 0:
        return max(wide, within_limits(score, abs(score - plain) * _kept_small(pairs), least, most))
    return wide


def _kept_small(pairs: Pairs) -> float:
    """How many times the leader's error, as a share of its loss, goes into the mean of all: few bad rows hide both."""
    share = np.sqrt(pairs.variance) / np.maximum(np.abs(pairs.theta), np.finfo(float).tiny)
    return max(1.0, float(share.mean() / share[0])) if share[0] > 0 else 1.0


def _end(interval: Interval, reach: float, higher: bool) -> float:
    low, high = interval(max(2 * normal_tail(reach), 1e-12))
    return low if higher else high
