"""How many rows to ask for before there are any, and what given rows can show."""

from __future__ import annotations

import math
from typing import Any

from mlee_jupyter.errors import MleeError

from .columns import shown
from .distributions import normal_quantile
from .power import POWER, rows_to_separate, smallest_gain


def rows_needed(
    useful_gain: float,
    expected_score: float = 0.85,
    expected_disagreement: float | None = None,
    alpha: float = 0.05,
    power: float = POWER,
) -> int:
    """Rows on which two candidates that truly differ by the useful gain in accuracy are told apart.

    n = ((z_{1 - alpha/2} + z_power) / gain)^2 (d - gap^2) with d the share of rows on which exactly one of the two is
    right (Connor 1987). For one pair; more candidates need more.

    Args:
        useful_gain: difference of the two accuracies, above 0 and below 1.
        expected_score: accuracy of the lesser one, in (0, 1); says how much they can disagree.
        expected_disagreement: d, between the gain and 1; None: what independent errors would give, at most
            p (1 - q) + q (1 - p), which is more than candidates on the same rows usually show.
        alpha: two-sided error, in (0, 0.5].
        power: chance of telling them apart, in [0.5, 1).

    Raises:
        MleeError: a number out of its bounds.
    """
    gain = _between("useful_gain", useful_gain, 0, 1)
    variance = _row_variance(gain, expected_score, expected_disagreement)
    critical = normal_quantile(1 - _between("alpha", alpha, 0, 0.51) / 2)
    needed = rows_to_separate(gain, math.sqrt(variance), critical, _between("power", power, 0.499, 1))
    if needed is None:
        raise MleeError(f"No number of rows shows a difference of {gain:.3g}.", "Name a larger useful gain.")
    return needed


def smallest_difference(
    rows: int,
    expected_score: float = 0.85,
    expected_disagreement: float | None = None,
    alpha: float = 0.05,
    power: float = POWER,
) -> float:
    """The smallest true difference of two accuracies that so many rows show; `rows_needed` the other way round.

    Args:
        rows: 2 or more.
        expected_score: as in `rows_needed`.
        expected_disagreement: as in `rows_needed`.
        alpha: two-sided error, in (0, 0.5].
        power: chance of telling them apart, in [0.5, 1).

    Raises:
        MleeError: a number out of its bounds.
    """
    count = _between("rows", rows, 1, math.inf)
    variance = _row_variance(0.0, expected_score, expected_disagreement)
    critical = normal_quantile(1 - _between("alpha", alpha, 0, 0.51) / 2)
    reach = smallest_gain(1.0, critical, _between("power", power, 0.499, 1))
    # n gain^2 = reach^2 (d - gain^2), solved for the gain
    return min(1.0, reach * math.sqrt(variance / (count + reach**2)))


def _row_variance(gain: float, expected_score: float, disagreement: float | None) -> float:
    """Variance of the difference on one row: d - gain^2."""
    lesser = _between("expected_score", expected_score, 0, 1)
    if disagreement is None:
        better = min(1.0, lesser + gain)
        disagreement = max(gain, lesser * (1 - better) + better * (1 - lesser))
    share = _between("expected_disagreement", disagreement, 0, 1.0000001)
    if share < gain:
        raise MleeError(
            f"expected_disagreement = {share:.3g} is below the useful gain {gain:.3g}.",
            "Two candidates that differ by the gain disagree on at least so many rows.",
        )
    return max(share - gain**2, 1e-12)


def _between(name: str, value: Any, low: float, high: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not low < number < high:
        bounds = f"above {low:.3g}" + (f" and below {high:.3g}" if high < math.inf else "")
        raise MleeError(f"{name} = {shown(repr(value), 30)} is not {bounds}.")
    return number
