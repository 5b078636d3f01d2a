"""The range of one score by how its rows were drawn: what hardly varies between groups was not seen to vary."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from mlee_jupyter.stats.compare.dependence import ROUNDING, Sampling
from mlee_jupyter.stats.compare.intervals import score_interval
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts


def interval_of_sample(
    facts: MetricFacts,
    scored: Scored,
    sampling: Sampling,
    alpha: float = 0.05,
    cautious: bool = True,
    free: bool | None = None,
) -> tuple[float, float]:
    """The interval of one score by how the rows were drawn; of what hardly varied it holds that of independent rows.

    Args:
        facts: the metric.
        scored: the column by row, with weights.
        sampling: how the rows were drawn.
        alpha: two-sided error, in (0, 1).
        cautious: see `score_interval`.
        free: see `score_interval`.
    """
    summed = sampling.collapsed([scored])[0]
    if sampling.by == "rows":
        return score_interval(facts, summed, alpha, sampling.is_plain, cautious, free=free)
    seen, of_rows = _square_of_error(summed), _square_of_error(scored)
    low, high = math.inf, -math.inf
    if seen <= ROUNDING**2 * of_rows and facts.can_look_perfect:
        summed = replace(summed, psi=np.zeros(summed.n))
    if seen > ROUNDING**2 * of_rows or of_rows == 0 or facts.can_look_perfect:
        low, high = score_interval(facts, summed, alpha, sampling.is_plain, cautious, free=free)
    if seen >= sampling.steady**2 * of_rows:
        return low, high
    least, most = score_interval(facts, scored, alpha, sampling.weights is None)
    return min(low, least), max(high, most)


def _square_of_error(scored: Scored) -> float:
    return scored.squares / (scored.n * (scored.n - 1.0))
