"""One flaw put into a healthy experiment, and nothing else changed; each says whether it could be planted there.

The flaws themselves are in `flaws/`; here is what they are made of.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np

from mlee_jupyter.domain import Evidence
from mlee_jupyter.record.scored_run import Run
from mlee_jupyter.session.session import Session

from .drawing import Act, Healthy

FLAWS: dict[str, Callable[[Healthy], bool]] = {}
NOT_PLANTED = {
    "MLE606": "of a planned A/B test, which is not an experiment: `benchmarks.ab`",
    "MLE607": "of an A/B test's table: `benchmarks.ab`",
    "MLE712": "needs a package and a proof: tests/guardrails",
}
Flaw = Callable[[Healthy], bool]


def flaw(code: str) -> Callable[[Flaw], Flaw]:
    """Registers how the fault of a rule is planted."""

    def register(made: Flaw) -> Flaw:
        FLAWS[code] = made
        return made

    return register


def of_rows(one: Healthy) -> bool:
    return one.kind == "rows"


def labels(one: Healthy) -> bool:
    return of_rows(one) and one.metric == "accuracy"


def boxed(one: Healthy, used: float) -> bool:
    one.budget, one.used, one.sittings, one.decide = one.budget or 4.0, used, 1, False
    return True


def simple(one: Healthy) -> list[str]:
    return list(dict.fromkeys(each.candidate for each in one.tries))


def cut(one: Healthy, rows: int) -> bool:
    """So many test rows, drawn from those that there are; what hangs on their order goes along."""
    if not of_rows(one) or {"time", "groups"} & set(one.charter) or one.n <= rows:
        return False
    one.setup.append(f"X_test, y_test = X_test.iloc[:{rows}], y_test.iloc[:{rows}]")
    return True


def record(
    candidate: str,
    make: Callable[[Session], Any],
    *,
    minutes: float = 0.02,
    **options: Any,
) -> Act:
    """A run that the session is handed directly, as the doors do: its time is said and not taken."""

    def call(here: Session) -> None:
        run = Run(started_at=here.now(), duration=timedelta(minutes=minutes), **options)
        here.record(candidate, here.read(make(here), None), run)
        here.news()

    return Act(call=call)


def noisy(wrong: float, chance: np.random.Generator) -> Callable[[Session], Any]:
    """Labels that are wrong on a share of the rows."""

    def make(here: Session) -> Any:
        truth = np.asarray(here.names["y_test"])
        off = chance.random(len(truth)) < wrong
        return np.where(off, (truth + 1) % (truth.max() + 1), truth)

    return make


def wrong_on(rows: int, chance: np.random.Generator) -> Callable[[Session], Any]:
    """Labels that are wrong on so many rows."""

    def make(here: Session) -> Any:
        answers = np.array(here.names["y_test"])
        places = chance.permutation(len(answers))[:rows]
        answers[places] = (answers[places] + 1) % (answers.max() + 1)
        return answers

    return make


def leader(evidence: Evidence) -> str | None:
    return None if evidence.judgement is None else evidence.judgement.leader


def text(one: Healthy, source: str, where: str = "end") -> bool:
    """A cell of the notebook's text that is not run here."""
    one.late.append(Act(source, runs=False, where=where))
    return True


def served(one: Healthy, **changes: Any) -> bool:
    if not of_rows(one) or not one.has_charter:
        return False
    usual = {"mode": "weekly batch", "used_every": "weekly", "answers_per_month": 4000.0, "value_per_month": 1000.0}
    one.charter["serving"] = {**usual, **one.charter.get("serving", {}), **changes}
    one.charter.setdefault("measure", "One region in five goes on as today, for 8 weeks")
    return True
