"""How many rows it would take, from the pairs at hand."""

from __future__ import annotations

import math

from mlee_jupyter.domain import Judgement, Standing
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import shown
from mlee_jupyter.stats.size.power import MOST_ROWS
from mlee_jupyter.stats.size.rows_needed import MOST_CANDIDATES, reach


def rows_for(judgement: Judgement, gain: float | None, candidate: str | None, power: float) -> int | None:
    """Rows on which the leader would be named, were it better by so much; see `Comparison.rows_for`."""
    wanted = judgement.useful_gain if gain is None else gain
    if isinstance(wanted, bool) or not isinstance(wanted, int | float) or not 0 < wanted < math.inf:
        raise MleeError(f"gain = {shown(repr(wanted), 30)} is not above 0.", "Write gain=0.02.")
    if not isinstance(power, int | float) or not 0.5 <= power < 1:
        raise MleeError(f"power = {shown(repr(power), 30)} is not between 0.5 and 1.", "Write power=0.8.")
    rivals = _rivals(judgement, candidate)
    spreads = [_spread(one, float(wanted)) for one in rivals if one.row_spread is not None]
    if not spreads:
        return None
    reached = reach(min(len(spreads) + 1, MOST_CANDIDATES), judgement.alpha, float(power))
    needed = (reached * max(spreads) / float(wanted)) ** 2
    return max(2, math.ceil(needed)) if needed < MOST_ROWS else None


def _rivals(judgement: Judgement, candidate: str | None) -> list[Standing]:
    others = [s for s in judgement.standings if s.candidate != judgement.leader]
    if candidate is None:
        return [s for s in others if s.in_set] or others[:1]
    found = [s for s in others if s.candidate == candidate]
    if not found:
        what = "the leader itself" if candidate == judgement.leader else "no candidate that was judged"
        raise MleeError(f"{shown(candidate)} is {what}.", "Name another one, or leave candidate out.")
    return found


def _spread(rival: Standing, gain: float) -> float:
    """Per row; two that differ by the gain in shares of right rows disagree on at least so many."""
    spread = rival.row_spread or 0.0
    return max(spread, math.sqrt(max(gain - gain**2, 0.0))) if rival.disagreements is not None else spread
