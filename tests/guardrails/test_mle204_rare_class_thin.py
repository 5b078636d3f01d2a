from __future__ import annotations

from mlee_jupyter.domain import Evidence
from tests.builders import charter, evidence, truth
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def two(rare: int) -> Evidence:
    """Honest payments and so many frauds."""
    held = truth(2000, {"honest": 2000 - rare, "fraud": rare})
    return evidence(truths=[held], declared_truth=held, judgements=())


def ten(rare: int, metric: str) -> Evidence:
    held = truth(2000, {str(k): rare if k == 3 else 200 for k in range(10)})
    return evidence(agreed=charter(metric=metric), truths=[held], declared_truth=held, judgements=())


CASES = {
    "12 frauds": (
        FINDING,
        two(12),
        "12 test cases of class fraud: the share of them found is known to 25 points either way",
    ),
    "10 are known to 26 points": (FINDING, two(10), "known to 26 points"),
    "about how many rows": (FINDING, two(12), "until there are 30, about 5,000 rows"),
    "none at all": (FINDING, two(0), "0 test cases of class fraud"),
    "ten classes, balanced accuracy": (FINDING, ten(20, "balanced_accuracy"), "20 test cases of class 3"),
    "ten classes, a metric's short name": (FINDING, ten(20, "auc"), "20 test cases of class 3"),
    "30 frauds": (OK, two(30), ""),
    "ten classes, f1_macro, enough": (OK, ten(30, "f1_macro"), ""),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "accuracy over 10 classes"),
    "ten classes, accuracy": (NOT_APPLICABLE, ten(20, "accuracy"), "rests on no single class"),
    "ten classes, f1_micro, which is the accuracy": (NOT_APPLICABLE, ten(20, "f1_micro"), "rests on no single class"),
    "numbers": (NOT_APPLICABLE, evidence(declared_truth=truth(kind="numbers"), truths=(), judgements=()), "classes"),
    "no truth": (NOT_APPLICABLE, evidence(declared_truth=None, truths=(), judgements=()), "--truth"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE204", case)
