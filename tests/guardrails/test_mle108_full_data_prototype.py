from __future__ import annotations

from mlee_jupyter.domain import CandidateState, Evidence, RunOutcome
from tests.builders import HOUR, NOW, candidates, decided, evidence, result
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def ran(hours: float, *before: object, **more: object) -> Evidence:
    long = {"run_id": 9, "duration_us": int(hours * 3600 * 1e6), **more}
    return evidence(results=[*before, result("svm", **long), result("knn", run_id=10)])  # type: ignore[list-item]


def small(rows: int) -> object:
    earlier = int((NOW - HOUR).timestamp() * 1e6)
    return result("svm", run_id=8, tags=f'["trained-on={rows}"]', started_us=earlier)


LONG = result("svm", run_id=9, duration_us=int(2 * 3600 * 1e6))
CASES = {
    "two of six hours at once": (FINDING, ran(2), "One run of svm took 2 h of the 6 h"),
    "the way out": (FINDING, ran(2), "%%mlee_candidate svm --trained-on ROWS"),
    "a quarter": (OK, ran(1.5), ""),
    "in vain as well": (FINDING, ran(2, outcome=RunOutcome.INTERRUPTED.value, metric=None), "2 h of the 6 h"),
    "a tenth was tried first": (OK, ran(2, small(500)), ""),
    "in development": (OK, ran(2, stage="development"), ""),
    "dropped since": (OK, evidence(results=[LONG], candidates=candidates(svm=CandidateState.DROPPED)), ""),
    "decided": (OK, evidence(results=[LONG], decision=decided("svm")), ""),
    "a larger share": (OK, evidence(results=[LONG], settings={"full-data-prototype": {"limit": 0.5}}), ""),
    "a short box": (OK, evidence(results=[result("svm", duration_us=int(300 * 1e6))], budget=HOUR / 6), ""),
    "no box": (NOT_APPLICABLE, evidence(results=[LONG], budget=None), "no time box"),
    "an honest experiment": (OK, evidence(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE108", case)
