"""Bounds for a test that is looked at a few times before its planned end.

Of the false alarms that are allowed, little is spent early and most at the end (Lan and DeMets 1983, in the shape of
O'Brien and Fleming 1979): on each side a(t) = 2 - 2 Phi(z / sqrt t), with z the normal quantile of 1 - alpha/4. When
and how often one looks need not be known beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from mlee_jupyter.stats.distributions import normal_quantile, normal_tail

from .crossing import CLOSEST, START, Running

HIGHEST = 7.0  # of a bound; what remains above is 1e-12


def spent(time: float, alpha: float) -> float:
    """False alarms on each side that may be spent up to a time.

    Args:
        time: share of the planned units, above 0; from 1 on everything is spent.
        alpha: of both sides, in (0, 1).
    """
    return 2 * normal_tail(normal_quantile(1 - alpha / 4) / math.sqrt(min(time, 1.0)))


def bounds(times: Sequence[float], alpha: float = 0.05) -> tuple[float, ...]:
    """What |Z| must pass at each look; for five equal ones 4.877, 3.357, 2.680, 2.290, 2.031.

    Args:
        times: share of the planned units at each look, rising by 0.001 or more. The first at or beyond 1 is the last
            one; after it nothing is left to spend, and bounds are infinite.
        alpha: of both sides, in (0, 1).

    Raises:
        ValueError: times do not rise so.
    """
    if any(late - soon < CLOSEST * 0.999 for soon, late in zip((0.0, *times), times, strict=False)):
        raise ValueError(f"looks must lie {CLOSEST} apart: {tuple(times)}")
    return tuple(_look(tuple(times[: look + 1]), alpha)[1] for look in range(len(times)))


@lru_cache(maxsize=1024)
def _look(times: tuple[float, ...], alpha: float) -> tuple[Running, float, float]:
    """Where tests stand before the last of these looks, its bound, and what is spent after it on each side.

    Kept, so that one look more costs one step more.
    """
    running, used = START, 0.0
    if len(times) > 1:
        before, bound, used = _look(times[:-1], alpha)
        if used >= alpha / 2 * (1 - 1e-9):
            return before, math.inf, used
        running = before.carried(bound, times[-2], 0.0, times[-1] - times[-2])
    time, after = times[-1], spent(times[-1], alpha)
    return running, _solved(partial(running.above, time=time, drift=0.0), after - used), after


def _solved(above: Callable[[float], float], allowed: float) -> float:
    """The bound above which just so many stand."""
    from scipy.optimize import brentq

    if above(HIGHEST) >= allowed:
        return HIGHEST
    return float(brentq(lambda z: above(z) - allowed, -HIGHEST, HIGHEST, xtol=1e-10))
