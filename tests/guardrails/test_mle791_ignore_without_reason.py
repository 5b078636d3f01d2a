from __future__ import annotations

from datetime import date

from mlee_jupyter.domain import Ignore
from tests.builders import evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen

BARE = Ignore(rule="MLE103", because=None, where="config")
CASES = {
    "none in pyproject.toml": (FINDING, evidence(ignores=[BARE]), "MLE103 is ignored without a reason | Add reason = "),
    "a blank one": (
        FINDING,
        evidence(ignores=[Ignore(rule="twins", because="  ")]),
        "%mlee_experiment ignore twins --because",
    ),
    "two": (FINDING, evidence(ignores=[BARE, Ignore(rule="MLE201", because=None)]), "MLE103 and MLE201 are ignored"),
    "with a reason": (OK, evidence(ignores=[Ignore(rule="MLE103", because="we wait")]), ""),
    "ended": (
        NOT_APPLICABLE,
        evidence(ignores=[Ignore(rule="MLE103", because=None, until=date(2026, 1, 1))]),
        "nothing",
    ),
    "a comment without a reason": (
        FINDING,
        seen("open('/home/ann/x')  # mlee: ignore[hard-coded-path]"),
        "A comment in cell 1 mutes a rule without a reason",
    ),
    "a comment with its reason": (OK, seen("open('/home/ann/x')  # mlee: ignore[704] the only disk"), ""),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "nothing is ignored"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE791", case)
