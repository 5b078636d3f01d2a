"""The boards as figures: where each row's difference to the best score lies on one axis, and why the row stands there.

Places are in per cent of the axis, and right is better whatever the metric: the page draws and does no arithmetic. The
axis is the one of the figure that a notebook shows, so it spans the contenders; what lies beyond it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlee_jupyter.domain import Evidence, Finding, Judgement, Level, Outcome
from mlee_jupyter.domain.text.numbers import target_text
from mlee_jupyter.report.explain.explanation import of_judgements, of_unjudged
from mlee_jupyter.report.figure.chart import Chart, Line, ahead, chart, ticks

JSON = dict[str, Any]

MOST_WHYS = 50  # rows of one board that bring their explanation along: a busy kernel cannot be asked
_TICKS, _LONG = 3, 4  # intervals between the numbers; columns of a number from which only the outer two fit


def charts(evidence: Evidence) -> list[Chart]:
    """The figure of each judgement, with all of its candidates."""
    return [chart(judgement, len(judgement.standings)) for judgement in evidence.judgements]


def figures(evidence: Evidence, findings: Sequence[Finding], board: JSON, drawn: Sequence[Chart]) -> list[JSON]:
    """One for each board, in order.

    Args:
        evidence: less what an error that stands forbids.
        findings: every rule's answer.
        board: made of the same.
        drawn: its charts.
    """
    held_by = [f.rule for f in findings if f.outcome is Outcome.FINDING and f.level is Level.ERROR]
    target = evidence.charter.must_reach
    judged = zip(evidence.judgements or (None,), drawn or (None,), strict=True)
    return [_figure(part["rows"], *of, target, held_by) for part, of in zip(board["boards"], judged, strict=True)]


def _figure(
    rows: Sequence[JSON],
    judgement: Judgement | None,
    drawn: Chart | None,
    target: float | None,
    held_by: Sequence[str],
) -> JSON:
    lines = {} if judgement is None or drawn is None else _lines(judgement, drawn)
    return {
        "unit": "points" if judgement is not None and judgement.bounded else "",
        "ticks": [] if drawn is None else _ticks(drawn),
        "band": None if drawn is None else _band(drawn),
        "target": None if judgement is None or drawn is None else _target(judgement, drawn, target),
        "rows": [
            {
                "line": lines.get(row["candidate"]),
                "why": _why(row, judgement, target, held_by) if place < MOST_WHYS else None,
            }
            for place, row in enumerate(rows)
        ],
    }


def _ticks(drawn: Chart) -> list[JSON]:
    shown = ticks(drawn.low, drawn.high, _TICKS)
    if any(len(text) > _LONG for _, text in shown):
        shown = [shown[0], shown[-1]] if len(shown) > 1 else shown
    return [{"at": _at(place, drawn), "text": text} for place, text in shown]


def _band(drawn: Chart) -> JSON | None:
    """What lies within the useful gain of the best score."""
    left, right = _at(-drawn.gain, drawn), _at(0.0, drawn)
    return {"left": left, "width": round(right - left, 2)} if drawn.gain else None


def _target(judgement: Judgement, drawn: Chart, target: float | None) -> JSON | None:
    if target is None:
        return None
    place = ahead(judgement, target)
    return {
        "at": _at(place, drawn),
        "beyond": _beyond(place, drawn),
        "text": target_text(target, judgement.bounded),
    }


def _lines(judgement: Judgement, drawn: Chart) -> dict[str, JSON]:
    """By candidate, free baselines too."""
    free = {one.name: _baseline(ahead(judgement, one.score), drawn) for one in judgement.baselines}
    judged = zip(judgement.standings, drawn.lines, strict=True)
    return {**free, **{standing.candidate: _line(line, drawn) for standing, line in judged}}


def _line(line: Line, drawn: Chart) -> JSON:
    left, right = _at(line.low, drawn), _at(line.high, drawn)
    return {
        "left": left,
        "width": round(right - left, 2),
        "point": _at(line.point, drawn),
        "worst": _at(line.worst, drawn),
        "beyond": "left" if line.beyond else None,
        "text": line.text,
    }


def _baseline(place: float, drawn: Chart) -> JSON:
    """A point alone: how sure the difference to the best is was not asked."""
    at = _at(place, drawn)
    return {"left": at, "width": 0.0, "point": at, "worst": at, "beyond": _beyond(place, drawn), "text": ""}


def _beyond(value: float, drawn: Chart) -> str | None:
    return "left" if value < drawn.low else "right" if value > drawn.high else None


def _at(value: float, drawn: Chart) -> float:
    return round(min(100.0, max(0.0, 100 * (value - drawn.low) / (drawn.high - drawn.low))), 2)


def _why(row: JSON, judgement: Judgement | None, target: float | None, held_by: Sequence[str]) -> str:
    judgements = () if judgement is None else (judgement,)
    found = of_judgements(judgements, row["candidate"], must_reach=target, held_by=held_by)
    return str(of_unjudged(row) if found is None else found)
