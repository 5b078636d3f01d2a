"""What caution adds, by arithmetic of its own: Hall's end by a root finder, the free scale by its definition."""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize, special

LOUD, SKEWED = 2.0, 0.1


def skewness(rows: np.ndarray) -> float:
    """Of rows with mean 0, over the root of their number."""
    squares = float((rows**2).sum())
    return float((rows**3).sum()) / squares**1.5 if squares > 0 else 0.0


def hall_end(q: float, skewed: float) -> float:
    """Where Hall's cubic of -t is -q, at least q."""
    if skewed <= 1e-6:
        return q

    def excess(t: float) -> float:
        return -t + skewed * (t**2 / 3 + 1 / 6) - skewed**2 * t**3 / 27 + q

    return max(q, float(optimize.brentq(excess, 0, 1e4 / skewed)))


def freed(theta: float, least: float, most: float) -> tuple[float, float] | None:
    """A score without limits and its slope; None at a limit or where there is none."""
    value = slope = 0.0
    for distance, sign in ((theta - least, 1), (most - theta, -1)):
        if math.isinf(distance):
            continue
        if distance <= 0:
            return None
        value, slope = value + sign * math.log(distance), slope + 1 / distance
    return (value, slope) if slope else None


def taken_back(value: float, least: float, most: float) -> float:
    """The score of such a value."""
    if math.isfinite(least) and math.isfinite(most):
        return least + (most - least) * float(special.expit(value))
    return least + math.exp(value) if math.isfinite(least) else most - math.exp(-value)


def ends(theta: float, error: float, q: float, rows: np.ndarray, limits: tuple[float, float]) -> tuple[float, float]:
    """The range of a score of which higher is better: the widest of t, Hall's and the free scale's."""
    skewed = skewness(rows)
    low, high = theta - error * hall_end(q, -skewed), theta + error * hall_end(q, skewed)
    if (free := freed(theta, *limits)) is not None:
        low = min(low, taken_back(free[0] - q * error * free[1], *limits))
        high = max(high, taken_back(free[0] + q * error * free[1], *limits))
    return max(limits[0], low), min(limits[1], high)


def cost(gap: float, spread: float, q: float, skewed: float, loudest: float, n: int) -> float:
    """How far one may be behind another by rows that are skewed against it; the gap is how far it seems behind."""
    found = gap + spread * hall_end(q, skewed)
    if skewed > SKEWED and spread > 0:
        loud = LOUD * loudest
        found = max(found, gap + loud / n + q * math.sqrt(spread**2 + loud**2 / (n * (n - 1.0))))
    return found


def free_cost(
    best: tuple[float, float], other: tuple[float, float], spread: float, q: float, limits: tuple[float, float]
) -> float:
    """The same on the free scale, of (score, variance) each; 0 where there is none."""
    one, two = freed(best[0], *limits), freed(other[0], *limits)
    if one is None or two is None:
        return 0.0
    square = one[1] * two[1] * spread**2 + (two[1] - one[1]) * (two[1] * other[1] - one[1] * best[1])
    return best[0] - taken_back(two[0] - q * math.sqrt(max(0.0, square)), *limits)
