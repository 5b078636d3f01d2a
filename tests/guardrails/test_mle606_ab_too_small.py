from __future__ import annotations

from dataclasses import replace

from mlee_jupyter.abtest.trial_plan import make_plan
from mlee_jupyter.domain import Evidence, TrialFacts
from tests.builders import evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def seen(**facts: object) -> Evidence:
    return replace(evidence(), trial=TrialFacts(**facts))  # type: ignore[arg-type]


def planned(weeks: float | None) -> Evidence:
    plan = make_plan(baseline=0.1, useful_gain=0.01, units_per_week=5_000, weeks=weeks)
    return replace(evidence(), trial=plan.facts())


CASES = {
    "too few": (FINDING, seen(needed=31_000, expected=12_000, chance=0.41, weeks_needed=15.5), "seen 41 times in 100"),
    "a real plan that is too short": (FINDING, planned(2), "10,000 units come, 30,000 are needed (6 weeks)"),
    "a real plan that is long enough": (OK, planned(6), ""),
    "a week short of nothing": (OK, seen(needed=1_000, expected=995, chance=0.8), ""),
    "no time given": (NOT_APPLICABLE, planned(None), "mlee ab plan"),
    "only read": (NOT_APPLICABLE, seen(control=10, treatment=12), "mlee ab plan"),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "no A/B test"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE606", case)
