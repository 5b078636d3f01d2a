"""How many times its plan a piece of work takes, from what earlier ones took.

Logarithms of such multiples are near normal (Little 2006 found so for software); their mean and spread are not known.
So the next one has a Student distribution under a conjugate prior (Gelman et al. 2013, Bayesian Data Analysis, 3.3).
The prior counts as two earlier pieces of work of which one took 1.3 times its plan on average: plans made from the
inside are too short nearly always (Buehler, Griffin and Ross 1994).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from mlee_jupyter.stats.distributions import t_quantile

CHANCE = 0.8  # of the interval that is shown
PRIOR_TIMES, PRIOR_SPREAD, PRIOR_WEIGHT = 1.3, 0.5, 2.0
ENOUGH = 3  # earlier pieces of work; with fewer the prior would do the talking


class Slippage(NamedTuple):
    """Multiples of the plan."""

    low: float
    middle: float
    high: float

    def widened(self, by: float) -> Slippage:
        """The same with an interval that is wider by this factor, on the logarithm."""
        return Slippage(
            self.middle * (self.low / self.middle) ** by, self.middle, self.middle * (self.high / self.middle) ** by
        )


def slippage(times: Sequence[float], chance: float = CHANCE) -> Slippage:
    """What the next piece of work will take, as a multiple of its plan: an interval, and the middle of it.

    Args:
        times: what each earlier one took over what was planned, above 0.
        chance: with which the next one lies in the interval, in (0, 1).
    """
    logs = [math.log(one) for one in times]
    n, start = len(logs), math.log(PRIOR_TIMES)
    mean = sum(logs) / n if n else start
    weight = PRIOR_WEIGHT + n  # of the mean, and the degrees of freedom of the spread
    middle = (PRIOR_WEIGHT * start + n * mean) / weight
    scatter = PRIOR_WEIGHT * PRIOR_SPREAD**2 + sum((one - mean) ** 2 for one in logs)
    scatter += PRIOR_WEIGHT * n / weight * (mean - start) ** 2
    half = t_quantile((1 + chance) / 2, weight) * math.sqrt(scatter / weight * (1 + 1 / weight))
    return Slippage(math.exp(middle - half), math.exp(middle), math.exp(middle + half))


def slippage_of_the_rest(times: Sequence[float], spent: float, planned: float, rest: float) -> Slippage:
    """The same for what is left of a piece of work that has begun: its own pace so far counts as one more before it.

    Fewer parts are left than it had, and their errors even out less: the interval is wider by the sixth root of the
    whole over the rest, which `benchmarks/forecast.py` found to hold.

    Args:
        times: as in `slippage`.
        spent: time on the parts that are finished, 0 or more.
        planned: what was planned for those, 0 or more, in the same unit.
        rest: what is planned for the others, above 0.
    """
    if spent <= 0 or planned <= 0:
        return slippage(times)
    return slippage([*times, spent / planned]).widened(((planned + rest) / rest) ** (1 / 6))
