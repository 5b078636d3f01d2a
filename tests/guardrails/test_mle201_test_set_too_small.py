from __future__ import annotations

import math

import pytest

from mlee_jupyter.domain import Evidence, Truth, Verdict
from mlee_jupyter.guardrails.rows import mle201_test_set_too_small as rule
from tests.builders import charter, evidence, judgement, standing, truth, undecided
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold

ALIKE = (
    standing("svm", 1.0, Verdict.AS_GOOD, in_set=True, disagreements=0),
    standing("knn", 1.0, Verdict.AS_GOOD, in_set=True, disagreements=0),
)
AS_GOOD = (standing("svm", 0.95, Verdict.AS_GOOD), standing("knn", 0.95, Verdict.AS_GOOD, in_set=True))


def early(declared: Truth | None, **changes: object) -> Evidence:
    """Nothing judged yet."""
    return evidence(agreed=charter(**changes), declared_truth=declared, judgements=())


CASES = {
    "60 rows at the start": (
        FINDING,
        early(truth(60)),
        "60 test cases can tell candidates apart only if they differ by more than 13.1 points; you need 2 points",
    ),
    "60 rows would need 590": (
        FINDING,
        early(truth(60)),
        "About 590 cases would do for candidates that differ on 3% of them, 5,000 at 25%. With 60",
    ),
    "a gain of 30 points": (FINDING, early(truth(20), useful_gain=0.3), "that differ on 30% of them. With 20"),
    "waiting for months is no advice": (
        FINDING,
        evidence(judgements=[undecided(by="time")]),
        "About 3,000 cases would do, or forecasts from several origins. With",
    ),
    "588 rows are too few": (FINDING, early(truth(588)), "you need 2 points"),
    "no rows": (FINDING, early(truth(0, classes={})), "0 test cases"),
    "the gain is assumed": (
        FINDING,
        early(truth(60), useful_gain=None),
        "2 points is assumed to be useful",
    ),
    "one candidate measures no disagreement": (
        FINDING,
        evidence(declared_truth=truth(60), judgements=[judgement([standing("svm", 0.9, Verdict.BEST)], n=60)]),
        "13.1 points",
    ),
    "two agree on every one of 60 rows": (
        FINDING,
        evidence(declared_truth=truth(60), judgements=[judgement(ALIKE, n=60, winner=None)]),
        "13.1 points",
    ),
    "measured: 3,000 needed, 2,000 there": (
        FINDING,
        evidence(judgements=[undecided()]),
        "only if they differ by more than 2.5 points; you need 2 points | About 3,000 cases",
    ),
    "measured, a loss": (
        FINDING,
        evidence(
            judgements=[undecided(metric="mean_absolute_error", bounded=False, useful_gain=1.5, smallest_gain=1.9)]
        ),
        "more than 1.9; you need 1.5 in mean absolute error",
    ),
    "two agree on every one of 2,000 rows": (OK, evidence(judgements=[judgement(ALIKE, winner=None)]), "as good"),
    "an honest experiment": (OK, evidence(), ""),
    "589 rows at the start": (OK, early(truth(589)), ""),
    "1,000 rows of ten kinds": (OK, early(truth(1000)), ""),
    "60 rows for a useful gain of 20 points": (OK, early(truth(60), useful_gain=0.2), ""),
    "measured: 1,500 would do": (OK, evidence(judgements=[undecided(rows_needed_for_gain=1500)]), ""),
    "separated on few rows": (OK, evidence(judgements=[judgement(n=60, rows_needed_for_gain=900)]), ""),
    "as good as each other": (
        OK,
        evidence(judgements=[judgement(AS_GOOD, winner=None, rows_needed_for_gain=3000)]),
        "",
    ),
    "no truth": (NOT_APPLICABLE, early(None), "--truth"),
    "numbers": (NOT_APPLICABLE, early(truth(60, kind="numbers")), "once two candidates"),
    "a metric without a planned disagreement": (NOT_APPLICABLE, early(truth(60), metric="roc_auc"), "roc_auc"),
    "twins measure nothing": (NOT_APPLICABLE, evidence(judgements=[undecided(rows_needed_for_gain=None)]), "alike"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE201", case)


@pytest.mark.parametrize(("gain", "disagreement"), [(0.02, 0.03), (0.01, 0.03), (0.005, 0.1)])
def test_the_plan_is_the_formula_of_the_statistics(gain: float, disagreement: float) -> None:
    power = pytest.importorskip("mlee_jupyter.stats.size.power")
    planned = math.ceil(rule.CONNOR * disagreement / gain**2)
    assert planned == pytest.approx(power.rows_to_resolve(gain, disagreement), rel=1e-3)


@pytest.mark.parametrize("rows", [10, 60, 261, 262, 300, 1000, 10**6])
def test_the_smallest_gain_is_the_one_that_needs_these_rows(rows: int) -> None:
    gain = rule._smallest(rows)
    needed = rule.CONNOR * max(rule.DISAGREEMENT, gain) / gain**2
    assert needed == pytest.approx(rows, rel=1e-9)


def test_it_is_worse_when_eight_times_as_many_rows_are_missing() -> None:
    def severity(needed: int) -> float:
        return ask("MLE201", evidence(judgements=[undecided(rows_needed_for_gain=needed)])).severity

    assert severity(20_000) < severity(3000) + 1 <= severity(24_001)
