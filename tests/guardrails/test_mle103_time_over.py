from __future__ import annotations

from datetime import timedelta

from tests.builders import HOUR, decided, evidence, extension
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold

CASES = {
    "the box is full to the minute": (FINDING, evidence(used=6 * HOUR), "The 6 h are used | Decide"),
    "half an hour beyond": (FINDING, evidence(used=6.5 * HOUR), "The 6 h are used, by 30 min"),
    "the extended box is full": (FINDING, evidence(used=8 * HOUR, extensions=[extension()]), "The 8 h are used"),
    "an honest experiment": (OK, evidence(), ""),
    "a minute before": (OK, evidence(used=6 * HOUR - timedelta(minutes=1)), ""),
    "extended": (OK, evidence(used=6 * HOUR, extensions=[extension()]), ""),
    "decided": (OK, evidence(used=7 * HOUR, decision=decided("svm")), ""),
    "no box": (NOT_APPLICABLE, evidence(budget=None, used=90 * HOUR), "--budget"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE103", case)


def test_it_is_worse_after_another_whole_box_only() -> None:
    severity = [ask("MLE103", evidence(used=hours * HOUR)).severity for hours in (6, 9, 12)]
    assert severity[1] < severity[0] + 1 <= severity[2]
