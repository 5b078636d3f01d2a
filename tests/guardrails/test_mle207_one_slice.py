from __future__ import annotations

from mlee_jupyter.domain import Slice
from tests.builders import evidence, sample_facts
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold

PLACE = Slice(what="place", column="", words="rows 1 to 400 of 20,000", share=0.02)
DAY = Slice(what="date", column="date", words="all of one day, 2026-03-01", share=0.0)
SITE = Slice(what="kind", column="site", words="only north, one of 5 kinds", share=0.2)
DRIFT = Slice(what="drift", column="age", words="median 31 against 44", share=0.7)


def sliced(*found: Slice) -> object:
    return evidence(sample=sample_facts(slices=found))


CASES = {
    "the head of a file": (FINDING, sliced(PLACE), "Your test rows are rows 1 to 400 of 20,000 |"),
    "one day": (FINDING, sliced(DAY), "Your test rows are all of one day, 2026-03-01 (date)"),
    "one site": (FINDING, sliced(SITE), "Every test row has the same site: only north, one of 5 kinds"),
    "drift": (FINDING, sliced(DRIFT), "age is drawn differently in your test rows than in the population: median 31"),
    "several": (FINDING, sliced(DRIFT, SITE, PLACE), "rows 1 to 400 of 20,000 (also site and age)"),
    "the way out": (FINDING, sliced(DAY), "at random or in strata"),
    "the way out of a stretch": (FINDING, sliced(PLACE), "change time=date"),
    "an honest experiment": (OK, evidence(), ""),
    "nothing to hold it against": (NOT_APPLICABLE, evidence(sample=sample_facts(slices=None)), "population = {frame"),
    "no variables": (NOT_APPLICABLE, evidence(sample=None), "time = "),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE207", case)


def test_another_kind_of_slice_is_one_step_worse() -> None:
    assert ask("MLE207", sliced(PLACE, SITE)).severity - ask("MLE207", sliced(PLACE)).severity >= 1
