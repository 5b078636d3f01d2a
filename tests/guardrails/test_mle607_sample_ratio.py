from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chisquare

from mlee_jupyter.domain import Evidence, Outcome, TrialFacts
from tests.builders import evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold


def seen(control: int | None, treatment: int | None, share: float = 0.5) -> Evidence:
    return replace(evidence(), trial=TrialFacts(control=control, treatment=treatment, share=share))


CASES = {
    "50.9 against 49.1 of 1.2 million": (FINDING, seen(610_800, 589_200), "49.1% of 1,200,000 units got the change"),
    "the same as shares of a thousand": (OK, seen(509, 491), ""),
    "a tenth, and it is": (OK, seen(9_000, 1_000, 0.1), ""),
    "a tenth, and it is not": (FINDING, seen(9_000, 1_200, 0.1), "11.8% of 10,200"),
    "an arm is empty": (FINDING, seen(400, 0), "0% of 400 units"),
    "hardly any": (NOT_APPLICABLE, seen(6, 1), "too few"),
    "an impossible plan": (NOT_APPLICABLE, seen(600, 100, 1.0), "too few"),
    "only planned": (NOT_APPLICABLE, seen(None, None), "mlee ab read"),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "no A/B test was read"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE607", case)


@pytest.mark.parametrize("share", [0.5, 0.1, 0.8])
def test_it_is_the_chi_square_test(share: float) -> None:
    random = np.random.default_rng(7)
    for treatment in random.integers(int(4_700 * share), int(5_300 * share), 60):
        counts = [5_000 - int(treatment), int(treatment)]
        rare = chisquare(counts, [5_000 * (1 - share), 5_000 * share]).pvalue < 0.001
        assert (ask("MLE607", seen(*counts, share)).outcome is Outcome.FINDING) == rare


def test_sound_splits_are_told_off_once_in_a_thousand() -> None:
    random = np.random.default_rng(11)
    draws = 20_000
    treatments = random.binomial(10_000, 0.5, draws)
    told = sum(
        count * (ask("MLE607", seen(10_000 - int(one), int(one))).outcome is Outcome.FINDING)
        for one, count in zip(*np.unique(treatments, return_counts=True), strict=True)
    )
    assert abs(told / draws - 0.001) < 3 * np.sqrt(0.001 / draws)
