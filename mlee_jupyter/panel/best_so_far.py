"""The best score so far over working time: a point for each look, on the axis of the board, and the step they make.

Better is up. What lies below the axis of the board lies at its lower edge and says so: a hopeless look may not squeeze
the contenders into a line.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from mlee_jupyter.domain import Evidence, Judgement, Result, RunOutcome, working_time
from mlee_jupyter.domain.text.names import label, whole
from mlee_jupyter.domain.text.numbers import number, score_text, target_text, time_text
from mlee_jupyter.report.figure.chart import Chart, ahead
from mlee_jupyter.stats.metrics.metric_names import metric_label, without_minus

JSON = dict[str, Any]

MOST_LOOKS = 300  # the newest, and those that made the best one better
_ABOVE = 0.1  # of the axis: room above the best score
_LEAST_OF_BOX = 0.25  # used share from which the whole box is drawn; before that what was used fills the width


def best_so_far(evidence: Evidence, drawn: Chart | None, idle_limit: timedelta) -> JSON | None:
    """The looks at the declared truth in order; None where there are fewer than two.

    Args:
        evidence: the experiment as it stands.
        drawn: the figure of its first judgement, whose axis this shares; None: nothing is judged.
        idle_limit: gaps from this on are not working time.
    """
    judgement = evidence.judgement
    if judgement is None or drawn is None:
        return None
    sign = 1 if judgement.higher_is_better else -1
    looks = _looks(evidence.records.results, judgement)
    if len(looks) < 2:
        return None
    best = list(accumulate((value for _, value in looks), max if sign > 0 else min))
    raised = [at == 0 or best[at] != best[at - 1] for at in range(len(looks))]
    clock = _Clock(evidence, idle_limit)
    box = evidence.experiment.box
    is_whole = box is not None and evidence.used >= _LEAST_OF_BOX * box
    span = max(evidence.used, box) if is_whole and box is not None else evidence.used
    times = [clock.used_at(_end(r)) for r, _ in looks]
    kept = [at for at in range(len(looks)) if raised[at] or at >= len(looks) - MOST_LOOKS]
    x = [_share(used, span) for used in times]
    steps = [at for at in range(len(looks)) if raised[at]]
    return {
        "looks": [_look(*looks[at], times[at], x[at], judgement, drawn) for at in kept],
        "step": [[x[at], _y(ahead(judgement, best[at]), drawn)] for at in steps],
        "band": _y(-drawn.gain, drawn),
        "best": _y(0.0, drawn),
        "target": _target(evidence.charter.must_reach, judgement, drawn),
        "box": _share(box, span) if is_whole and box is not None else None,
        "span_text": time_text(span),
        "text": _text(looks[steps[-1]], len(looks), times[steps[-1]], judgement),
    }


def _looks(results: Sequence[Result], judgement: Judgement) -> list[tuple[Result, float]]:
    """What was scored on this truth by this metric, whatever it is spelled like."""
    wanted = metric_label(judgement.metric)
    spelled = {metric for metric in {r.metric for r in results} if metric and metric_label(metric) == wanted}
    return [
        (r, value)
        for r in results
        if r.metric in spelled
        and r.truth == judgement.truth
        and r.outcome == RunOutcome.OK
        and r.stage != "development"
        for value in [number(without_minus(r.value, r.metric))]
        if value is not None
    ]


def _look(result: Result, value: float, used: timedelta, x: float, judgement: Judgement, drawn: Chart) -> JSON:
    place = ahead(judgement, value)
    named = label(result.candidate, 60) + (f" ({label(result.variant, 40)})" if result.variant else "")
    shown = score_text(value, judgement.bounded, unit=True)
    return {
        "candidate": whole(result.candidate),
        "x": x,
        "y": _y(place, drawn),
        "beyond": place < drawn.low,
        "text": f"{named} {shown}, after {time_text(used)}",
    }


def _text(last: tuple[Result, float], count: int, used: timedelta, judgement: Judgement) -> str:
    result, value = last
    shown = score_text(value, judgement.bounded, unit=True)
    return f"{count:,} looks; the best one so far is {label(result.candidate, 60)} {shown}, after {time_text(used)}."


def _target(target: float | None, judgement: Judgement, drawn: Chart) -> JSON | None:
    if target is None or not drawn.low <= ahead(judgement, target) <= drawn.high:
        return None
    return {"y": _y(ahead(judgement, target), drawn), "text": target_text(target, judgement.bounded)}


def _y(place: float, drawn: Chart) -> float:
    """A place on the axis in per cent from the top."""
    top = -_ABOVE * drawn.low
    share = (top - place) / (top - drawn.low)
    return round(100 * min(1.0, max(0.0, share)), 2)


def _share(part: timedelta, span: timedelta) -> float:
    return round(100 * min(1.0, part / span), 2) if span else 0.0


def _end(result: Result) -> datetime:
    return datetime.fromtimestamp((result.started_us + result.duration_us) / 1e6, UTC)


class _Clock:
    """Working time used at a moment."""

    def __init__(self, evidence: Evidence, idle_limit: timedelta) -> None:
        records = evidence.records
        pauses = [(start, end or evidence.now) for start, end in records.pauses]
        spans = ((span.start, span.end) for span in records.spans)
        self._parts: Sequence[working_time.Interval] = working_time.subtract(
            working_time.union(spans, idle_limit), pauses
        )
        self._starts = [start for start, _ in self._parts]
        self._before = [timedelta(), *accumulate(end - start for start, end in self._parts)]

    def used_at(self, moment: datetime) -> timedelta:
        place = bisect.bisect_right(self._starts, moment) - 1
        if place < 0:
            return timedelta()
        start, end = self._parts[place]
        return self._before[place] + min(end, moment) - start
