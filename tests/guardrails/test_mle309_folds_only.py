from __future__ import annotations

from mlee_jupyter.domain import Evidence
from tests.builders import decided, evidence, results
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def folded(*names: str, also: tuple[str, ...] = (), decision: str | None = None) -> Evidence:
    folds = results(dict.fromkeys(names, 1), kind="folds", truth=None, n=5)
    lines = (*folds, *(results(dict.fromkeys(also, 1)) if also else ()))
    return evidence(results=lines, judgements=(), decision=decided(decision) if decision else None)


CASES = {
    "two candidates": (
        FINDING,
        folded("svm", "knn"),
        "(svm and knn) have fold scores only: their ranges are wide, for folds share training rows | Record",
    ),
    "one that was chosen": (FINDING, folded("svm", decision="svm"), "1 candidate (svm) has fold scores only"),
    "an honest experiment": (OK, evidence(), ""),
    "one so far": (OK, folded("svm"), ""),
    "predictions as well": (OK, folded("svm", "knn", also=("centroid",)), ""),
    "numbers only": (OK, evidence(results=results(kind="number", truth=None), judgements=()), ""),
    "nothing recorded": (NOT_APPLICABLE, evidence(results=(), judgements=()), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE309", case)
