"""How much of a gain over the first score can be the luck of many looks at the same rows: the luck budget.

Someone looks again and again at one test sample and keeps what scores best. Suppose that nothing ever becomes better
in truth. Write D_t for the score of look t less that of the best so far, s_t for its standard error. Whatever was
learned before, the choice of what to try next does not make D_t positive on average, so given the past D_t is about
normal with mean 0 (or below) and deviation s_t. What is kept gains max(0, D_t), and for Z standard normal

    E max(0, Z) = 1 / sqrt(2 pi) = 0.399,    Var max(0, Z) = 1/2 - 1/(2 pi) = 0.341.

So after the looks the gain exceeds 0.399 sum s_t + 1.645 sqrt(0.341 sum s_t^2) in about 5% of cases at the most, by
the central limit theorem for martingales (Brown 1971), and it holds for every way of choosing, hill climbing included.

Looks fixed together before any of their scores was known do not build on each other: their step gains the largest of
them, max(0, Z_1, ..., Z_m), whose distribution function is Phi(x)^m for x >= 0 if they are independent. Candidates
that share the rows and what they are compared with correlate positively, which makes the largest smaller (Slepian
1962). For m = 1 this is the 0.399 and 0.341 above, so one formula serves for both. That is the luck of the best of
them, and not of what is built on all their answers afterwards: a combination of those that helped gains the sum of
their luck. So a hand-over is one step until a later look is steered by it, and then its looks are steps of their own.

With a handful of looks the sum is skewed and the normal quantile falls short (7.7% to 9.5% errors at two looks), so the
bound is at least that of a count: the largest of m comparisons stays below z_{(1 - alpha)^(1/m)} s with chance
1 - alpha (Sidak 1967), s the standard error of the last against the first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from statistics import NormalDist

import numpy as np

from mlee_jupyter.stats.distributions import normal_quantile

MEAN_OF_ONE = 1 / math.sqrt(2 * math.pi)
VARIANCE_OF_ONE = 0.5 - 1 / (2 * math.pi)
_HIGHEST, _STEPS = 9.0, 2000  # of the quadrature


@cache
def luck_of_largest(count: int) -> tuple[float, float]:
    """Mean and variance of max(0, Z_1, ..., Z_count) of independent standard normal Z.

    Args:
        count: 1 or more.
    """
    if count == 1:
        return MEAN_OF_ONE, VARIANCE_OF_ONE
    x = np.linspace(0.0, _HIGHEST, _STEPS + 1)
    beyond = 1 - np.array([NormalDist().cdf(value) for value in x]) ** count
    weights = np.tile([2.0, 4.0], _STEPS // 2 + 1)[: _STEPS + 1]  # Simpson's rule
    weights[0] = weights[-1] = 1.0
    weights *= x[1] / 3
    mean = float(weights @ beyond)
    return mean, float(weights @ (2 * x * beyond)) - mean**2


def luck_of_step(spreads: Sequence[float]) -> tuple[float, float]:
    """Mean and variance of what one step can gain by luck.

    Args:
        spreads: standard errors of the looks handed over together, each against the best before them; 0 or more.
    """
    looks = [spread for spread in spreads if spread > 0]
    if not looks:
        return 0.0, 0.0
    mean, variance = luck_of_largest(len(looks))
    together = mean * max(looks), variance * max(looks) ** 2
    apart = MEAN_OF_ONE * sum(looks), VARIANCE_OF_ONE * sum(spread**2 for spread in looks)
    return min(together, apart)


def luck_budget(steps: Sequence[Sequence[float]], looks: int, last: float, alpha: float = 0.05) -> float:
    """What the gain over the first look must exceed before it is more than luck.

    Args:
        steps: the looks after the first, by hand-over; see `luck_of_step`.
        looks: how many those were.
        last: standard error of what leads now against the first look.
        alpha: chance of calling luck progress, in (0, 0.5].
    """
    if looks < 1:
        return 0.0
    parts = [luck_of_step(step) for step in steps]
    spent = sum(mean for mean, _ in parts)
    room = normal_quantile(1 - alpha) * math.sqrt(sum(variance for _, variance in parts))
    return max(spent + room, count_bound(looks, last, alpha))


def count_bound(looks: int, spread: float, alpha: float = 0.05) -> float:
    """What the largest of so many comparisons stays below with chance 1 - alpha, z_{(1 - alpha)^(1/m)} s.

    Args:
        looks: comparisons, 1 or more.
        spread: standard error of one.
        alpha: in (0, 0.5].
    """
    return normal_quantile((1 - alpha) ** (1 / looks)) * spread
