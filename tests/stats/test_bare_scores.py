"""Score and number of rows alone: by hand, by statsmodels, by simulation, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from mlee_jupyter import compare
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge


def test_two_shares_by_hand_and_by_statsmodels() -> None:
    found = compare(None, {"a": (0.9, 200), "b": (0.8, 300)})
    second = found.judgement.standings[1]
    first, other = 181 / 202, 241 / 302
    error = math.sqrt(first * (1 - first) / 202 + other * (1 - other) / 302)
    equal = math.sqrt(0.84 * 0.16 * (1 / 200 + 1 / 300))  # 420 of 500
    assert equal > error
    error = equal
    half = stats.t.isf(0.025, 199) * error
    assert (second.behind_low, second.behind_high) == pytest.approx((0.1 - half, 0.1 + half))
    assert second.p_value == pytest.approx(2 * stats.t.sf(0.1 / error, 199), rel=1e-3)
    assert found.winner == "a"
    assert found.judgement.by == "scores"
    assert "sharper" in repr(found)
    module = pytest.importorskip("statsmodels.stats.proportion")
    _, p_value = module.proportions_ztest([180, 240], [200, 300])
    assert second.p_value == pytest.approx(p_value, rel=0.15)  # theirs is normal, ours t of 199
    near = compare(None, {"a": (0.96, 200), "b": (0.95, 300)}).judgement.standings[1]  # where caution adds nothing
    low, high = module.confint_proportions_2indep(192, 200, 285, 300, method="agresti-caffo")
    assert near.behind_high - near.behind_low == pytest.approx(high - low, rel=0.02)
    assert found.judgement.standings[0].low == pytest.approx(module.proportion_confint(180, 200, method="wilson")[0])


@pytest.mark.parametrize("shared", [0.0, 0.8])
def test_equals_are_kept_together(shared: float) -> None:
    random, tries, lost = np.random.default_rng(1), 400, 0
    for _ in range(tries):
        error = math.sqrt(shared) * random.standard_normal(100) + math.sqrt(1 - shared) * random.standard_normal(
            (4, 100)
        )
        right = (error < 1.0).mean(axis=1)
        lost += len(compare(None, {str(k): (float(r), 100) for k, r in enumerate(right)}).best_set) < 4
    assert lost / tries <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / tries)
    assert (lost > 0) == (shared == 0)


def test_small_samples_and_one_candidate_name_no_winner() -> None:
    few = compare(None, {"a": (1.0, 20), "b": (0.0, 20)})
    assert few.winner is None
    assert "below 30" in (few.no_winner_reason or "")
    assert compare(None, {"a": (0.9, 50)}).best_set == ("a",)
    assert len(compare(None, {"a": (0.9, 50), "b": (0.9, 50)}).best_set) == 2


@pytest.mark.parametrize(
    ("metric", "value", "says"),
    [("mae", (0.5, 100), "its own error"), ("accuracy", (1.5, 100), "no share of rows")],
)
def test_refusals(metric: str, value: tuple[float, int], says: str) -> None:
    with pytest.raises(MleeError, match=says):
        compare(None, {"a": value}, metric)


def test_a_number_without_its_rows_is_failed() -> None:
    tries = [
        Entry(candidate="a", rows=None, kind=ResultKind.NUMBER, value=0.8, n=100),
        Entry(candidate="b", rows=None, kind=ResultKind.NUMBER, value=0.8),
    ]
    assert "without its rows" in judge(None, tries, metric="accuracy").failed["b"]
