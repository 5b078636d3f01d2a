"""The side that knows the truth: it takes predictions in and gives away rungs of the Ladder, nothing else.

Everything is kept in the referee's own store, which holds truth and predictions as any store does: whoever runs the
referee sees the whole board there. What was shown is worked out anew from the looks, so it survives a restart.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mlee_jupyter.domain import Look, ResultKind, Truth
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.evidence.looks import Scale
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.lead import lead
from mlee_jupyter.record.scored_run import Run
from mlee_jupyter.report.lines.given_away import GivenAway, HandedIn, PublicFacts
from mlee_jupyter.stats.compare.dependence import read_sampling
from mlee_jupyter.stats.compare.pairs import compare_pairs
from mlee_jupyter.stats.looking.ladder import Ladder, Lead
from mlee_jupyter.stats.metrics.catalogue import default_metric, metric_facts
from mlee_jupyter.stats.metrics.scored import Scored
from mlee_jupyter.stats.metrics.target import prepare

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session

TRUTH = "truth"  # the name under which the session finds the right answers
MOST_LABELS = 50  # that are listed for whoever hands in
_NO_TIME = timedelta()
_ANSWERS = {"labels": "labels", "scores": "probabilities", "numbers": "numbers"}


class TruthSide:
    """The referee of one experiment.

    Args:
        here: a session on the referee's own store, in which the experiment is open and its truth declared.
        alpha: chance that luck alone is ever shown as a step.

    Raises:
        MleeError: no truth, or a metric that has no rows to compare.
    """

    def __init__(self, here: Session, alpha: float = 0.05) -> None:
        experiment = here.experiment()
        truth = here.declared.truth(experiment)
        if truth is None:
            raise MleeError("A referee needs the right answers.", "Name their file: --truth FILE.")
        charter = experiment.charter
        self._facts = metric_facts(charter.metric or default_metric(truth.rows), charter.average)
        self._here, self._truth = here, truth
        self._target = prepare(truth.rows, self._facts, charter.positive)
        laid: dict[str, Any] = {one.what: one.rows for one in here.declared.layouts(experiment, truth).layouts}
        self._scale = Scale(facts=self._facts, target=self._target, laid=laid)
        self._sampling = read_sampling(truth.n, self._facts, self._target, **laid)
        self._ladder = Ladder(lead=self._lead, error=self._error, alpha=alpha)
        self._looks: list[HandedIn] = []
        self._known: dict[str, int] = {}  # content of the answers -> their look
        self._last = 0
        self.public = _public(experiment.name, truth, self._facts.needs, self._facts)
        self._catch_up()

    def given(self) -> GivenAway:
        """All that was shown so far."""
        return GivenAway(grid=self._ladder.grid, looks=tuple(self._looks))

    def hand_in(self, candidate: str, variant: str | None, kind: ResultKind, rows: Any) -> tuple[int, bool]:
        """Judge predictions and keep them: the number of their look, and whether they were handed in before.

        Args:
            candidate: the approach.
            variant: the setting tried.
            kind: PREDICTIONS or SCORES.
            rows: as many as the truth has.

        Raises:
            MleeError: they cannot be scored. Its text may say why by the truth: it is for the referee alone.
        """
        run = Run(started_at=self._here.now(), duration=_NO_TIME, variant=variant)
        before = len(self._looks)
        self._here.record(candidate, self._here.read(rows, None, kind=kind), run)
        self._catch_up()
        answers = self._here.records().results[-1].rows or ""
        return self._known[answers], len(self._looks) == before

    def _catch_up(self) -> None:
        """Take in what the store holds beyond what was seen: everything, after a start."""
        fresh = self._here.store.looks_at(self._truth.fingerprint, self._last)
        if not fresh:
            return
        results = self._here.records().results
        by_answers = {one.rows: one for one in reversed(results) if one.rows is not None}
        for look in fresh:
            self._last = look.number
            if look.of_the_side:
                continue  # whoever holds the truth looked at what was handed in already
            rung = self._ladder.look(self._scored(look))
            made = by_answers.get(look.answers)
            self._known[look.answers] = number = len(self._looks) + 1
            self._looks.append(
                HandedIn(
                    look=number,
                    candidate=made.candidate if made else "",
                    variant=made.variant if made else "",
                    level=rung.level if rung else None,
                    gained=rung.gained if rung else 0,
                )
            )

    def _scored(self, look: Look) -> Scored:
        rows = self._here.store.rows(look.answers)
        scored = self._scale.score(Entry(candidate="", rows=rows, kind=ResultKind(look.kind)), self._truth.n)
        if scored is None:
            raise MleeError(f"Look {look.number} of the referee's store cannot be scored again.", "Begin a new store.")
        return scored

    def _lead(self, best: Scored, new: Scored) -> Lead:
        return lead(best, new, self._facts, self._target, self._sampling)

    def _error(self, one: Scored) -> float:
        """The standard error of a score; of one without errors at least half a row."""
        least = 0.5 / self._truth.n if self._facts.bounded else 0.0
        return max(least, math.sqrt(float(compare_pairs(self._sampling.collapsed([one])).variance[0])))


def _public(name: str, truth: Truth, needs: str, facts: Any) -> PublicFacts:
    kinds = tuple(truth.classes) if truth.kind == "labels" and len(truth.classes) <= MOST_LABELS else ()
    return PublicFacts(
        experiment=name,
        metric=facts.name,
        higher_is_better=facts.higher_is_better,
        bounded=facts.bounded,
        rows=truth.n,
        answers=_ANSWERS.get(needs, needs),
        text=truth.rows.dtype == object,
        labels=kinds if needs != "numbers" else (),
    )
