"""Whether a search that steers by its scores went past what its rows, or folds, can carry; an audit's arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterable

from mlee_jupyter.domain import Measured, ResultKind
from mlee_jupyter.domain.audits import Tuning
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.by_scores import scored_number, unpaired_spread
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.standings import ASSUMED_GAIN
from mlee_jupyter.judge.tuning import how_far
from mlee_jupyter.stats.compare.folds import inflation, read_folds, scored_folds
from mlee_jupyter.stats.compare.pairs import paired_spread
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts

ALPHA = 0.05


class TooFar:
    """The tries of one search so far, the oldest first; says once when luck may give as much as matters."""

    def __init__(self) -> None:
        self._columns: list[Scored] = []
        self._wider = 1.0  # errors of folds, for the training rows that they share
        self._kind: ResultKind | None = None
        self.is_said = False

    @property
    def tries(self) -> int:
        """Those that tell their own error."""
        return len(self._columns)

    def passed(
        self, fresh: Iterable[Measured], facts: MetricFacts, useful_gain: float | None, *, new: bool
    ) -> Tuning | None:
        """Take further tries in; the answer once, when they went too far.

        Args:
            fresh: results of tries, the oldest first; those without an error of their own tell nothing.
            facts: the metric.
            useful_gain: of the charter; None: the assumed one.
            new: False where they were on record before, so that it was said then.
        """
        if self.is_said:
            return None
        for measured in fresh:
            self._add(measured, facts)
        found = self._how_far(facts, useful_gain)
        if found is None or found.steered_from is None:
            return None
        self.is_said = True
        return found if new else None

    def _add(self, measured: Measured, facts: MetricFacts) -> None:
        if self._kind not in (None, measured.kind):
            return
        try:
            column = _column(measured, facts)
        except MleeError:
            return
        if self._kind is None and measured.kind is ResultKind.FOLDS:
            read = read_folds(measured.rows, facts)
            self._wider = math.sqrt(inflation(len(read.scores), read.test_to_train))
        self._kind = measured.kind
        self._columns.append(column)

    def _how_far(self, facts: MetricFacts, useful_gain: float | None) -> Tuning | None:
        if len(self._columns) < 2:
            return None
        folds = self._kind is ResultKind.FOLDS
        count = len(self._columns[0].psi)
        same = [one for one in self._columns if len(one.psi) == count]
        gain = useful_gain
        if gain is None:
            gain = ASSUMED_GAIN if facts.has_common_scale else ASSUMED_GAIN * max(abs(one.theta) for one in same)
        spread = (lambda one, other: paired_spread(one, other) * self._wider) if folds else unpaired_spread
        return how_far(same, spread, gain, ALPHA, in_order=True, is_bound=not folds)


def _column(measured: Measured, facts: MetricFacts) -> Scored:
    if measured.kind is ResultKind.FOLDS:
        return scored_folds(facts, read_folds(measured.rows, facts).scores)
    return scored_number(
        Entry(candidate="", rows=None, kind=ResultKind.NUMBER, value=measured.value, n=measured.n), facts
    )
