from __future__ import annotations

from mlee_jupyter.domain import CandidateState, Verdict
from tests.builders import baseline, candidates, evidence, judgement, standing
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

BEATEN = judgement(
    (standing("svm", 0.9, Verdict.BEST), standing("knn", 0.55)), baselines=(baseline(0.6, beats=("knn",)),)
)
CASES = {
    "knn is beaten": (
        FINDING,
        evidence(judgements=[BEATEN]),
        "Guessing (most frequent) does better than knn (60.0% against 55.0%)",
    ),
    "the way out": (FINDING, evidence(judgements=[BEATEN]), "%mlee_experiment drop knn --because"),
    "two are beaten": (
        FINDING,
        evidence(judgements=[judgement(baselines=(baseline(0.99, beats=("knn", "centroid")),))]),
        ", and than centroid",
    ),
    "an honest experiment": (OK, evidence(), ""),
    "dropped": (OK, evidence(judgements=[BEATEN], candidates=candidates(knn=CandidateState.DROPPED)), ""),
    "nothing judged": (NOT_APPLICABLE, evidence(judgements=()), "%%mlee_candidate"),
    "no baseline": (NOT_APPLICABLE, evidence(judgements=[judgement(baselines=())]), "baseline"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE405", case)
