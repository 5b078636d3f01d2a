from __future__ import annotations

from dataclasses import replace

import pytest

from mlee_jupyter.domain import CostPart, Evidence, MonthCost, Serving
from tests.builders import charter, evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def served(cost: float | None, value: float | None) -> object:
    return evidence(agreed=charter(serving=Serving(cost_per_month=cost, value_per_month=value)))


def measured(low: float, high: float, value: float | None = 100.0, **cost: object) -> Evidence:
    """The leader was measured; nobody wrote what it costs."""
    found = MonthCost(mode="real-time", parts=(CostPart("machines", low, high),), currency="USD", value=value)
    agreed = charter(serving=Serving(mode="real-time", value_per_month=value))
    return replace(evidence(agreed=agreed), costs={"svm": replace(found, **cost)})  # type: ignore[arg-type]


def in_euros(seen: Evidence) -> Evidence:
    why = ("prices are in USD, its worth is in EUR, so no share can be said",)
    return replace(seen, costs={name: replace(one, value=None, missing=why) for name, one in seen.costs.items()})


CASES = {
    "measured": (FINDING, measured(70, 112), "Running svm costs 70 to 110 USD a month; it is said to be worth 100"),
    "measured, perhaps": (OK, measured(40, 90), ""),
    "measured, unknown": (NOT_APPLICABLE, measured(0, 0, parts=(), missing=("it was not timed",)), "not timed"),
    "measured, another currency": (NOT_APPLICABLE, in_euros(measured(70, 112)), "no share can be said"),
    "not measured": (NOT_APPLICABLE, replace(measured(1, 2), costs={}), "none was measured"),
    "80%": (FINDING, served(1_600, 2_000), "costs 1,600 a month, 80% of the 2,000 it is worth"),
    "more than it is worth": (FINDING, served(3_000, 2_000), "costs 3,000 a month and is worth 2,000"),
    "worth nothing": (FINDING, served(5, 0), "costs 5 a month and is worth 0"),
    "a loss": (FINDING, served(5, -100), "costs 5 a month and is worth -100"),
    "cents": (FINDING, served(1.25, 2), "costs 1.25 a month, 62% of the 2 it is worth"),
    "half": (OK, served(1_000, 2_000), ""),
    "next to nothing": (OK, served(40, 3_000), ""),
    "free": (OK, served(0, 0), ""),
    "no worth": (NOT_APPLICABLE, served(40, None), "not named"),
    "no cost": (NOT_APPLICABLE, served(None, 40), "not named, and none was measured"),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "not named"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE502", case)


@pytest.mark.parametrize(("limit", "outcome"), [(0.9, OK), (0.7, FINDING)])
def test_the_share_is_a_setting(limit: float, outcome: object) -> None:
    seen = evidence(
        agreed=charter(serving=Serving(cost_per_month=1_600, value_per_month=2_000)),
        settings={"cost-over-value": {"limit": limit}},
    )
    hold("MLE502", (outcome, seen, ""))  # type: ignore[arg-type]
