"""Where each interval lies on its board's common axis, in per cent of the width: a front end only draws.

Right is better on every axis: for a loss the low scores lie on the right, as the candidates that lead do in the figure.
"""

from __future__ import annotations

from mlee_jupyter.domain.text.numbers import number
from mlee_jupyter.report.text.plain_json import JSON
from mlee_jupyter.report.text.states import State

_MOST_SPREAD = 2.5  # the axis grows for worse rows until it is so many times as wide as the close ones need
_CLOSE = (State.BEST, State.LEADER, State.ONLY, State.AS_GOOD, State.CANT_TELL)


def place(rows: list[JSON], useful_gain: float | None, higher_is_better: bool) -> JSON | None:
    """Give every row with an interval its bar, and return the axis; None when there is nothing to draw.

    The axis carries the band that lies within the useful gain of the first row's score.

    The axis fits the rows that are close to the best. Rows far behind widen it only so far, then they are clipped
    at the edge and say so: else one hopeless candidate squeezes all the others into a line.
    """
    close = [r for r in rows if r["state"] in _CLOSE and _has_interval(r)]
    if not close:
        return None
    low, high = min(r["low"] for r in close), max(r["high"] for r in close)
    widest = _MOST_SPREAD * ((high - low) or abs(high) or 1.0)
    for row in rows:
        if row["state"] == State.WORSE and _has_interval(row):
            if max(high, row["high"]) - min(low, row["low"]) > widest:
                continue
            low, high = min(low, row["low"]), max(high, row["high"])
    if high - low <= 0:
        low, high = low - 0.5 * (abs(low) or 1.0), high + 0.5 * (abs(high) or 1.0)
    for row in rows:
        if _has_interval(row):
            row["bar"] = _bar(row, low, high, higher_is_better)
    return {
        "low": number(low),
        "high": number(high),
        "band": _band(rows[0]["score"], useful_gain, higher_is_better, low, high),
    }


def _has_interval(row: JSON) -> bool:
    return row["low"] is not None and row["high"] is not None and row["score"] is not None


def _band(leader: float | None, gain: float | None, higher_is_better: bool, low: float, high: float) -> JSON | None:
    if leader is None or gain is None:
        return None
    worst = leader - gain if higher_is_better else leader + gain
    left, right = (_at(value, low, high, higher_is_better) for value in (worst, leader))
    return {"left": left, "width": round(right - left, 2)}


def _at(value: float, low: float, high: float, higher_is_better: bool) -> float:
    share = (value - low) / (high - low)
    return round(min(100.0, max(0.0, 100 * (share if higher_is_better else 1 - share))), 2)


def _bar(row: JSON, low: float, high: float, higher_is_better: bool) -> JSON:
    left, right = sorted(_at(row[end], low, high, higher_is_better) for end in ("low", "high"))
    below, above = ("left", "right") if higher_is_better else ("right", "left")
    return {
        "left": left,
        "width": round(max(0.0, right - left), 2),
        "point": _at(row["score"], low, high, higher_is_better),
        "clipped": below if row["high"] < low else above if row["low"] > high else None,
    }
