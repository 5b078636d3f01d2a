"""When a test that is looked at several times crosses its bounds.

The standardised difference at look k is Z_k ~ N(drift sqrt(t_k), 1), and Z_k sqrt(t_k) has independent increments.
Its density among tests that still run is carried from look to look by numeric integration (Armitage, McPherson and
Rowe 1969), with eight Gauss-Legendre points to each standard deviation of a step.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

FARTHEST = 9.0  # standard deviations; beyond lies less than 1e-18
CLOSEST = 1e-3  # of the whole: looks that lie closer are one


@dataclass(frozen=True)
class Running:
    """Where tests stand that crossed no bound yet: points of Z sqrt(t), and how much of them stands at each."""

    points: np.ndarray
    weights: np.ndarray
    time: float

    def above(self, bound: float, time: float, drift: float) -> float:
        """The share that stands above a bound at a later look.

        Args:
            bound: of Z.
            time: of the look, after the one these were carried to.
            drift: expected Z at time 1.
        """
        from scipy.special import ndtr

        step = time - self.time
        reach = self.points + drift * step - bound * math.sqrt(time)
        return float(self.weights @ ndtr(reach / math.sqrt(step)))

    def carried(self, bound: float, time: float, drift: float, next_step: float) -> Running:
        """Those between minus and plus the bound at a later look.

        Args:
            bound: of Z, above 0.
            time: of the look.
            drift: expected Z at time 1.
            next_step: time from this look to the next; the points are dense enough for it.
        """
        step, scale = time - self.time, math.sqrt(time)
        low = max(-bound * scale, drift * time - FARTHEST * scale)
        high = min(bound * scale, drift * time + FARTHEST * scale)
        if low >= high:
            return Running(np.zeros(1), np.zeros(1), time)
        points, widths = _points(low, high, math.sqrt(min(step, next_step)))
        away = (points[:, None] - self.points[None, :] - drift * step) / math.sqrt(step)
        density = np.exp(-away * away / 2) @ self.weights / math.sqrt(2 * math.pi * step)
        return Running(points, density * widths, time)


START = Running(np.zeros(1), np.ones(1), 0.0)


def crossings(times: Sequence[float], bounds: Sequence[float], drift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """The chance that the upper, and that the lower bound is crossed first at each look.

    Args:
        times: of the looks, above 0 and rising by 0.001 or more; 1 is the planned end.
        bounds: of |Z| at each look, above 0.
        drift: expected Z at time 1.
    """
    up, down = np.zeros(len(times)), np.zeros(len(times))
    for look, (running, time, bound) in enumerate(_looks(times, bounds, drift)):
        up[look] = running.above(bound, time, drift)
        mirrored = Running(-running.points, running.weights, running.time)
        down[look] = mirrored.above(bound, time, -drift)
    return up, down


def upper_tail(times: Sequence[float], bounds: Sequence[float], z: float, drift: float) -> float:
    """The chance of an end at least as high as this one, in the stage-wise order: earlier above, then by Z.

    Args:
        times: of the looks up to the last one taken.
        bounds: of the looks before the last one.
        z: the standardised difference at the last look.
        drift: expected Z at time 1.
    """
    up, _ = crossings(times, [*bounds, z], drift)
    return float(up.sum())


def _looks(times: Sequence[float], bounds: Sequence[float], drift: float) -> Iterator[tuple[Running, float, float]]:
    running = START
    for look, (time, bound) in enumerate(zip(times, bounds, strict=True)):
        yield running, time, bound
        if look + 1 < len(times):
            running = running.carried(bound, time, drift, times[look + 1] - time)


@cache
def _rule() -> tuple[np.ndarray, np.ndarray]:
    points, weights = np.polynomial.legendre.leggauss(8)
    return points, weights


def _points(low: float, high: float, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Points and weights of an integral from low to high, in panels of at most this width."""
    panels = max(1, math.ceil((high - low) / width))
    half = (high - low) / panels / 2
    middles = low + half * (2 * np.arange(panels) + 1)
    points, weights = _rule()
    return (middles[:, None] + half * points).ravel(), np.tile(half * weights, panels)
