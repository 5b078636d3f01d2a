from __future__ import annotations

from mlee_jupyter.domain import Evidence, ModelSeen, Serving, Timed
from mlee_jupyter.store.tables.column_values import to_json
from tests.builders import charter, decided, evidence, results
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def timed(most: float | None, choice: str | None = "nobody", **seconds: float) -> Evidence:
    lines = tuple(line._replace(answer_seconds=seconds.get(line.candidate)) for line in results())
    decision = {} if choice == "nobody" else {"decision": decided(choice)}
    return evidence(agreed=charter(serving=Serving(max_answer_ms=most)), results=lines, **decision)


def alone(median: float, p95: float, calls: int = 100, mode: str = "real-time") -> Evidence:
    """Of each candidate a row was asked for alone; many at once take 1 ms a row."""
    model = ModelSeen(one=Timed(1, calls, median, p95))
    lines = tuple(line._replace(answer_seconds=0.001, tags=to_json([model.tag()])) for line in results({"svm": 1}))
    return evidence(agreed=charter(serving=Serving(mode=mode, max_answer_ms=2)), results=lines)


CASES = {
    "alone": (FINDING, alone(0.001, 0.003), "svm takes 3 ms a row asked for alone, in 95 of 100 calls; 2 ms"),
    "alone, few calls": (FINDING, alone(0.003, 0.004, 5), "svm takes 3 ms a row asked for alone; 2 ms were agreed"),
    "alone, few calls and a slow one": (OK, alone(0.001, 0.004, 5), ""),
    "alone, in time": (OK, alone(0.001, 0.0015), ""),
    "in batches": (OK, alone(0.003, 0.004, mode="nightly batch"), ""),
    "nightly": (OK, alone(0.003, 0.004, mode="nightly"), ""),
    "one": (FINDING, timed(2, svm=0.003, knn=0.001), "svm takes 3 ms a row, even for many at once; 2 ms were agreed"),
    "two": (FINDING, timed(2, svm=0.003, knn=0.0025), "svm and knn take 3 ms a row at most, even"),
    "chosen": (FINDING, timed(2, "svm", svm=0.003), "svm takes 3 ms"),
    "chosen is quick": (OK, timed(2, "knn", svm=0.003, knn=0.001), ""),
    "in time": (OK, timed(2, svm=0.002, knn=0.001), ""),
    "against all": (OK, timed(2, None, svm=0.003), "decided against"),
    "never timed": (NOT_APPLICABLE, timed(2), "no answer was timed"),
    "nothing agreed": (NOT_APPLICABLE, timed(None, svm=9.0), "no time for an answer"),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "no time for an answer"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE507", case)
