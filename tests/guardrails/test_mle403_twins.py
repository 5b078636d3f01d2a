from __future__ import annotations

from mlee_jupyter.domain import CandidateState
from tests.builders import candidates, evidence, results
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

CASES = {
    "two names, one array": (
        FINDING,
        evidence(twins=[("svm", "knn")]),
        "svm and knn give the same predictions, bit for bit: one",
    ),
    "the way out": (FINDING, evidence(twins=[("svm", "knn")]), "%mlee_experiment drop knn --because"),
    "two pairs": (FINDING, evidence(twins=[("svm", "knn"), ("svm", "centroid")]), "(2 such pairs)"),
    "an honest experiment": (OK, evidence(), ""),
    "one of them dropped": (
        OK,
        evidence(twins=[("svm", "knn")], candidates=candidates(knn=CandidateState.DROPPED)),
        "",
    ),
    "one candidate": (NOT_APPLICABLE, evidence(results=results({"svm": 3})), "%%mlee_candidate"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE403", case)
