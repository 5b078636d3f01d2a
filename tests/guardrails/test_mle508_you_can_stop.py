from __future__ import annotations

from typing import Any

from mlee_jupyter.domain import CandidateState, Evidence, Verdict
from tests.builders import HOUR, candidates, charter, coverage, decided, evidence, judgement, standing
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

LOSS = standing("svm", 13.0, Verdict.BEST, low=12.5, high=13.5)


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
