"""The plan as one JSON value; every form of it is drawn from that."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta

from mlee_jupyter.domain import Candidate, CandidateState, Estimated, Evidence, PastBox
from mlee_jupyter.domain.text.names import clean, label, line_or_none, whole
from mlee_jupyter.domain.text.numbers import time_text
from mlee_jupyter.report.text.plain_json import JSON, iso

from .box_forecast import BoxForecast, box_forecast
from .plan_words import not_said, words

VERSION = 1
KIND = "mlee plan"
NOTHING = Estimated()
HEADS = {
    "label": "candidate",
    "simplicity_text": "simple",
    "try_text": "planned",
    "spent_text": "took",
    "build_text": "to build",
    "source": "source",
    "state_text": "",
}


def plan(evidence: Evidence, past: Sequence[PastBox] = (), band: tuple[int, int] = (3, 5)) -> JSON:
    """What is planned, what it is thought to take, and what it took.

    Args:
        evidence: the experiment as it stands.
        past: boxes of the same store that have ended.
        band: how many candidates a box is thought to carry.
    """
    rows, left = [], evidence.experiment.box
    running = evidence.used
    for candidate in sorted(evidence.records.candidates, key=lambda one: _order(evidence, one)):
        estimate = evidence.estimates.get(candidate.name, NOTHING)
        out = candidate.state is CandidateState.DROPPED
        waits = candidate.name in evidence.untouched and evidence.experiment.is_open
        if waits and estimate.first_try is not None:
            running += max(timedelta(), estimate.first_try - evidence.efforts[candidate.name].active)
        fits = None if left is None or not waits or estimate.first_try is None or out else running <= left
        rows.append(_row(evidence, candidate, estimate, fits))
    forecast = box_forecast(evidence, past)
    return {
        "kind": KIND,
        "version": VERSION,
        "name": whole(evidence.experiment.name),
        "label": label(evidence.experiment.name, 80),
        "question": line_or_none(evidence.charter.question),
        "at": iso(evidence.now),
        "box_hours": _hours(left),
        "box_text": time_text(left),
        "used_hours": _hours(evidence.used),
        "used_text": time_text(evidence.used),
        "rows": rows,
        "forecast": None if forecast is None else _forecast(forecast),
        "words": words(evidence, forecast, band, [row["candidate"] for row in rows if row["fits"] is False]),
        "not_said": not_said(evidence, past),
    }


def _order(evidence: Evidence, candidate: Candidate) -> tuple[bool, float, float, float, int]:
    """Simplest and cheapest first, those out of play last; what nobody estimated stands behind."""
    one = evidence.estimates.get(candidate.name, NOTHING)
    return (
        candidate.state is CandidateState.DROPPED,
        math.inf if candidate.simplicity is None else candidate.simplicity,
        _hours(one.first_try) or math.inf,
        _hours(one.build) or math.inf,
        candidate.id,
    )


def _row(evidence: Evidence, candidate: Candidate, estimate: Estimated, fits: bool | None) -> JSON:
    effort = evidence.efforts[candidate.name]
    spent = effort.active if effort.runs else None
    times = spent / estimate.first_try if spent and estimate.first_try else None
    state = str(candidate.state)
    if candidate.state is CandidateState.ACTIVE:
        state = "no result yet" if candidate.name in evidence.untouched else "tried"
    return {
        "candidate": whole(candidate.name),
        "label": label(candidate.name),
        "simplicity": candidate.simplicity,
        "simplicity_text": "" if candidate.simplicity is None else str(candidate.simplicity),
        "try_hours": _hours(estimate.first_try),
        "try_text": time_text(estimate.first_try),
        "build_hours": _hours(estimate.build),
        "build_text": time_text(estimate.build),
        "source": clean(estimate.source or "", 40),
        "gain": estimate.gain,
        "spent_hours": _hours(spent),
        "spent_text": time_text(spent),
        "times": times,
        "fits": fits,
        "state": str(candidate.state),
        "state_text": "does not fit" if fits is False else state,
    }


def _forecast(one: BoxForecast) -> JSON:
    return {
        "low_hours": _hours(one.low),
        "middle_hours": _hours(one.middle),
        "high_hours": _hours(one.high),
        "chance": 0.8,
        "times": one.times,
        "boxes": one.boxes,
        "own_pace": one.own_pace,
    }


def _hours(time: timedelta | None) -> float | None:
    return None if time is None else time.total_seconds() / 3600
