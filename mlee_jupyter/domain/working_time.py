"""Working time: intervals in, durations out. Pure; no clock is read here.

Active time is the union over kernels of what cells ran, and of the gaps between them that are shorter than an
idle limit: thinking counts, lunch does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from . import Span

Interval = tuple[datetime, datetime]

IDLE_LIMIT = timedelta(minutes=10)


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
