from __future__ import annotations

from typing import Any

from mlee_jupyter.domain import CandidateState, Evidence
from tests.builders import candidates, decided, evidence, result, results
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold


def tried(svm: int, knn: int, centroid: int, **changes: Any) -> Evidence:
    """So many variants of each."""
    return evidence(results=results({"svm": svm, "knn": knn, "centroid": centroid}), **changes)


CASES = {
    "the 21st variant": (FINDING, tried(21, 1, 2), "21 variants of svm, 1 or 2 of others: 20 random tries reach"),
    "the way out": (FINDING, tried(21, 1, 2), "%mlee_experiment park svm"),
    "one other with few": (FINDING, tried(21, 4, 9), "21 variants of svm, 4 of another"),
    "planned counts": (FINDING, tried(21, 5, 0), "0 of another"),
    "two of them": (FINDING, tried(21, 22, 1), "21 or 22 variants each of svm and knn, 1 of another: 20 random"),
    "a lower limit": (FINDING, tried(6, 1, 1, settings={"tuning-too-early": {"limit": 5}}), "6 variants of svm"),
    "an honest experiment": (OK, evidence(), ""),
    "the 20th variant": (OK, tried(20, 1, 1), ""),
    "the others were tried five times": (OK, tried(50, 5, 5), ""),
    "parked": (OK, tried(21, 1, 1, candidates=candidates(svm=CandidateState.PARKED)), ""),
    "chosen": (OK, tried(21, 1, 1, candidates=candidates(svm=CandidateState.CHOSEN)), ""),
    "the others were dropped or parked": (
        NOT_APPLICABLE,
        tried(21, 1, 1, candidates=candidates(knn=CandidateState.DROPPED, centroid=CandidateState.PARKED)),
        "only one candidate",
    ),
    "a higher limit": (OK, tried(30, 1, 1, settings={"tuning-too-early": {"limit": 40}}), ""),
    "a limit that is none": (OK, tried(20, 1, 1, settings={"tuning-too-early": {"limit": "three"}}), ""),
    "decided": (OK, tried(21, 1, 1, decision=decided("svm")), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE302", case)


def test_repeats_of_one_variant_are_no_variants() -> None:
    repeated = [result("svm", run_id=k) for k in range(30)] + list(results({"knn": 1, "centroid": 1}))
    assert ask("MLE302", evidence(results=repeated)).outcome is OK


def test_it_is_worse_at_the_double_only_or_for_another_approach() -> None:
    severity = {count: ask("MLE302", tried(count, 1, 1)).severity for count in (21, 22, 41, 42, 84)}
    assert severity == {21: 1, 22: 1, 41: 1, 42: 2, 84: 3}
    assert ask("MLE302", tried(22, 21, 1)).severity == 2
