"""How far a judge's grades can be trusted: agreement with people, and whom the judge favours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

import mlee_jupyter as mlee
from mlee_jupyter import MleeError
from mlee_jupyter.stats.own_scores.agreement import agreement, favour_of

N = 200


def graded(
    seed: int = 0, favour: float = 0.8, by_hand: int = 60
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """A judge's grades of two candidates, and people's of the first rows."""
    random = np.random.default_rng(seed)
    hard = random.normal(size=N)
    people = {name: np.clip(np.round(6 + 2 * hard + random.normal(size=N)), 1, 10) for name in ("plain", "careful")}
    judge = {
        name: np.clip(np.round(rows + (favour if name == "careful" else 0) + random.normal(size=N)), 1, 10)
        for name, rows in people.items()
    }
    return judge, {name: np.where(np.arange(N) < by_hand, rows, np.nan) for name, rows in people.items()}


def test_it_is_the_quadratically_weighted_kappa() -> None:
    judge, people = graded()
    found = agreement(judge["plain"], people["plain"])
    assert found is not None
    both = [one["plain"][:60].astype(int) for one in (judge, people)]
    assert found.agreement == pytest.approx(cohen_kappa_score(*both, weights="quadratic"))
    assert found.same == np.mean(both[0] == both[1])
    assert found.graded
    assert found.low < found.agreement < found.high < 1


def test_the_range_holds() -> None:
    judge, people = graded(1, by_hand=N)
    truth = np.random.default_rng(9).normal(size=200_000)
    truth = np.clip(np.round(6 + 2 * truth + np.random.default_rng(8).normal(size=len(truth))), 1, 10)
    asked = np.clip(np.round(truth + np.random.default_rng(7).normal(size=len(truth))), 1, 10)
    true = cohen_kappa_score(truth.astype(int), asked.astype(int), weights="quadratic")
    held = 0
    for seed in range(200):
        judge, people = graded(seed, favour=0.0)
        found = agreement(judge["plain"], people["plain"])
        assert found is not None
        held += found.low <= true <= found.high
    assert held / 200 > 0.95 - 2 * np.sqrt(0.05 * 0.95 / 200)


def test_who_is_favoured_is_said_plainly() -> None:
    said = repr(mlee.judge_agreement(*graded()))
    assert said.startswith("The judge agrees with people by 0.8")
    assert "on 120 graded answers" in said
    assert "It favours careful over plain by " in said
    assert "a lead of that size may be the judge's" in said


def test_who_is_not_favoured_is_seldom_said_to_be() -> None:
    found = [mlee.judge_agreement(*graded(seed, favour=0.0)).favours[0].is_clear for seed in range(200)]
    assert np.mean(found) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 200)
    judge, people = graded(favour=0.0)
    assert "cannot be ruled out" in repr(mlee.judge_agreement(judge, people))


def test_answers_of_one_question_are_left_out_together() -> None:
    judge, people = graded(by_hand=N)
    one = agreement(judge["plain"], people["plain"])
    twice = agreement(np.tile(judge["plain"], 2), np.tile(people["plain"], 2), rows=np.tile(np.arange(N), 2))
    assert one is not None
    assert twice is not None
    assert (twice.low, twice.high) == pytest.approx((one.low, one.high))


def test_too_little_is_nothing() -> None:
    nothing = np.full(N, np.nan)
    some = np.where(np.arange(N) < 9, 1.0, np.nan)
    assert agreement(nothing, nothing) is None
    assert agreement(some, np.ones(N)) is None
    assert agreement(np.ones(N), np.ones(N)) is None, "nothing varies"
    assert favour_of("a", some, "b", some) is None
    judge, people = graded()
    apart = {"plain": people["plain"], "careful": np.where(np.arange(N) >= 150, judge["careful"], np.nan)}
    assert "whether the judge favours one is not known" in repr(mlee.judge_agreement(judge, apart))


JUDGE, PEOPLE = graded()
WRONG: dict[str, tuple[Any, Any, str]] = {
    "unknown": (JUDGE, {"bold": PEOPLE["plain"]}, "People graded bold, which the judge did not."),
    "length": (JUDGE, {"plain": PEOPLE["plain"][:50]}, "People's plain has 50 grades, the judge's 200."),
    "few": (JUDGE, {"plain": np.where(np.arange(N) < 5, 3.0, np.nan)}, "5 answers were graded by both; 10 are needed."),
    "text": (JUDGE, {"plain": ["good"] * N}, "people's plain holds text"),
    "order": (
        {"plain": pd.Series(JUDGE["plain"], index=np.arange(N) + 5)},
        {"plain": pd.Series(PEOPLE["plain"], index=np.arange(N)[::-1] + 5)},
        "have unlike indexes",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_one_line(case: str) -> None:
    judge, people, said = WRONG[case]
    with pytest.raises(MleeError) as refused:
        mlee.judge_agreement(judge, people)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
