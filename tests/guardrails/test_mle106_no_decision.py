from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from mlee_jupyter.domain import Evidence, TraceEntry
from tests.builders import NOW, OPENED, decided, evidence, span
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

WEEK_AND_A_BIT = NOW + timedelta(days=9)


def closed(because: str | None) -> Evidence:
    entry = TraceEntry(at=NOW, what="close", subject="shelf", detail="", because=because)
    return evidence(closed_at=NOW, trace=[entry])


def due(day: date) -> Evidence:
    seen = evidence()
    return replace(seen, records=replace(seen.records, experiment=replace(seen.experiment, deadline=day)))


CASES = {
    "nobody has worked for nine days": (FINDING, evidence(now=WEEK_AND_A_BIT), "for 9 days or decided; 3 candidates"),
    "decided since": (OK, evidence(now=WEEK_AND_A_BIT, decision=decided("svm")), "decided"),
    "work went on": (OK, evidence(now=WEEK_AND_A_BIT, spans=[span(OPENED, WEEK_AND_A_BIT)]), ""),
    "a longer limit": (OK, evidence(now=WEEK_AND_A_BIT, settings={"no-decision": {"limit": 30}}), ""),
    "closed in silence": (FINDING, closed(None), "Closed without a decision; 3 candidates have results"),
    "closed for a reason": (OK, closed("the shelf is gone"), "closed for a reason"),
    "the date is past": (FINDING, due(NOW.date() - timedelta(days=1)), "due on 03 May 2026"),
    "the date is today": (OK, due(NOW.date()), ""),
    "nothing was tried": (NOT_APPLICABLE, evidence(results=(), now=WEEK_AND_A_BIT), "no result yet"),
    "an honest experiment": (OK, evidence(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE106", case)
