from __future__ import annotations

import pytest

from mlee_jupyter.domain import Evidence
from tests.builders import charter, evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def asked(question: str | None) -> Evidence:
    return evidence(agreed=charter(question=question))


CASES = {
    "a library": (FINDING, asked("Can XGBoost predict clicks?"), "names a way (XGBoost), not what is wanted"),
    "an algorithm": (FINDING, asked("Build a random forest for churn"), "(random forest)"),
    "no question": (NOT_APPLICABLE, asked(None), "no question"),
    "a blank question": (NOT_APPLICABLE, asked("  "), "no question"),
    "an honest experiment": (OK, evidence(), ""),
}
OUTCOMES = (
    "When does each customer read mail?",
    "Which transformer stations fail next month?",
    "Does the prophet's text date from 600?",
    "Is the GPT answer right?",
    "Which decision would a nurse take?",
    "How deep is the snow, learning from stations nearby?",
    "Who are the neighbours of a late payer?",
    "Which trees fall in a storm?",
    "Can linear features of the road be seen?",
)


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE602", case)


@pytest.mark.parametrize("question", OUTCOMES)
def test_an_outcome_is_no_way(question: str) -> None:
    hold("MLE602", (OK, asked(question), ""))


def test_a_long_question_is_read_at_once() -> None:
    hold("MLE602", (OK, asked("gradient " * 200_000), ""))
