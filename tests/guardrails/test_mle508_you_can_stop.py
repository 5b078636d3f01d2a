from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from mlee_jupyter.domain import CandidateState, Estimate, Evidence, Verdict
from tests.builders import HOUR, candidates, charter, coverage, decided, evidence, judgement, results, standing
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

estimate = partial(Estimate, candidate="")
BEST = standing("svm", 0.96, Verdict.BEST, simplicity=3)
LOSS = standing("svm", 13.0, Verdict.BEST, low=12.5, high=13.5)


def planned(**estimates: Any) -> Evidence:
    """The target is reached by svm; knn and centroid are untried yet, with what was planned for them."""
    agreed = charter(must_reach=0.94, estimates=tuple(replace(one, candidate=c) for c, one in estimates.items()))
    return evidence(agreed=agreed, results=results({"svm": 1}), judgements=[judgement([BEST])])


def at(target: float | None, **changes: Any) -> Evidence:
    return evidence(agreed=charter(must_reach=target), **changes)


CASES = {
    "the leader reaches it": (
        FINDING,
        at(0.94),
        "svm reaches 94% with 5 h left: its score is at least 95.0% | You can stop: %mlee_experiment decide svm",
    ),
    "the simplest that reaches it": (FINDING, at(0.85), "centroid reaches 85%"),
    "no box": (FINDING, at(0.94, budget=None), "svm reaches 94%: its score"),
    "a loss": (
        FINDING,
        at(14.0, judgements=[judgement([LOSS], bounded=False, higher_is_better=False, metric="mean_absolute_error")]),
        "svm reaches 14 with 5 h left: its score is at most 13.50",
    ),
    "what it saves of the plan": (
        FINDING,
        planned(knn=estimate(first_try="1h"), centroid=estimate(first_try="30m")),
        "You can stop and save the 1 h 30 of trying knn and centroid: %mlee_experiment decide svm",
    ),
    "no more than the box has left": (
        FINDING,
        planned(knn=estimate(first_try="8h"), centroid=estimate(first_try="8h")),
        "save the 5 h of trying",
    ),
    "what it saves of building": (
        FINDING,
        planned(svm=estimate(build="2h"), knn=estimate(build="40h")),
        "You can stop and save 38 h of building, were it knn: %mlee_experiment",
    ),
    "a plan for one of two": (FINDING, planned(knn=estimate(first_try="1h")), "You can stop: %mlee_experiment"),
    "what is cheaper to build": (
        FINDING,
        planned(svm=estimate(build="40h"), knn=estimate(build="2h")),
        "You can stop: %mlee_experiment",
    ),
    "an honest experiment": (OK, evidence(), ""),
    "the range spans it": (OK, at(0.955), ""),
    "luck is taken off the leader": (OK, at(0.94, judgements=[judgement(flattery=0.011)]), ""),
    "the kinds are not all there": (OK, at(0.94, coverage=coverage(2)), ""),
    "no time left": (OK, at(0.94, used=6 * HOUR), ""),
    "decided": (OK, at(0.94, decision=decided("svm")), ""),
    "the one that reaches it was dropped": (OK, at(0.94, candidates=candidates(svm=CandidateState.DROPPED)), ""),
    "no target": (NOT_APPLICABLE, at(None), "must_reach"),
    "nothing judged": (NOT_APPLICABLE, at(0.94, judgements=()), "%%mlee_candidate"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE508", case)
