"""The sentences of a plan: does it fit, what it took, how long it will really take, and what nobody wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from mlee_jupyter.domain import CandidateState, Evidence, PastBox
from mlee_jupyter.domain.text.names import count, listed, sentences
from mlee_jupyter.domain.text.numbers import rounded, time_text
from mlee_jupyter.stats.time.slippage import ENOUGH, PRIOR_TIMES

from .box_forecast import BoxForecast, finished


def words(evidence: Evidence, forecast: BoxForecast | None, band: tuple[int, int], beyond: Sequence[str]) -> list[str]:
    """What the plan says, a sentence each."""
    said = [_sum(evidence, beyond), _number(evidence, band), _took(evidence)]
    if forecast is not None:
        said += [forecast_text(forecast), _rests_on(forecast)]
    return [sentences([line]) for line in said if line]


def forecast_text(one: BoxForecast) -> str:
    """ "Your last 6 boxes took 1.7 times their plan; this one 7 h to 14 h, in 80 of 100 cases"."""
    low, high = _rough(one.low), _rough(one.high)
    range_ = low if low == high else f"{low} to {high}"
    return (
        f"Your last {one.boxes} boxes took {rounded(one.times)} times their plan; this one {range_}, in 80 of 100 cases"
    )


def _rough(time: timedelta) -> str:
    """A time that is not known to the minute: whole hours, below three of them ten minutes."""
    step = timedelta(hours=1) if time >= timedelta(hours=3) else timedelta(minutes=10)
    return time_text(round(time / step) * step if time >= timedelta(minutes=30) else time)


def not_said(evidence: Evidence, past: Sequence[PastBox]) -> list[str]:
    """What is missing, each with what can therefore not be said."""
    names = [c.name for c in evidence.records.candidates if c.state is not CandidateState.DROPPED]
    lines = []
    if not names:
        lines.append(
            "No candidate is planned, so nothing can be held against the box: %mlee_experiment plan NAME --try 3h"
        )
    without = [name for name in names if _of(evidence, name, "first_try") is None and name in evidence.untouched]
    if without:
        lines.append(
            f"Whether {listed(without)} {'fits' if len(without) == 1 else 'fit'}: no time for a first try (--try 3h)"
        )
    unbuilt = [name for name in names if _of(evidence, name, "build") is None]
    if unbuilt and len(names) > 1:
        lines.append(f"What the choice costs afterwards: no time to build {listed(unbuilt)} (--build 5d)")
    if evidence.experiment.box is None:
        lines.append("Whether it fits: no time box (start with --budget 6h)")
    elif len(past) < ENOUGH and evidence.experiment.is_open:
        ended = (
            "no box has" if not past else f"{count(len(past), 'box', 'boxes')} {'has' if len(past) == 1 else 'have'}"
        )
        lines.append(f"How long it will really take: {ended} ended here, and {ENOUGH} would tell")
    return [sentences([line]) for line in lines]


def _of(evidence: Evidence, name: str, field: str) -> timedelta | None:
    found: timedelta | None = getattr(evidence.estimates.get(name), field, None)
    return found


def _sum(evidence: Evidence, beyond: Sequence[str]) -> str:
    """What is planned altogether, against the box."""
    playing = {c.name for c in evidence.records.candidates if c.state is not CandidateState.DROPPED}
    tries = [one.first_try for name, one in evidence.estimates.items() if one.first_try and name in playing]
    if not tries:
        return ""
    box = evidence.experiment.box
    whole, are = time_text(sum(tries, timedelta())), "is" if len(tries) == 1 else "are"
    said = f"{whole} {are} planned for {count(len(tries), 'candidate')}"
    if box is None or not evidence.experiment.is_open:
        return said
    fits = f"{listed(beyond)} {'does' if len(beyond) == 1 else 'do'} not fit" if beyond else "it fits"
    used = f", of which {time_text(evidence.used)} are used" if evidence.used >= timedelta(minutes=1) else ""
    return f"{said}, in a box of {time_text(box)}{used}: {fits}"


def _number(evidence: Evidence, band: tuple[int, int]) -> str:
    """How many are planned, where that is outside of what a box carries."""
    planned = sum(c.planned and c.state is not CandidateState.DROPPED for c in evidence.records.candidates)
    if not planned or band[0] <= planned <= band[1]:
        return ""
    why = "a comparison needs more" if planned < band[0] else "each gets little of the box"
    are = "is" if planned == 1 else "are"
    return f"{count(planned, 'candidate')} {are} planned; {band[0]} to {band[1]} are usual, {why}"


def _took(evidence: Evidence) -> str:
    """What finished candidates took, against what was planned for them."""
    planned = {name: one.first_try for name, one in evidence.estimates.items() if one.first_try}
    done = finished(evidence, planned)
    if not done:
        return ""
    spent = sum((evidence.efforts[name].active for name in done), timedelta())
    meant = sum((planned[name] for name in done), timedelta())
    return f"{count(len(done), 'candidate')} tried: {time_text(spent)} instead of {time_text(meant)}"


def _rests_on(one: BoxForecast) -> str:
    pace = "" if one.own_pace is None else ", of the pace of this one"
    return (
        f"That is from boxes of this store that have ended{pace}, and of the experience that plans are too short"
        f" ({PRIOR_TIMES:g} times, weighing as two boxes); it counts boxes, never people"
    )
