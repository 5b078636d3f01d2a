"""A season that nobody declared, seen in the series themselves: values that are alike a fixed number of steps apart."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mlee_jupyter.stats.distributions import normal_quantile

FEWEST_SEASONS = 8  # in the series, for their sums to be judged
FEWEST_TO_SEE = 3
BY_CHANCE = 0.05  # how often one is seen where there is none; then sums over it cost next to nothing
RARELY = 0.01  # the same of one so long that it forbids a winner


def seen_season(series: Sequence[np.ndarray]) -> int:
    """The number of steps in a season, or 1 where none is seen; above an eighth of the series there are too few.

    What neighbours have in common is taken out first, since it is alike two and three steps apart as well. Of the
    rest the correlation of values L steps apart has a standard error of 1 / sqrt(T) where there is no season; the
    mean over the series is taken, so that many say it more clearly.

    Args:
        series: (K,) of T values each, in time order; what all share is taken off.
    """
    length = len(series[0])
    longest = length // FEWEST_TO_SEE
    if longest < 3:
        return 1
    shared = np.mean(series, axis=0) if len(series) > 1 else np.zeros(length)
    found, counted = np.zeros(longest + 1), 0
    for one in series:
        rest = _without_neighbours(one - shared)
        square = float(rest @ rest)
        if square > 0:
            found += _correlations(rest, longest) / square
            counted += 1
    if not counted:
        return 1
    # two series less their mean are one series, so K of them tell as much as K - 1
    error = 1 / math.sqrt(length * max(1, counted - 1))
    steps = int(np.argmax(found[2:])) + 2
    by_chance = BY_CHANCE if length // steps >= FEWEST_SEASONS else RARELY
    sure = normal_quantile(1 - by_chance / (longest - 1))  # Bonferroni, over all the steps that are looked at
    return steps if found[steps] / counted > sure * error else 1


def _without_neighbours(series: np.ndarray) -> np.ndarray:
    """The residuals of an autoregression on the value before."""
    series = series - series.mean()
    before = float(series[:-1] @ series[:-1])
    phi = float(series[1:] @ series[:-1]) / before if before > 0 else 0.0
    return np.asarray(series[1:] - phi * series[:-1])


def _correlations(series: np.ndarray, longest: int) -> np.ndarray:
    """Sums of products of values 0 to `longest` steps apart, by the fast Fourier transform."""
    size = 1 << (len(series) + longest).bit_length()
    spectrum = np.abs(np.fft.rfft(series, size)) ** 2
    return np.asarray(np.fft.irfft(spectrum, size)[: longest + 1])
