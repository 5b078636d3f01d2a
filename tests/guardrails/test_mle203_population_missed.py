from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from mlee_jupyter.domain import Level
from tests.builders import coverage, evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold

CASES = {
    "2 of 10 kinds": (
        FINDING,
        evidence(coverage=coverage(2)),
        "Your data has 2 of the 10 kinds of product. A perfect score here could be 20%",
    ),
    "the way out": (
        FINDING,
        evidence(coverage=coverage(2)),
        "Add rows of the other 8, or narrow the question to these 2",
    ),
    "2 of 4,812": (
        FINDING,
        evidence(coverage=coverage(2, 4812)),
        "2 of the 4,812 kinds of product. A perfect score here could be under 1%",
    ),
    "none": (FINDING, evidence(coverage=coverage(0)), "0 of the 10"),
    "8 of 10": (FINDING, evidence(coverage=coverage(8)), "2 of the 10 kinds of product are not in your data"),
    "4 rows of one kind": (FINDING, evidence(coverage=coverage(thinnest_rows=4)), "tea has 4 test cases"),
    "named by the charter, counted in the labels": (
        FINDING,
        evidence(coverage=replace(coverage(2), source="y_test")),
        "2 of the 10 kinds of product",
    ),
    "2 of 4,812 by weight": (
        FINDING,
        evidence(coverage=coverage(2, 4812, share=0.031)),
        "2 of the 4,812 kinds of product: 3.1% of the population's weight",
    ),
    "the heaviest one that is missing": (
        FINDING,
        evidence(coverage=coverage(9, 10, share=0.8)),
        "the other 1, milk first",
    ),
    "kinds nobody counted": (
        FINDING,
        evidence(coverage=coverage(40, 0, share=0.25)),
        "About 25% of new rows (at most 28%) would be of product kinds not in your data",
    ),
    "few kinds, nearly all the weight": (OK, evidence(coverage=coverage(40, 4812, share=0.97)), "97%"),
    "hardly any kind unseen": (OK, evidence(coverage=coverage(40, 0, share=0.01)), "at most 4%"),
    "an honest experiment": (OK, evidence(), ""),
    "9 of 10": (OK, evidence(coverage=coverage(9)), ""),
    "more than expected": (OK, evidence(coverage=coverage(12)), ""),
    "5 rows of one kind": (OK, evidence(coverage=coverage(thinnest_rows=5)), ""),
    "no population": (NOT_APPLICABLE, evidence(coverage=None), "population = "),
    "no kinds expected": (NOT_APPLICABLE, evidence(coverage=coverage(0, 0)), "population = "),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE203", case)


def test_levels_and_severity_follow_what_is_missing() -> None:
    shown = [coverage(thinnest_rows=1), coverage(8), coverage(4), coverage(2), coverage(1)]
    answers = [ask("MLE203", evidence(coverage=seen)) for seen in shown]
    assert [a.level for a in answers] == [Level.WARNING, Level.WARNING, Level.ERROR, Level.ERROR, Level.ERROR]
    severity = [a.severity for a in answers]
    assert all(later > earlier + 0.99 for earlier, later in pairwise(severity))
