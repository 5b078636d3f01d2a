"""The sealed second sample in plain words: that it waits, and what it said once it was opened."""

from __future__ import annotations

from mlee_jupyter.domain import Confirmed, Evidence, Fresh
from mlee_jupyter.domain.text.names import clean, count, cut, label
from mlee_jupyter.domain.text.numbers import gain_text, gains_text, number, range_text, score_text
from mlee_jupyter.report.text.plain_json import JSON, iso
from mlee_jupyter.stats.metrics.metric_names import is_bounded, is_higher_better

LEVEL = 5e-4  # a difference that reads as none


def fresh_lines(evidence: Evidence, fresh: Fresh | None = None) -> list[str]:
    """One sentence for each candidate on the opened sample, the chosen one first; empty while it is sealed."""
    fresh = evidence.records.fresh if fresh is None else fresh
    if fresh is None or fresh.opened_at is None:
        return []
    tested = evidence.declared_truth.name if evidence.declared_truth else evidence.experiment.truth_name
    return [_said(fresh, one, clean(tested or "the first sample", 40)) for one in fresh.confirmed]


def _said(fresh: Fresh, one: Confirmed, tested: str) -> str:
    bounded = is_bounded(fresh.metric)
    where = f"On the sealed {count(fresh.n or 0, 'row')} of {cut(clean(fresh.name), 40)}"
    shown, reach = score_text(one.score, bounded, unit=True), range_text(one.low, one.high, bounded, joint=" to ")
    said = f"{where}, {cut(label(one.candidate), 40)}: {shown}, {reach}"
    if one.before is None:
        return f"{said}."
    before = score_text(one.before, bounded, unit=True)
    ahead = (one.before - one.score) * (1 if is_higher_better(fresh.metric) else -1)
    if before == shown or (bounded and abs(ahead) < LEVEL):
        return f"{said}; as on {tested}."
    if one.low <= one.before <= one.high:
        return f"{said}; in keeping with the {before} on {tested}."
    by, side = gain_text(abs(ahead), bounded), "better" if ahead > 0 else "worse"
    ends = sorted(abs(end - one.before) for end in (one.low, one.high))
    error = (
        f"{gains_text(ends[0], ends[1], True)} points"
        if bounded
        else " to ".join(gain_text(end, False) for end in ends)
    )
    return f"{said}; the {before} on {tested} was {by} {side} ({error}): the luck of the choice, or other rows."


def waiting_text(fresh: Fresh) -> str:
    """Where the second sample stands, for a status screen."""
    name = cut(label(fresh.name), 40)
    if fresh.fingerprint is None:
        return f"{name}, not there yet, so not sealed"
    rows = count(fresh.n or 0, "row")
    if fresh.opened_at is not None:
        return f"{name}, {rows}, opened {fresh.opened_at.astimezone():%d %b %Y %H:%M}"
    since = f" since {fresh.sealed_at.astimezone():%d %b %Y %H:%M}" if fresh.sealed_at else ""
    return f"{name}, {rows}, sealed{since}; confirm opens it once, after the decision"


def fresh_value(evidence: Evidence) -> JSON | None:
    """The second sample on the board; None where none was declared."""
    fresh = evidence.records.fresh
    if fresh is None:
        return None
    return {
        "name": clean(fresh.name),
        "n": fresh.n,
        "state": "named" if fresh.fingerprint is None else "sealed" if fresh.opened_at is None else "opened",
        "opened": iso(fresh.opened_at),
        "text": waiting_text(fresh),
        "scores": [
            {
                "candidate": label(one.candidate),
                "score": number(one.score),
                "low": number(one.low),
                "high": number(one.high),
                "before": number(one.before),
            }
            for one in fresh.confirmed
        ],
        "words": fresh_lines(evidence),
    }
