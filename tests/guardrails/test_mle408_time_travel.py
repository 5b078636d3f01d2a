from __future__ import annotations

from mlee_jupyter.domain import Evidence, TimeOrder
from tests.builders import charter, evidence, sample_facts
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def order(late: int) -> Evidence:
    seen = TimeOrder(train_last="2026-05-31", test_first="2026-03-01", late=late, train_rows=1000)
    return evidence(agreed=charter(time="date"), sample=sample_facts(order=seen))


CASES = {
    "a random split": (
        FINDING,
        order(120),
        "The test begins at 2026-03-01, but training runs to 2026-05-31: 120 training rows from the test's time",
    ),
    "one row": (FINDING, order(1), "1 training row from"),
    "the way out": (FINDING, order(120), "Split by date"),
    "split by date": (OK, evidence(agreed=charter(time="date")), "training ends 2026-01-31"),
    "no time in the charter": (NOT_APPLICABLE, evidence(), 'write time = "date"'),
    "the time is not at hand": (
        NOT_APPLICABLE,
        evidence(agreed=charter(time="date"), sample=sample_facts(order=None)),
        "Keep date as a column",
    ),
    "an honest experiment": (NOT_APPLICABLE, evidence(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE408", case)
