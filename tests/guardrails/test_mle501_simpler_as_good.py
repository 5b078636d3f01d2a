from __future__ import annotations

from mlee_jupyter.domain import CandidateState, Verdict
from tests.builders import candidate, candidates, decided, evidence, judgement, result, standing
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

BEST = standing("svm", 0.96, Verdict.BEST, simplicity=3)
GOOD = judgement((BEST, standing("knn", 0.955, Verdict.AS_GOOD, simplicity=2)))
BOUND = (
    standing("svm", 0.96, Verdict.CANT_TELL, simplicity=3),
    standing("knn", 0.955, Verdict.CANT_TELL, simplicity=2, cost_bound=0.02),
)
UNRANKED = (standing("svm", 0.96, Verdict.BEST), standing("knn", 0.955, Verdict.AS_GOOD))
TIMED = (result("svm", answer_seconds=0.00005), result("knn", answer_seconds=0.00033))
CASES = {
    "knn is as good": (
        FINDING,
        evidence(judgements=[GOOD], decision=decided("svm")),
        "knn is as good and simpler (2 against 3)",
    ),
    "the way out": (
        FINDING,
        evidence(judgements=[GOOD], decision=decided("svm")),
        "decide knn --because ..., or keep svm for a reason",
    ),
    "the chosen one is faster": (
        FINDING,
        evidence(judgements=[GOOD], decision=decided("svm"), results=TIMED),
        "keep svm if answer time matters: 0.05 against 0.33 ms",
    ),
    "the verdict is open, the bound is not": (
        FINDING,
        evidence(judgements=[judgement(BOUND, winner=None)], decision=decided("svm")),
        "knn is as good",
    ),
    "the rank is the candidate's": (
        FINDING,
        evidence(judgements=[judgement(UNRANKED)], decision=decided("svm")),
        "knn is as good and simpler (2 against 3)",
    ),
    "nothing simpler is as good": (OK, evidence(decision=decided("svm")), ""),
    "the simplest was chosen": (OK, evidence(judgements=[GOOD], decision=decided("knn")), ""),
    "the simpler one was dropped": (
        OK,
        evidence(judgements=[GOOD], decision=decided("svm"), candidates=candidates(knn=CandidateState.DROPPED)),
        "",
    ),
    "against all": (OK, evidence(judgements=[GOOD], decision=decided(None)), ""),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "no decision yet"),
    "nothing judged": (NOT_APPLICABLE, evidence(judgements=(), decision=decided("svm")), "%%mlee_candidate"),
    "no rank": (
        NOT_APPLICABLE,
        evidence(judgements=[judgement(UNRANKED)], decision=decided("svm"), candidates=[candidate("svm")]),
        "--simplicity",
    ),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE501", case)
