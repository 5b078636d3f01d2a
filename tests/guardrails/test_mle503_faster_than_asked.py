from __future__ import annotations

from dataclasses import replace

from mlee_jupyter.domain import CostPart, Evidence, MonthCost, Serving
from tests.builders import charter, evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def served(mode: str | None, used: str | None, low: float | None = None) -> Evidence:
    seen = evidence(agreed=charter(serving=Serving(mode=mode, used_every=used)))
    if low is None:
        return seen
    cost = MonthCost(
        mode="real-time", parts=(CostPart("machines", low, 1.5 * low),), currency="USD", in_batch=(0.1, 0.2)
    )
    return replace(seen, costs={"svm": cost})


CASES = {
    "weekly": (FINDING, served("real-time", "weekly"), "Answers in real-time are used once a week"),
    "once a day": (FINDING, served("near-real-time", "1 day"), "Answers in near-real-time are used once a day"),
    "stream": (FINDING, served("Kafka stream", "monthly"), "are used once a month"),
    "with its cost": (
        FINDING,
        served("real-time", "weekly", 74),
        "a week: 74 to 110 USD a month, under 1 USD in",
    ),
    "hardly dearer": (FINDING, served("real-time", "weekly", 0.3), "are used once a week"),
    "never": (FINDING, served("real-time", "never"), "are never used"),
    "hourly": (OK, served("real-time", "hourly"), ""),
    "in batches": (OK, served("weekly batch", "weekly"), ""),
    "on a device": (OK, served("device", "weekly"), ""),
    "nobody knows": (NOT_APPLICABLE, served("real-time", None), "how often an answer is used"),
    "not a period": (NOT_APPLICABLE, served("real-time", "sometimes"), "how often an answer is used"),
    "no mode": (NOT_APPLICABLE, served(None, "weekly"), "how answers are to be given"),
    "an honest experiment": (OK, evidence(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE503", case)
