from __future__ import annotations

from mlee_jupyter.domain import Evidence, Verdict
from tests.builders import baseline, evidence, judgement, standing
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

WEAK = judgement([standing("svm", 0.51, Verdict.BEST)], baselines=(baseline(0.5),))


def guessed(score: float) -> Evidence:
    """The best candidate is right 96 times in 100."""
    return evidence(judgements=[judgement(baselines=(baseline(score),))])


CASES = {
    "fraud": (
        FINDING,
        guessed(0.945),
        "Always answering the most frequent class scores 94.5%, svm 96.0%: accuracy hides",
    ),
    "at the useful gain": (FINDING, guessed(0.9401), "balanced_accuracy"),
    "above the best": (FINDING, guessed(0.97), "97.0%"),
    "an honest experiment": (OK, evidence(), ""),
    "three points apart": (OK, guessed(0.93), ""),
    "balanced classes and a weak candidate": (OK, evidence(judgements=[WEAK]), ""),
    "another metric": (NOT_APPLICABLE, evidence(judgements=[judgement(metric="f1")]), "the metric is f1"),
    "nothing judged": (NOT_APPLICABLE, evidence(judgements=()), "%%mlee_candidate"),
    "no baseline": (NOT_APPLICABLE, evidence(judgements=[judgement(baselines=())]), "not known"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE406", case)
