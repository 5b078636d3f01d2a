from __future__ import annotations

from dataclasses import replace

from mlee_jupyter.domain import Evidence, Giveaway, Standing, Verdict
from tests.builders import charter, evidence, judgement, sample_facts, standing, truth
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def judged(best: float, other: float, n: int = 360, spread: float = 0.002, **changes: object) -> Evidence:
    first = replace(standing("svm", best, Verdict.BEST, simplicity=3), low=best - spread, high=best + spread)
    found = judgement([first, standing("knn", other, simplicity=2)], n=n)
    return evidence(judgements=[replace(found, **changes)])


def column(score: float, guessing: float = 0.5, **more: object) -> Evidence:
    seen = sample_facts(giveaway=Giveaway(column="approved_at", score=score, guessing=guessing, n=360))
    return evidence(sample=seen, **more)


def loss(first: Standing, second: Standing) -> Evidence:
    return evidence(judgements=[judgement([first, second], metric="mae", bounded=False, higher_is_better=False)])


NUMBERS = truth(kind="numbers")
CASES = {
    "one column": (FINDING, column(1.0), "approved_at alone is right on 100% of 360 test rows"),
    "one column, before any candidate": (FINDING, column(1.0, judgements=[]), "approved_at alone"),
    "one column of a rare class": (FINDING, column(0.9995, 0.95), "approved_at alone"),
    "one column of a number": (FINDING, column(0.995, 0.0, declared_truth=NUMBERS), "approved_at alone explains"),
    "60 of 60": (FINDING, judged(1.0, 0.9, 60), "svm is right on all 60 test rows"),
    "every positive found": (OK, judged(1.0, 0.9, 360, metric="recall"), ""),
    "no false alarm": (OK, judged(1.0, 0.9, 360, metric="precision"), ""),
    "every row of every class": (FINDING, judged(1.0, 0.9, 360, metric="recall_macro"), "svm is right on all"),
    "ranked without a mistake": (FINDING, judged(1.0, 0.9, 360, metric="roc_auc"), "svm ranks without a mistake all"),
    "no loss at all": (FINDING, loss(standing("svm", 0.0), standing("knn", 0.4)), "svm is right on all"),
    "a tenth of the simpler one's error": (
        FINDING,
        judged(0.995, 0.9),
        "svm errs less than a tenth as much as knn (99.5% against 90.0%)",
    ),
    "the way out": (FINDING, column(1.0), "Ask when its value is known"),
    "an honest experiment": (OK, evidence(), ""),
    "30 of 30": (OK, judged(1.0, 0.95, 30), ""),
    "less, but not for sure": (OK, judged(0.995, 0.9, spread=0.006), ""),
    "a good column": (OK, column(0.95), ""),
    "nearly all are of one class": (OK, column(0.995, 0.98), ""),
    "a handful of another class": (OK, column(1.0, 0.98), ""),
    "a lag in a series": (OK, column(0.999, 0.0, declared_truth=NUMBERS, agreed=charter(time="date")), ""),
    "nothing yet": (NOT_APPLICABLE, evidence(judgements=[], sample=None), "no predictions"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE409", case)
