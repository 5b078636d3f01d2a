"""How worn a truth is: its looks, read off the store, and the luck that steering by their scores could have gained.

Each look is compared once with what led at its time, and only new looks are read: what was found of the earlier ones
is remembered as long as the kernel lives.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from mlee_jupyter.domain import Judgement, Look, ResultKind, Wear
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import Entry, scored_entry
from mlee_jupyter.stats.compare.dependence import Sampling, read_sampling
from mlee_jupyter.stats.compare.pairs import Pairs, compare_pairs
from mlee_jupyter.stats.compare.wear import count_bound, luck_budget, luck_of_step
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.traits import MetricFacts, Target

MOST_MEASURED = 2000  # looks; further ones are taken for as wide as they can be, the budget being long spent
HOPELESS = 3.0  # standard errors behind what led: 0.13% of looks that are as good in truth (Andrews and Soares 2010)
FIXED = ""  # the one step of all looks that were fixed beforehand


@dataclass(frozen=True, kw_only=True, eq=False)
class Scale:
    """How answers are scored."""

    facts: MetricFacts
    target: Target | None  # None: the truth's rows are not kept
    laid: Mapping[str, Any] = field(default_factory=dict)  # the rows' groups, times and weights
    time_ordered: bool = False

    def score(self, entry: Entry, n: int | None) -> Scored | None:
        """A column, or None where it cannot be scored."""
        try:
            scored = scored_entry(entry, self.target, self.facts, n)
            return self._sampling(scored).weighted(scored)
        except MleeError:
            return None

    def pair(self, one: Scored, other: Scored) -> Pairs:
        """Two columns compared."""
        return compare_pairs(self._sampling(one).collapsed([one, other]))

    def _sampling(self, scored: Scored) -> Sampling:
        return read_sampling(len(scored.psi), self.facts, self.target, **self.laid, time_ordered=self.time_ordered)


@dataclass(kw_only=True, eq=False)
class Course:
    """What the looks at one truth were, one after the other, on one scale."""

    scale: Scale
    read: Callable[[str], np.ndarray]  # an array by its content hash; raises MleeError where it is gone
    dropped: frozenset[str] = frozenset()  # answers of dropped candidates: looks too, to which nothing is held
    looks: int = 0
    last: int = 0  # number of the newest look that was taken in
    steered: int = 0
    measured: int = 0
    compared: int = 0  # looks after the first that still stands
    first: Scored | None = None
    experiments: set[str | None] = field(default_factory=set)
    notebooks: set[str] = field(default_factory=set)
    sides: set[str] = field(default_factory=set)  # hand-overs of nothing but another metric
    # by hand-over: the standard error of each look against what led before, 0 of a hopeless one; None: not measured
    steps: dict[str, list[float | None]] = field(default_factory=dict)
    _begun: bool = False  # a first look stands, though its rows may be gone
    _best: Scored | None = None
    _leading: Scored | None = None  # before the hand-over that is being taken in
    _hand_over: str | None = None

    def take_in(self, looks: Sequence[Look]) -> None:
        """Go on with further looks, oldest first."""
        for look in looks:
            self.last = look.number
            self.looks += 1
            self.steered += look.steered
            self.experiments.add(look.experiment)
            if look.notebook is not None:
                self.notebooks.add(look.notebook)
            scored, stands = self._scored(look), look.rows not in self.dropped and not look.of_the_side
            if not self._begun:
                if stands:
                    self._begun, self.first, self._best = True, scored, scored
                    self._hand_over, self._leading = look.hand_over, scored
                continue
            if look.hand_over != self._hand_over:
                self._hand_over, self._leading = look.hand_over, self._best
            before = self._leading if look.steered else self.first
            self.compared += 1
            step = self.steps.setdefault(look.hand_over if look.steered else FIXED, [])
            if look.of_the_side:
                self.sides.add(look.hand_over)
            step.append(self._luck(before, scored))
            if stands and scored is not None and (self._best is None or scored.theta > self._best.theta):
                self._best = scored

    def _scored(self, look: Look) -> Scored | None:
        if self.measured >= MOST_MEASURED:
            return None
        if look.kind == ResultKind.INFLUENCE and look.metric != self.scale.facts.name:
            return None  # what was kept of it says nothing in this metric
        try:
            rows = self.read(look.rows)
        except MleeError:
            return None  # deleted since
        self.measured += 1
        entry = Entry(candidate="", rows=rows, kind=ResultKind(look.kind), value=look.value, df=look.df)
        return self.scale.score(entry, len(self.first.psi) if self.first is not None else None)

    def _luck(self, before: Scored | None, scored: Scored | None) -> float | None:
        """The error that a look's luck comes from: of its difference to what led; 0 where it could not have led."""
        if before is None or scored is None:
            return None
        spread = float(self.scale.pair(before, scored).spread[0, 1])
        return 0.0 if scored.theta - before.theta < -HOPELESS * spread else spread

    def wear(self, leader: Scored, alpha: float) -> Wear:
        """What the looks leave this truth able to prove of the candidate that leads now."""
        widest = math.sqrt(2) * _error(self.scale, leader)  # as if on rows of its own: no pairing known
        steps = [[widest if spread is None else spread for spread in step] for step in self.steps.values()]
        together = dict(zip(self.steps, steps, strict=True))
        every = [spread for step in steps for spread in step if spread > 0]
        gain, last = None, widest
        if self.first is not None and len(self.first.psi) == len(leader.psi):
            pairs = self.scale.pair(self.first, leader)
            gain, last = float(pairs.theta[1] - pairs.theta[0]), float(pairs.spread[0, 1])
        typical = float(np.mean(every)) if every else last
        return Wear(
            looks=self.looks,
            steered=self.steered,
            experiments=len(self.experiments),
            notebooks=len(self.notebooks),
            expected_luck=sum(luck_of_step(step)[0] for name, step in together.items() if name != FIXED),
            budget=luck_budget(built_on(together, self.sides), self.compared, last, alpha),
            one_look=count_bound(1, typical, alpha),
            gain=gain,
            estimated=sum(spread is None for step in self.steps.values() for spread in step),
        )


def built_on(steps: Mapping[str, Sequence[float]], sides: Container[str] = ()) -> list[Sequence[float]]:
    """The looks by hand-over, each alone where a later look was steered by the answers of its hand-over.

    Handed over together, looks cost the luck of the largest of them. Whoever then combines what helped has used every
    answer, so that each was a step of its own. `sides` answered nothing anew, and so were built on nothing.
    """
    newest = next((name for name in reversed(list(steps)) if name != FIXED and name not in sides), None)
    found: list[Sequence[float]] = []
    for name, step in steps.items():
        found += [step] if newest in (None, name) or name in sides else [[look] for look in step]
    return found


def _error(scale: Scale, scored: Scored) -> float:
    return math.sqrt(float(scale.pair(scored, scored).variance[0]))


def with_wear(judgement: Judgement, course: Course, leader: Entry) -> Judgement:
    """The judgement with the wear of its truth; as it was where the leader cannot be scored again.

    Rows that are worn suggest nobody: what a choice may cost is bounded for candidates fixed before a look at them.
    """
    scored = course.scale.score(leader, None)
    if scored is None or course.looks == 0:
        return judgement
    wear = course.wear(scored, judgement.alpha)
    worn = wear.spent(judgement.useful_gain) and not wear.proven
    return replace(judgement, wear=wear, recommended=None if worn else judgement.recommended)
