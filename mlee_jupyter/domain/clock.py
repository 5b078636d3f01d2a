"""Working time: intervals in, durations out. Pure; no clock is read here.

Active time is the union over kernels of what cells ran, and of the gaps between them that are shorter than an
idle limit: thinking counts, lunch does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from . import Span
from .errors import MleeError

Interval = tuple[datetime, datetime]

IDLE_LIMIT = timedelta(minutes=10)
HOURS_A_DAY = 8.0


def union(intervals: Iterable[Interval], close_gaps: timedelta = timedelta()) -> list[Interval]:
    """Merge intervals that overlap, touch, or lie less than `close_gaps` apart; sorted by start.

    An interval that ends before it starts (a clock set back) counts as empty, at its start.
    """
    merged: list[Interval] = []
    for start, end in sorted((s, max(s, e)) for s, e in intervals):
        if (merged and start - merged[-1][1] < close_gaps) or (merged and start <= merged[-1][1]):
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def subtract(intervals: Sequence[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """What of the (merged) intervals lies outside every hole."""
    left = list(intervals)
    for hole_start, hole_end in union(holes):
        kept: list[Interval] = []
        for start, end in left:
            if start < min(end, hole_start):
                kept.append((start, min(end, hole_start)))
            if max(start, hole_end) < end:
                kept.append((max(start, hole_end), end))
        left = kept
    return left


def total(intervals: Iterable[Interval]) -> timedelta:
    """The summed length of intervals that do not overlap."""
    return sum((end - start for start, end in intervals), timedelta())


def active_time(
    spans: Iterable[Span], idle_limit: timedelta = IDLE_LIMIT, pauses: Iterable[Interval] = ()
) -> timedelta:
    """Working time of one experiment over all its kernels, pauses left out."""
    return total(subtract(union(((s.start, s.end) for s in spans), idle_limit), pauses))


def active_time_by_candidate(
    spans: Iterable[Span], idle_limit: timedelta = IDLE_LIMIT, pauses: Iterable[Interval] = ()
) -> dict[str, timedelta]:
    """Working time of each candidate: its cells and the short gap before each of them in the same kernel.

    The gap goes to the cell that ends it, since that is what was being written. Ordinary cells belong to no one.
    """
    holes = list(pauses)
    by_kernel: dict[str, list[Span]] = {}
    for span in spans:
        by_kernel.setdefault(span.kernel, []).append(span)
    claimed: dict[str, list[Interval]] = {}
    for of_kernel in by_kernel.values():
        last_end: datetime | None = None
        for span in sorted(of_kernel, key=lambda s: s.start):
            start = span.start
            if last_end is not None and timedelta() < start - last_end < idle_limit:
                start = last_end
            if span.candidate is not None:
                claimed.setdefault(span.candidate, []).append((start, max(span.start, span.end)))
            last_end = max(span.end, last_end) if last_end else span.end
    return {name: total(subtract(union(mine), holes)) for name, mine in claimed.items()}


_UNITS = {"d": "d", "h": "h", "m": "m", "min": "m", "s": "s"}
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(d|h|min|m|s)\s*", re.IGNORECASE)


def parse(text: str, hours_a_day: float = HOURS_A_DAY) -> timedelta:
    """Read a budget such as "90m", "6h", "1h30m" or "3d" (a day is `hours_a_day` working hours).

    Raises:
        MleeError: not such a duration, or not longer than nothing.
    """
    position, whole = 0, timedelta()
    while position < len(text) and (part := _PART.match(text, position)):
        amount, unit = float(part[1]), _UNITS[part[2].lower()]
        hours = {"d": hours_a_day, "h": 1.0, "m": 1 / 60, "s": 1 / 3600}[unit]
        try:
            whole += timedelta(hours=amount * hours)
        except OverflowError:
            break
        position = part.end()
    if position < len(text) or not whole:
        raise MleeError(f"{text[:40]!r} is not a duration.", "Write 90m, 6h, 1h30m or 3d.")
    return whole


def show(duration: timedelta) -> str:
    """A duration as people say it: "45 s", "10 min", "3 h 40", "6 h"; working hours, never days."""
    seconds = max(0, round(duration.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"
