from __future__ import annotations

from datetime import timedelta
from typing import Any

from mlee_jupyter.domain import SHOWN, Evidence, TraceEntry
from tests.builders import HOUR, NOW, charter, decided, evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

SEEN = (TraceEntry(at=NOW - HOUR, what=SHOWN, subject="operations", detail="they need it by Friday", because=None),)

MORE_TIME = (TraceEntry(at=NOW, what="extend", subject="shelf", detail="", because=None),)


def worked(hours: float, **changes: Any) -> Evidence:
    return evidence(used=timedelta(hours=hours), **changes)


CASES = {
    "half": (FINDING, worked(3), "3 h of 6 h are used, and store operations has seen nothing yet"),
    "over": (FINDING, worked(7), "7 h of 6 h are used"),
    "shown": (OK, worked(3, trace=SEEN), "shown to operations"),
    "something else was noted": (FINDING, worked(3, trace=MORE_TIME), "has seen nothing"),
    "early": (OK, worked(2.9), ""),
    "nothing to show": (OK, worked(3, results=()), ""),
    "decided": (OK, worked(3, decision=decided("svm")), ""),
    "nobody is named": (NOT_APPLICABLE, worked(3, agreed=charter(owner=None)), "nobody is named"),
    "no box": (NOT_APPLICABLE, worked(3, budget=None), "no time box"),
    "an honest experiment": (OK, evidence(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE603", case)
