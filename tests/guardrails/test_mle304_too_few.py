from __future__ import annotations

from tests.builders import decided, evidence, result, results
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

CASES = {
    "one approach, chosen": (
        FINDING,
        evidence(results=results({"svm": 9}), decision=decided("svm")),
        "svm was chosen after 1 approach: nothing",
    ),
    "the second one failed": (
        FINDING,
        evidence(results=(result("svm"), result("knn", outcome="error", metric=None)), decision=decided("svm")),
        "--simplicity 1",
    ),
    "the second one after the choice": (
        FINDING,
        evidence(results=(result("svm"), result("knn", stage="development")), decision=decided("svm")),
        "1 approach",
    ),
    "chosen before anything ran": (FINDING, evidence(results=(), decision=decided("svm")), "0 approaches"),
    "two approaches": (OK, evidence(results=results({"svm": 1, "knn": 1}), decision=decided("svm")), ""),
    "a dropped one was tried as well": (OK, evidence(decision=decided("svm")), ""),
    "against all of them": (OK, evidence(results=(), decision=decided(None)), ""),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "no decision yet"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE304", case)
