"""How many units an A/B test needs, by how it is looked at.

A test with one look at its end needs n = (1 / share + 1 / (1 - share)) (z_{1 - alpha/2} + z_power)^2 s^2 / gain^2
units in both arms together, with s^2 of either arm in its place where they differ. One with looks, or with a range
that always holds, needs more: as many as bring the drift of Z at the end to where its bounds are crossed so often.
"""

from __future__ import annotations

import math
from functools import lru_cache

from mlee_jupyter.stats.distributions import normal_quantile, normal_tail

from .always import always_bound
from .crossing import crossings
from .spending import HIGHEST, bounds

DESIGNS = ("fixed", "looks", "always")
CHECKS = 20  # looks that a plan with an `always` range counts on


def plan_times(design: str, looks: int) -> tuple[float, ...]:
    """When a plan counts on looking, as shares of its units.

    Args:
        design: fixed, looks or always.
        looks: of a design with looks, 1 or more.
    """
    count = {"fixed": 1, "looks": looks, "always": CHECKS}[design]
    return tuple((look + 1) / count for look in range(count))


def design_bounds(design: str, times: tuple[float, ...], alpha: float) -> tuple[float, ...]:
    """What |Z| must pass at each look.

    Args:
        design: fixed, looks or always.
        times: of the looks, as shares of the planned units, rising.
        alpha: of both sides.
    """
    if design == "looks":
        return bounds(times, alpha)
    if design == "always":
        return tuple(min(always_bound(time, alpha), HIGHEST) for time in times)
    return tuple(normal_quantile(1 - alpha / 2) for _ in times)


@lru_cache(maxsize=256)
def drift_needed(design: str, looks: int, alpha: float, power: float) -> float:
    """Expected Z at the planned end with which a difference is seen by then, on its own side, with this chance.

    Args:
        design: fixed, looks or always.
        looks: as in `plan_times`.
        alpha: of both sides, in (0, 0.5].
        power: in [0.5, 1).
    """
    plain = normal_quantile(1 - alpha / 2) + normal_quantile(power)
    if design == "fixed":
        return plain
    from scipy.optimize import brentq

    times = plan_times(design, looks)
    limits = design_bounds(design, times, alpha)
    return float(brentq(lambda drift: crossings(times, limits, drift)[0].sum() - power, 0.5 * plain, 3 * plain))


def chance_seen(design: str, looks: int, alpha: float, drift: float) -> float:
    """The chance that a difference is seen by the planned end, for its expected Z there.

    Args:
        design: fixed, looks or always.
        looks: as in `plan_times`.
        alpha: of both sides.
        drift: expected Z at the end.
    """
    if design == "fixed":
        return normal_tail(normal_quantile(1 - alpha / 2) - drift)
    times = plan_times(design, looks)
    return float(crossings(times, design_bounds(design, times, alpha), drift)[0].sum())


def expected_share(design: str, looks: int, alpha: float, drift: float) -> float:
    """Units used on average, over those planned, when one stops at the first bound that is crossed.

    Args:
        design: fixed, looks or always.
        looks: as in `plan_times`.
        alpha: of both sides.
        drift: expected Z at the end.
    """
    times = plan_times(design, looks)
    up, down = crossings(times, design_bounds(design, times, alpha), drift)
    ended = up + down
    return float(ended[:-1] @ times[:-1] + (1 - ended[:-1].sum()) * times[-1])


def units_needed(
    drift: float, gain: float, control_sd: float, treatment_sd: float, share: float, alpha: float
) -> float:
    """Units in both arms together that bring the expected Z at the end to `drift`.

    z^2 / 2 more than the formula above, with z of 1 - alpha/2: what the t distribution asks for (Guenther 1981).

    Args:
        drift: as `drift_needed` has it.
        gain: difference to be seen, above 0.
        control_sd: of one unit without the change.
        treatment_sd: of one unit with it.
        share: of units that get the change, in (0, 1).
        alpha: of both sides.
    """
    plain = (drift / gain) ** 2 * (control_sd**2 / (1 - share) + treatment_sd**2 / share)
    return plain + normal_quantile(1 - alpha / 2) ** 2 / 2


def false_alarms_of_peeking(times: tuple[float, ...], alpha: float) -> float:
    """How often a test without any effect would stop as a success or a failure, if every look could stop it.

    Args:
        times: of the looks taken, and of those to come, rising by 0.001 or more.
        alpha: of one look alone.
    """
    up, down = crossings(times, design_bounds("fixed", times, alpha))
    return math.fsum([*up, *down])
