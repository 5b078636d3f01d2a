"""The columns of one comparison: every entry scored, the best first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.compare.pairs import paired_spread
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.rows.columns import shown

from .entries import Entry

MOST_COLUMNS = 200
ROUNDING = 1e-12  # of the scale of the scores: sums in another order differ by less


@dataclass(frozen=True, kw_only=True, eq=False)
class Field:
    """The scored columns of one comparison, best first."""

    entries: list[Entry]
    columns: list[Scored]
    looks: int
    others_theta: np.ndarray  # of variants beyond the first 200, which only count for luck
    others_spread: np.ndarray
    failed: dict[str, str]


def score_all(
    entries: Sequence[Entry],
    score_one: Callable[[Entry, int | None], Scored],
    rows: int | None,
    spread_of: Callable[[Scored, Scored], float] = paired_spread,
) -> Field:
    """Every entry as a column; what cannot be scored is in `failed` with its reason.

    Args:
        entries: one per variant.
        score_one: scores one entry, given the number of rows it must have, if that is known.
        rows: that number before the first entry is scored.
        spread_of: the standard error of the difference of two columns.

    Raises:
        MleeError: no entry could be scored.
    """
    failed: dict[str, str] = {}
    faults: dict[str, tuple[str, str]] = {}
    good: list[tuple[float, Entry, Scored | None]] = []
    hold = len(entries) <= MOST_COLUMNS
    for entry in entries:
        try:
            scored = score_one(entry, rows)
        except MleeError as fault:
            faults[f"{entry.candidate} ({entry.variant})" if entry.variant else entry.candidate] = (
                entry.candidate,
                str(fault),
            )
            continue
        rows = scored.n
        good.append((scored.theta, entry, scored if hold else None))
    judged = {entry.candidate for _, entry, _ in good}
    for key, (candidate, reason) in faults.items():
        # a candidate with another variant that could be judged stands; only that variant is named as failed
        failed.setdefault(key if candidate in judged else candidate, reason)
    if not good:
        first = next(iter(failed.items()), None)
        raise MleeError(
            f"No candidate could be judged. {shown(first[0])}: {first[1]}" if first else "There is nothing to compare.",
            "" if first else "Pass at least one candidate with its predictions.",
        )
    # best first, and by name among equals, so that the order of the call changes nothing
    good = _level(good)
    good.sort(key=lambda one: (-one[0], one[1].candidate, one[1].variant))
    kept, others = _kept(good)
    columns = [replace(scored or score_one(entry, rows), theta=theta) for theta, entry, scored in kept]
    spread = [spread_of(columns[0], score_one(entry, rows)) for _, entry, _ in others]
    return Field(
        entries=[entry for _, entry, _ in kept],
        columns=columns,
        looks=len(good),
        others_theta=np.array([theta for theta, _, _ in others]),
        others_spread=np.array(spread),
        failed=failed,
    )


_Row = tuple[float, Entry, Scored | None]


def _level(good: list[_Row]) -> list[_Row]:
    """The rows best first, with scores made equal that differ by rounding alone: which is ahead would be chance."""
    good = sorted(good, key=lambda one: -one[0])
    level: list[_Row] = []
    for theta, entry, scored in good:
        if level:
            above = level[-1][0]
            scale = abs(above) if scored is None else max(abs(above), scored.largest)
            if above - theta <= ROUNDING * scale:
                level.append((above, entry, scored))
                continue
        level.append((theta, entry, scored))
    return level


def _kept(good: list[_Row]) -> tuple[list[_Row], list[_Row]]:
    """Up to 200 columns for the set: the best of every candidate, then the highest scores.

    Columns beyond that score lower than a sibling that is in, so they can hardly be best; but each was a look, and
    together they make the leader's score lucky, so they still count for luck with their own standard errors.
    """
    if len(good) <= MOST_COLUMNS:
        return good, []
    seen: set[str] = set()
    first: set[int] = set()
    for place, (_, entry, _) in enumerate(good):
        if entry.candidate not in seen:
            seen.add(entry.candidate)
            first.add(place)
    chosen = sorted(first)
    chosen += [place for place in range(len(good)) if place not in first][: max(0, MOST_COLUMNS - len(chosen))]
    inside = set(chosen)
    return [good[p] for p in sorted(inside)], [row for p, row in enumerate(good) if p not in inside]
