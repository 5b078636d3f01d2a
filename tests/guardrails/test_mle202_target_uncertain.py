from __future__ import annotations

from typing import Any

from mlee_jupyter.domain import Evidence, Verdict
from tests.builders import charter, decided, evidence, judgement, standing
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold

LOSS = standing("svm", 12.9, Verdict.BEST, low=12.5, high=13.5)


def at(target: float | None, **changes: Any) -> Evidence:
    return evidence(agreed=charter(must_reach=target), **changes)


CASES = {
    "the recommended one spans it": (
        FINDING,
        at(0.955),
        "svm lies between 95.0% and 97.0%: it may miss 95.5% | About ",
    ),
    "how many cases": (FINDING, at(0.955), "About 8,000 cases would settle it"),
    "at the target itself": (FINDING, at(0.96), "More cases will hardly settle it"),
    "the chosen one spans it": (FINDING, at(0.905, decision=decided("knn")), "knn lies between 90.0% and 92.0%"),
    "a perfect score on few rows": (
        FINDING,
        at(0.95, judgements=[judgement([standing("svm", 1.0, Verdict.BEST, low=0.94, high=1.0)], n=60)]),
        "About 87 cases would settle it",
    ),
    "a loss": (
        FINDING,
        at(13.0, judgements=[judgement([LOSS], bounded=False, higher_is_better=False, metric="mean_absolute_error")]),
        "svm lies between 12.50 and 13.50",
    ),
    "an honest experiment": (OK, evidence(), ""),
    "reached": (OK, at(0.94), ""),
    "touched": (OK, at(0.95), ""),
    "missed": (OK, at(0.98), ""),
    "the chosen one misses it": (FINDING, at(0.955, decision=decided("knn")), "misses"),
    "the chosen one is clear of it": (OK, at(0.7, decision=decided("knn")), ""),
    "no target": (NOT_APPLICABLE, at(None), "must_reach"),
    "nothing judged": (NOT_APPLICABLE, at(0.95, judgements=()), "%%mlee_candidate"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE202", case)


def test_it_weighs_more_once_decided() -> None:
    before, after = ask("MLE202", at(0.955)), ask("MLE202", at(0.955, decision=decided("svm")))
    assert after.severity == before.severity + 1
