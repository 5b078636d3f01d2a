"""What a difference is, once a test stopped early because it looked large.

The plain estimate is too large then: it was chosen for being so. Ends are put in the stage-wise order (Fairbanks and
Madsen 1982; Tsiatis, Rosner and Mehta 1984), and the difference is taken for which this end, or a higher one, comes
half of the time: above it and below it err alike (median unbiased). The interval is read off the same order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .crossing import upper_tail


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """A difference with its interval, in the units of the error it was computed with."""

    value: float
    low: float
    high: float


def corrected(
    times: Sequence[float], bounds: Sequence[float], z: float, error: float, alpha: float = 0.05
) -> Corrected:
    """The median-unbiased difference at the end of a test with looks.

    Args:
        times: of the looks taken, the last one the end; rising by 0.001 or more, in any unit of information.
        bounds: of |Z| at the looks before the last one.
        z: the standardised difference at the end.
        error: standard error of the difference at the end, above 0.
        alpha: of the interval, in (0, 1).
    """
    at_end = math.sqrt(times[-1])

    def reached(share: float) -> float:
        return _drift(lambda drift: upper_tail(times, bounds, z, drift) - share, z / at_end, 1 / at_end)

    low, middle, high = (reached(share) * error * at_end for share in (alpha / 2, 0.5, 1 - alpha / 2))
    return Corrected(value=middle, low=low, high=high)


def _drift(excess: Callable[[float], float], start: float, width: float) -> float:
    """Where a function that rises with the drift crosses 0."""
    from scipy.optimize import brentq

    low, high = start - 4 * width, start + 4 * width
    while excess(low) > 0:
        low -= 4 * width
    while excess(high) < 0:
        high += 4 * width
    return float(brentq(excess, low, high, xtol=1e-9 * width, rtol=1e-12))
