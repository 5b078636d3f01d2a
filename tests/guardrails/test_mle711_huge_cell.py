from __future__ import annotations

from mlee_jupyter.domain import Evidence, Finding
from mlee_jupyter.guardrails import check_all
from tests.builders import evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen

CASES = {
    "51 lines": (FINDING, seen("a = 1\n" * 51), "Cell 1 has 51 lines; more than 50"),
    "a limit of its own": (FINDING, seen("a = 1\n" * 9, settings={"huge-cell": {"limit": 5}}), "more than 5"),
    "50 lines": (OK, seen("a = 1\n" * 50), ""),
    "much prose": (OK, seen("markdown:" + "a\n" * 99), ""),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
    "an empty notebook": (OK, seen(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE711", case)


def test_it_is_off_until_it_is_switched_on() -> None:
    long = seen("a = 1\n" * 99)
    assert _answer(long).outcome is NOT_APPLICABLE
    assert "[tool.mlee.rules.huge-cell] preview = true" in _answer(long).remedy
    assert _answer(seen("a = 1\n" * 99, settings={"huge-cell": {"preview": True}})).outcome is FINDING


def _answer(shown: Evidence) -> Finding:
    return next(a for a in check_all(shown, trust=False) if a.rule == "MLE711")
