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
    mean over the series is taken, so that many say it more clearly, but no more clearly than as many series that have
    nothing in common would: K of them count as K^2 over the sum of their squared correlations.

    Args:
        series: (K,) of T values each, in time order; what all share, their median, is taken off: of a mean, one series
            on another scale would be all.
    """
    length = len(series[0])
    longest = length // FEWEST_TO_SEE
    if longest < 3:
        return 1
    shared = np.median(series, axis=0) if len(series) > 1 else np.zeros(length)
    rests = [rest for one in series if (rest := _without_neighbours(one - shared)) is not None]
    if not rests:
        return 1
    found = np.sum([_correlations(rest, longest) for rest in rests], axis=0)
    rows = np.stack(rests)
    together = rows @ rows.T
    alone = len(rests) ** 2 / float(np.sum(together**2))  # K series less their mean count as K - 1
    error = 1 / math.sqrt(length * alone)
    alike = found / len(rests)
    steps = int(np.argmax(alike[2:])) + 2

    def is_sure(steps: int) -> bool:
        by_chance = BY_CHANCE if length // steps >= FEWEST_SEASONS else RARELY
        return bool(alike[steps] > normal_quantile(1 - by_chance / (longest - 1)) * error)  # Bonferroni, over all steps

    if not is_sure(steps):
        return 1
    # two seasons, or three, are as alike as one
    parts = (n for n in range(2, steps) if steps % n == 0 and is_sure(n) and alike[n] > alike[steps] - 2 * error)
    return next(parts, steps)


def _without_neighbours(series: np.ndarray) -> np.ndarray | None:
    """The residuals (T - 1,) of an autoregression on the value before, their squares summing to 1; None: all are 0."""
    series = series - series.mean()
    before = float(series[:-1] @ series[:-1])
    phi = float(series[1:] @ series[:-1]) / before if before > 0 else 0.0
    rest = np.asarray(series[1:] - phi * series[:-1])
    square = float(rest @ rest)
    return rest / math.sqrt(square) if square > 0 else None


def _correlations(series: np.ndarray, longest: int) -> np.ndarray:
    """Sums of products of values 0 to `longest` steps apart, by the fast Fourier transform."""
    size = 1 << (len(series) + longest).bit_length()
    spectrum = np.abs(np.fft.rfft(series, size)) ** 2
    return np.asarray(np.fft.irfft(spectrum, size)[: longest + 1])
