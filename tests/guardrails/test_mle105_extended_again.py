from __future__ import annotations

from datetime import timedelta

from tests.builders import HOUR, NOW, decided, evidence, extension, result
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold

BEFORE = NOW - timedelta(minutes=30)
OLD = result("svm", value=0.95, started_us=int((NOW - HOUR).timestamp() * 1e6))
CASES = {
    "twice": (FINDING, evidence(extensions=[extension(HOUR), extension(HOUR)]), "2 extensions: 8 h instead of 6 h"),
    "once, to more than double": (
        FINDING,
        evidence(extensions=[extension(7 * HOUR)]),
        "1 extension: 13 h instead of 6 h",
    ),
    "what it brought": (
        FINDING,
        evidence(
            extensions=[extension(HOUR, BEFORE), extension(HOUR, BEFORE)], results=(OLD, result("svm", value=0.953))
        ),
        "the best score moved by 0.3 points since the first",
    ),
    "an honest experiment": (OK, evidence(), ""),
    "once": (OK, evidence(extensions=[extension()]), ""),
    "once, to double": (OK, evidence(extensions=[extension(6 * HOUR)]), ""),
    "decided": (OK, evidence(extensions=[extension()] * 3, decision=decided("svm")), ""),
    "no box": (NOT_APPLICABLE, evidence(budget=None), "--budget"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE105", case)


def test_each_further_extension_is_worse() -> None:
    severity = [ask("MLE105", evidence(extensions=[extension(HOUR)] * count)).severity for count in (2, 3, 4)]
    assert severity == [2, 3, 4]
