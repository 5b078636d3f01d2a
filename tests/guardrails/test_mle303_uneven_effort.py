from __future__ import annotations

from mlee_jupyter.guardrails import find_rule
from tests.builders import candidate, decided, evidence, results
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

CASES = {
    "twelve against one": (FINDING, evidence(results=results({"svm": 12, "knn": 1})), "12 variants of svm, 1 of knn"),
    "the way out": (FINDING, evidence(results=results({"svm": 12, "knn": 2})), "%%mlee_candidate knn"),
    "five times is fair": (OK, evidence(results=results({"svm": 10, "knn": 2})), ""),
    "few tries of all": (OK, evidence(results=results({"svm": 9, "knn": 1})), ""),
    "MLE302 speaks": (OK, evidence(results=results({"svm": 21, "knn": 1})), ""),
    "after the decision": (FINDING, evidence(results=results({"svm": 21, "knn": 1}), decision=decided("svm")), "21"),
    "a rule cannot be tuned": (NOT_APPLICABLE, evidence(results=results({"svm": 12, "centroid": 1})), "fewer than two"),
    "a larger number of times": (
        OK,
        evidence(results=results({"svm": 12, "knn": 1}), settings={"uneven-effort": {"limit": 20}}),
        "",
    ),
    "one was tried": (
        NOT_APPLICABLE,
        evidence(results=results({"svm": 12}), candidates=[candidate("svm", 3), candidate("knn", 2)]),
        "fewer than two candidates",
    ),
    "an honest experiment": (OK, evidence(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE303", case)


def test_it_is_a_preview() -> None:
    assert find_rule("uneven-effort").preview
