from __future__ import annotations

from mlee_jupyter.domain import Learning
from tests.builders import evidence, judgement, sample_facts
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def step(name: str, gain: float, score: float, small: int = 500, spread: float = 0.01) -> Learning:
    return Learning(
        candidate=name, small=small, large=1000, gain=gain, low=gain - spread, high=gain + spread, score=score
    )


RISING, FLAT = step("svm", 0.03, 0.95), step("knn", 0.002, 0.96)
CASES = {
    "3 points with the last doubling": (
        FINDING,
        evidence(sample=sample_facts(learning=(RISING,))),
        "svm still learns: 3 points gained between 500 and 1,000 training rows",
    ),
    "it would pass the leader": (
        FINDING,
        evidence(sample=sample_facts(learning=(FLAT, RISING))),
        "at this pace svm passes knn with twice as many",
    ),
    "a loss that falls": (
        FINDING,
        evidence(
            judgements=[judgement(metric="rmse", bounded=False, higher_is_better=False)],
            sample=sample_facts(learning=(step("knn", 0.002, 0.50), step("svm", 0.03, 0.51))),
        ),
        "svm passes knn",
    ),
    "flat": (OK, evidence(sample=sample_facts(learning=(FLAT,))), ""),
    "by chance": (OK, evidence(sample=sample_facts(learning=(step("svm", 0.03, 0.95, spread=0.04),))), ""),
    "four doublings for 4 points": (
        OK,
        evidence(sample=sample_facts(learning=(step("svm", 0.04, 0.95, small=62),))),
        "",
    ),
    "one size only": (NOT_APPLICABLE, evidence(), "--trained-on 500"),
    "no judgement": (NOT_APPLICABLE, evidence(judgements=[]), "no predictions judged"),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "two sizes"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE206", case)
