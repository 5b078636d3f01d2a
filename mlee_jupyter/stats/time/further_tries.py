"""What more tries of the same kind would bring.

Were the tries drawn one like the other, the best of n is better than the best of n - m by as much as the average over
all ways of leaving m of them out. What m more would bring is at most that: each further try brings less than the one
before, since the expected best of n is concave in n (David and Nagaraja 2003, Order Statistics, 4.4).
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def brought_by(scores: Sequence[float], more: int) -> float:
    """How much so many of these tries brought on average, in any order: the most that as many again are expected to.

    Args:
        scores: one a try, higher better, more than `more` of them.
        more: tries, 1 or more.
    """
    ordered, kept = sorted(scores), len(scores) - more
    ways = math.comb(len(scores), kept)
    best_of_kept = sum(score * math.comb(place, kept - 1) for place, score in enumerate(ordered)) / ways
    return max(0.0, ordered[-1] - best_of_kept)
