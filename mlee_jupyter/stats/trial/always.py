"""A range that holds at every look, however many there are, and without a planned end.

The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), which is the normal
mixture of Robbins (1970) with an estimated spread. For n units with a standard error of their own,

    half width = error sqrt(2 (n q + 1) / (n q) log(sqrt(n q + 1) / alpha))
    q = (log(1 - 2 log alpha) - 2 log alpha) / n*

with n* the number of units at which it is to be narrowest. All hangs on n / n*, a time.
"""

from __future__ import annotations

import math


def always_bound(time: float, alpha: float = 0.05) -> float:
    """By how many standard errors a difference must be off 0, to be off it at any look.

    Args:
        time: units over those that were planned, above 0.
        alpha: chance that the range ever misses the difference, in (0, 1).
    """
    grown = time * (math.log(1 - 2 * math.log(alpha)) - 2 * math.log(alpha))
    return math.sqrt(2 * (grown + 1) / grown * math.log(math.sqrt(grown + 1) / alpha))


def time_of_width(wanted: float, width: float, time: float, alpha: float = 0.05) -> float:
    """When the range will be so narrow, if the spread stays as it is; infinite where never.

    Args:
        wanted: half width, above 0.
        width: standard error at `time`.
        time: of now, above 0.
        alpha: as above.
    """
    low, high = time, time
    while width * math.sqrt(time / high) * always_bound(high, alpha) > wanted:
        low, high = high, 2 * high
        if high > 1e6 * time:
            return math.inf
    for _ in range(60):
        middle = (low + high) / 2
        if width * math.sqrt(time / middle) * always_bound(middle, alpha) > wanted:
            low = middle
        else:
            high = middle
    return high
