"""How many rows it would take, from the pairs at hand."""

from __future__ import annotations

import math

from mlee_jupyter.domain import Judgement, Standing
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.metric_names import meant_in_points, metric_label
from mlee_jupyter.stats.rows.columns import shown
from mlee_jupyter.stats.size.power import MOST_ROWS, POWER
from mlee_jupyter.stats.size.rows_needed import MOST_CANDIDATES, reach

from .limits import FEWEST_ROWS


def rows_for(
    judgement: Judgement, gain: float | None = None, candidate: str | None = None, power: float = POWER
) -> int | None:
    """Rows on which the leader would be named, were it better by so much; see `Comparison.rows_for`.

    Args:
        judgement: with two candidates or more.
        gain: in the metric's units, above 0; None: the useful gain.
        candidate: the rival that is meant; None: all that are not told apart from the leader.
        power: chance of naming the leader, in [0.5, 1).

    Raises:
        MleeError: a number out of its bounds, or no such candidate.
    """
    wanted = judgement.useful_gain if gain is None else gain
    if isinstance(wanted, bool) or not isinstance(wanted, int | float) or not 0 < wanted < math.inf:
        raise MleeError(f"gain = {shown(repr(wanted), 30)} is not above 0.", "Write gain=0.02.")
    if gain is not None and judgement.bounded and wanted >= 1:
        raise meant_in_points("gain", wanted, metric_label(judgement.metric))
    if not isinstance(power, int | float) or not 0.5 <= power < 1:
        raise MleeError(f"power = {shown(repr(power), 30)} is not between 0.5 and 1.", "Write power=0.8.")
    rivals = _rivals(judgement, candidate)
    spreads = [_spread(one, float(wanted), judgement.n) for one in rivals if one.row_spread is not None]
    if not spreads or max(spreads) == 0:  # who answers alike on every row tells nothing of how much others differ
        return None
    reached = reach(min(len(spreads) + 1, MOST_CANDIDATES), judgement.alpha, float(power))
    root = reached * max(spreads) / float(wanted)
    return max(FEWEST_ROWS, math.ceil(root**2)) if root < math.sqrt(MOST_ROWS) else None  # 2% of 1e-273 is no gain


def smallest_for(judgement: Judgement, power: float = POWER) -> float | None:
    """The gain for which `rows_for` asks for just the rows at hand; None where there are none, or nobody to compare.

    Args:
        judgement: with two candidates or more.
        power: chance of naming the leader, in [0.5, 1).
    """
    rivals = [one for one in _rivals(judgement, None) if one.row_spread is not None]
    if not rivals:
        return None
    reached = reach(min(len(rivals) + 1, MOST_CANDIDATES), judgement.alpha, power)
    found = reached * max(one.row_spread or 0.0 for one in rivals) / math.sqrt(judgement.n)
    counted = [rows for one in rivals if (rows := _counted(one, judgement.n)) is not None]
    return max(found, reached**2 / (min(counted) + reached**2)) if counted else found


def _rivals(judgement: Judgement, candidate: str | None) -> list[Standing]:
    others = [s for s in judgement.standings if s.candidate != judgement.leader]
    if candidate is None:
        return [s for s in others if s.in_set] or others[:1]
    found = [s for s in others if s.candidate == candidate]
    if not found:
        what = "the leader itself" if candidate == judgement.leader else "no candidate that was judged"
        raise MleeError(f"{shown(candidate)} is {what}.", "Name another one, or leave candidate out.")
    return found


def _spread(rival: Standing, gain: float, n: int) -> float:
    """Per row; two that differ by the gain in shares of right rows disagree on at least so many."""
    counted = _counted(rival, n)
    if counted is None:
        return rival.row_spread or 0.0
    return max(rival.row_spread or 0.0, math.sqrt(max(gain - gain**2, 0.0) * n / counted))


def _counted(rival: Standing, n: int) -> float | None:
    """The rows that a share of right rows is of: all, or those of one class; read back from the spread of a row."""
    if rival.disagreements is None or not rival.row_spread:
        return None
    return math.sqrt(max(1, rival.disagreements) * n) / rival.row_spread
