"""From which try on the luck of a search that steers by its scores may be more than what matters.

The bound is that of `stats.compare.wear`: each look adds 0.4 times the error of its difference to the best so far.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mlee_jupyter.domain.audits import Tuning
from mlee_jupyter.stats.compare.wear import MEAN_OF_ONE, count_bound
from mlee_jupyter.stats.metrics.scored import Scored

HOPELESS = 3.0  # standard errors behind what led: such a try cannot have led by luck


def how_far(
    columns: Sequence[Scored],
    spread_of: Callable[[Scored, Scored], float],
    useful_gain: float,
    alpha: float,
    *,
    in_order: bool,
    is_bound: bool,
) -> Tuning | None:
    """Where the expected luck passes the useful gain, and what one comparison fixed beforehand would have to show.

    Args:
        columns: the tries, scored, the oldest first.
        spread_of: the standard error of the difference of two of them.
        useful_gain: in the metric's units, 0 or more.
        alpha: of that one comparison, in (0, 0.5].
        in_order: whether the order is known; else each is taken for one that might have led.
        is_bound: whether errors are taken as large as they can be.

    Returns:
        None for fewer than two tries, or tries that answer alike.
    """
    if len(columns) < 2:
        return None
    best, errors = columns[0], []
    if not in_order:
        best = max(columns, key=lambda column: column.theta)
    for column in columns[1:]:
        spread = spread_of(best, column)
        hopeless = in_order and column.theta - best.theta < -HOPELESS * spread
        errors.append(0.0 if hopeless else spread)
        best = column if column.theta > best.theta else best
    every = [error for error in errors if error > 0]
    if not every:
        return None
    typical = float(np.mean(every))
    luck = max(useful_gain, count_bound(1, typical, alpha))
    passed = np.flatnonzero(MEAN_OF_ONE * np.cumsum(errors if in_order else [typical] * len(errors)) > luck)
    return Tuning(
        tries=len(columns), luck=luck, steered_from=int(passed[0]) + 2 if len(passed) else None, is_bound=is_bound
    )
