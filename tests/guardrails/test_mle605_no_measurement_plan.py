from __future__ import annotations

from dataclasses import replace
from typing import Any

from mlee_jupyter.domain import Evidence, Serving, TrialFacts
from tests.builders import charter, decided, evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def gone(choice: str | None = "svm", **agreed: Any) -> Evidence:
    return evidence(agreed=charter(**{"measure": None, **agreed}), decision=decided(choice))


CASES = {
    "no plan": (FINDING, gone(), "svm goes into use, and nothing says how anybody will know"),
    "blank": (FINDING, gone(measure="  "), "svm goes into use"),
    "a group goes on as today": (OK, gone(measure="20 of 200 stores count by hand for 6 weeks"), ""),
    "an A/B test": (OK, replace(gone(), trial=TrialFacts(needed=4000)), ""),
    "against all": (OK, gone(None), "decided against"),
    "no use was declared": (NOT_APPLICABLE, gone(serving=None), "how it is to be used"),
    "a use without a mode": (FINDING, gone(serving=Serving(value_per_month=10)), "svm goes into use"),
    "undecided": (NOT_APPLICABLE, evidence(agreed=charter(measure=None)), "no decision yet"),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "no decision yet"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE605", case)
