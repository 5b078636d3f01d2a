"""How many rows would settle what is open, and what the rows that there are can show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from .arithmetic import DRAWS, NEAR_COPY, OF_DRAWS, SURE_ROUNDING, Numbers
from .formulas import ALPHA, POWER, Window, Z

FEWEST = 30  # rows: on fewer no winner is named


@cache
def _reach(count: int) -> float:
    """How far ahead, in standard errors of a pair, the best of so many is named 80 times in 100: drawn anew.

    The others, all as good as each other, fall one after the other, the worst first; each must pass the 95% quantile
    of the range of those that are left.
    """
    if count == 2:
        return Z + POWER
    normal = np.random.default_rng(78).standard_normal((DRAWS, count))
    ranges = [np.quantile(np.ptp(normal[:, :left], axis=1) / math.sqrt(2), 1 - ALPHA) for left in range(2, count + 1)]
    behind = np.sort((normal[:, :1] - normal[:, 1:]) / math.sqrt(2), axis=1)
    return -float(np.quantile((behind - np.array(ranges)).min(axis=1), 0.2))


def settling(
    numbers: Numbers, i: int, j: int, open_still: tuple[str, ...] = (), surely: tuple[str, ...] | None = None
) -> Window:
    """Rows with which an observed gap would be told apart 4 times in 5.

    Args:
        i: the leader's column.
        j: the other's.
        open_still: candidates among which it must be told, each by one column or by all; none: the two, or all.
        surely: those of them that are in the best set for sure; None: all. One that is as good may be out of it.
    """
    gap = abs(numbers.gap(i, j))
    spread = float(numbers.roomy_spread[i, j])
    if gap <= 0 or spread <= 0:
        return math.inf, math.inf
    if gap < 1e-5 * float(numbers.error.max()):
        return 0.0, math.inf  # one model in two precisions: what rounding leaves needs any number
    one = spread**2 * numbers.n / gap**2
    few = tuple(sorted({i, j, *(numbers.place(name) for name in (open_still if surely is None else surely))}))
    every = tuple(k for k, c in enumerate(numbers.columns) if not open_still or c.candidate in open_still or k in few)
    least, most = numbers.critical_of(few, NEAR_COPY), numbers.critical_of(every, SURE_ROUNDING)
    ends = (least * (1 - OF_DRAWS), most * (1 + OF_DRAWS))
    low, high = ((max(Z, end) + POWER) ** 2 * one for end in ends)
    return max(FEWEST, low * (1 - numbers.slack) ** 2), max(FEWEST, high * (1 + numbers.slack) ** 2)


def settling_gain(numbers: Numbers, rivals: Sequence[int], gain: float) -> Window:
    """Rows on which the first would be named, were it better by so much than every rival (80% power).

    Of shares two that differ by the gain disagree on at least so many of the rows that count.
    """
    per_row = max(_per_row(numbers, j) for j in rivals)
    if numbers.counts_rows:
        per_row = max(per_row, (gain - gain**2) * numbers.n / float(numbers.counted.sum()))
    needed = _reach(len(rivals) + 1) ** 2 * per_row / gain**2
    loose = numbers.slack + (OF_DRAWS if len(rivals) > 1 else 0)
    return max(FEWEST, needed * (1 - loose) ** 2), max(FEWEST, needed * (1 + loose) ** 2)


def _per_row(numbers: Numbers, j: int) -> float:
    """The variance, per row, of the difference of the first to another column."""
    if numbers.counts_rows:
        m = float(numbers.counted.sum())
        return max(1, numbers.differ(0, j)) / m * (numbers.n / m)
    spread = float(numbers.spread[0, j] if numbers.metric in ("rmse", "r2") else numbers.plain_spread[0, j])
    return spread**2 * numbers.n


def smallest(numbers: Numbers, rivals: Sequence[int]) -> Window:
    """The smallest difference that the rows can show (80% power)."""
    reached = _reach(len(rivals) + 1)
    found = reached * math.sqrt(max(_per_row(numbers, j) for j in rivals) / numbers.n)
    if numbers.counts_rows:
        found = max(found, reached**2 / (float(numbers.counted.sum()) + reached**2))
    loose = numbers.slack + (OF_DRAWS if len(rivals) > 1 else 0)
    return found * (1 - loose), found * (1 + loose)
