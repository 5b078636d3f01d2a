from __future__ import annotations

from mlee_jupyter.domain import CandidateState
from tests.builders import HOUR, candidate, candidates, decided, evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

STARVED = (*candidates(), candidate("forest", state=CandidateState.PLANNED))
FOUR = {"svm": 4 * HOUR}
CASES = {
    "svm took 4 of 6 h, forest nothing": (
        FINDING,
        evidence(candidates=STARVED, active=FOUR),
        "svm took 4 h of 6 h, forest nothing yet",
    ),
    "an honest experiment": (OK, evidence(), ""),
    "half exactly": (OK, evidence(candidates=STARVED, active={"svm": 3 * HOUR}), ""),
    "the others were tried": (OK, evidence(active=FOUR), ""),
    "parked": (OK, evidence(candidates=(candidate("svm", state=CandidateState.PARKED), STARVED[-1]), active=FOUR), ""),
    "the starved one was dropped": (
        OK,
        evidence(candidates=(*candidates(), candidate("forest", state=CandidateState.DROPPED)), active=FOUR),
        "",
    ),
    "decided": (OK, evidence(candidates=STARVED, active=FOUR, decision=decided("svm")), ""),
    "no box": (NOT_APPLICABLE, evidence(candidates=STARVED, active=FOUR, budget=None), "--budget"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE104", case)
