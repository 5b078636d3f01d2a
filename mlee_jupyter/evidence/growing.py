"""A truth that grew: its first rows are an earlier one, on which the same candidates were judged.

Each size was a look, and whoever stops at the first winner of twenty looks names one of equals in a quarter of test
sets. So a later size is judged by what it takes at a look among several: by the charter's horizon where it stood there
before the first look, else by a bound that holds at every size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from mlee_jupyter.domain import Judgement, Records, Result, RunOutcome, Truth
from mlee_jupyter.domain.text.names import count, ordinal
from mlee_jupyter.stats.compare.growth import Growth, grown

from .latest_results import BY_ROW
from .memory import Memory

FEWEST_SHARED = 2  # candidates: one alone is compared with nobody


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """The looks at a truth that grew, or is to grow."""

    rows: tuple[int, ...]  # at each look, rising, the last one now
    horizon: int | None  # that stood in the charter at the first of them
    late: bool  # whether the charter names another one by now

    @property
    def growth(self) -> Growth | None:
        """What the judge must know of it; None where this is the only look."""
        return grown(self.rows, self.horizon) if self.horizon is not None or len(self.rows) > 1 else None

    def noted(self, judgement: Judgement) -> Judgement:
        """The judgement with a line on how its rows were looked at."""
        return replace(judgement, caveat=" ".join(part for part in (judgement.caveat, self._said) if part) or None)

    @property
    def _said(self) -> str:
        looks = len(self.rows)
        late = "The horizon came after the first look, so it does not count. " if self.late else ""
        if self.growth is None:
            return late.strip()
        if self.horizon is None:
            return (
                f"{late}The {ordinal(looks)} look at rows that grew from {self.rows[0]:,} to {self.rows[-1]:,}: judged "
                "by a bound that holds at every size. A horizon in the charter before the first look finds more."
            )
        before = self.rows[-2] if looks > 1 else 0
        if before >= self.horizon:
            return (
                f"{late}The horizon of {count(self.horizon, 'row')} was passed at an earlier look: what may be risked "
                "is spent, and later rows hardly name a winner. Confirm on fresh rows."
            )
        return (
            f"{late}The {ordinal(looks)} look on the way to a horizon of {count(self.horizon, 'row')}: judged by "
            "O'Brien and Fleming's bounds, which take more the earlier one looks."
        )


def sizes_of(records: Records, truth: str | None, judged: Sequence[Result], memory: Memory) -> Sizes | None:
    """When candidates of this truth were looked at on its first rows, and now; None where there is nothing to compare.

    Args:
        records: of the experiment.
        truth: fingerprint of the one that is judged now; None: no rows are.
        judged: its results.
        memory: where truths are read from.
    """
    names = {result.candidate for result in judged}
    if truth is None or len(names) < FEWEST_SHARED:
        return None
    now = judged[0].n or 0
    looks = {now: min(result.started_us for result in judged)}
    for earlier in records.truths.values():
        if earlier.n >= now:
            continue
        there = _results_on(records, earlier)
        shared = names & {result.candidate for result in there}
        if len(shared) >= FEWEST_SHARED and _begins_with(memory, truth, earlier.fingerprint):
            looks[earlier.n] = min(result.started_us for result in there)
    first = _horizon_at(records, min(looks.values()))
    horizon = records.experiment.charter.horizon
    return Sizes(rows=tuple(sorted(looks)), horizon=first, late=horizon not in (None, first))


def not_outgrown(
    by_truth: Mapping[str | None, list[Result]], declared: str | None, memory: Memory
) -> dict[str | None, list[Result]]:
    """Without truths of which another one has all rows and all candidates: those are earlier looks, and history.

    Args:
        by_truth: the results on each.
        declared: fingerprint of the declared truth, which always stays.
        memory: where truths are read from.
    """
    names = {truth: {result.candidate for result in results} for truth, results in by_truth.items()}

    def outgrown(truth: str | None) -> bool:
        return any(
            names[truth] <= names[other] and _begins_with(memory, other, truth)
            for other in by_truth
            if truth is not None and other is not None and other != truth != declared
        )

    return {truth: results for truth, results in by_truth.items() if not outgrown(truth)}


def _begins_with(memory: Memory, truth: str, earlier: str) -> bool:
    """Whether the first rows of a truth are those of another one; False where either is not kept."""
    rows, first = memory.truth(truth), memory.truth(earlier)
    if rows is None or first is None or len(first) >= len(rows):
        return False
    same = memory.counted(("begins with", truth, earlier), lambda: float(np.array_equal(rows[: len(first)], first)))
    return bool(same)


def _results_on(records: Records, truth: Truth) -> list[Result]:
    return [
        result
        for result in records.results
        if result.truth == truth.fingerprint and result.outcome == RunOutcome.OK and result.kind in BY_ROW
    ]


def _horizon_at(records: Records, microseconds: int) -> int | None:
    """The horizon that the charter named then."""
    moment = datetime.fromtimestamp(microseconds / 1e6, UTC)
    before = [version.charter for version in records.charters if version.at <= moment]
    charter = before[-1] if before else records.experiment.charter
    return charter.horizon
