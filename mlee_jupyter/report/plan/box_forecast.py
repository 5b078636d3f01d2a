"""How long a box will really take, from what earlier boxes of the store took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from mlee_jupyter.domain import Evidence, PastBox
from mlee_jupyter.stats.time.slippage import ENOUGH, slippage, slippage_of_the_rest


@dataclass(frozen=True, kw_only=True)
class BoxForecast:
    """Active time of the whole box, in 80 of 100 cases; and what it rests on."""

    low: timedelta
    middle: timedelta
    high: timedelta
    times: float  # the middle of what earlier boxes took over their plan
    boxes: int
    own_pace: float | None  # of finished candidates, over their estimates; None where there are none


def box_forecast(evidence: Evidence, past: Sequence[PastBox]) -> BoxForecast | None:
    """What this box will take; None where it has no budget, too few ended before it, or it has ended itself.

    Finished candidates with an estimate say what pace this box has: their share of all estimates is their share of it.
    """
    budget = evidence.experiment.budget
    if not budget or len(past) < ENOUGH or not evidence.experiment.is_open:
        return None
    times = [box.took / box.budget for box in past]
    middle = sorted(times)[len(times) // 2] if len(times) % 2 else sum(sorted(times)[len(times) // 2 - 1 :][:2]) / 2
    planned = {name: one.first_try for name, one in evidence.estimates.items() if one.first_try}
    done = finished(evidence, planned)
    spent = sum((evidence.efforts[name].active for name in done), timedelta())
    playing = {c.name for c in evidence.in_play} | set(done)
    whole = sum((time for name, time in planned.items() if name in playing), timedelta())
    share = sum((planned[name] for name in done), timedelta()) / whole if whole and playing <= set(planned) else 0.0
    floor = evidence.used
    if not 0 < share < 1 or not spent:
        low, mid, high = (max(floor, budget * one) for one in slippage(times))
        return BoxForecast(low=low, middle=mid, high=high, times=middle, boxes=len(past), own_pace=None)
    rest, begun = (1 - share) * budget, _begun(evidence, done)
    ahead = slippage_of_the_rest(times, spent / budget, share, 1 - share)
    low, mid, high = (max(floor, floor - begun + rest * one) for one in ahead)
    pace = spent / sum((planned[name] for name in done), timedelta())
    return BoxForecast(low=low, middle=mid, high=high, times=middle, boxes=len(past), own_pace=pace)


def finished(evidence: Evidence, planned: dict[str, timedelta]) -> list[str]:
    """Candidates with an estimate, a result and time spent on them."""
    known = {c.name for c in evidence.records.candidates} - set(evidence.untouched)
    return [name for name in planned if name in known and name in evidence.efforts and evidence.efforts[name].active]


def _begun(evidence: Evidence, done: Sequence[str]) -> timedelta:
    """Time on candidates that have no result yet: it belongs to what is ahead."""
    return sum(
        (e.active for name, e in evidence.efforts.items() if name in evidence.untouched and name not in done),
        timedelta(),
    )
