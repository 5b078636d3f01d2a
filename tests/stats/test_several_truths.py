"""A truth of several columns: refused in one line, or averaged where the user says so, as scikit-learn does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as sk

from mlee_jupyter import compare
from mlee_jupyter.domain.errors import MleeError

RANDOM = np.random.default_rng(61)
TRUTH = 3 + RANDOM.random((80, 2))
NAMED = {"a": TRUTH + 0.1 * RANDOM.normal(size=(80, 2)), "b": TRUTH + 0.4 * RANDOM.normal(size=(80, 2))}
ORACLES: dict[str, Callable[..., float]] = {
    "mae": sk.mean_absolute_error,
    "mse": sk.mean_squared_error,
    "mape": sk.mean_absolute_percentage_error,
    "msle": sk.mean_squared_log_error,
    "pinball_0.5": sk.mean_pinball_loss,
}


@pytest.mark.parametrize("metric", ORACLES)
def test_the_mean_over_truths_is_scikit_learns(metric: str) -> None:
    found = compare(TRUTH, NAMED, metric, multioutput="uniform_average")
    for standing in found.judgement.standings:
        assert standing.score == pytest.approx(ORACLES[metric](TRUTH, NAMED[standing.candidate]))
    assert found.winner == "a"
    assert found.judgement.n == 80  # rows, not numbers


def test_it_is_the_comparison_of_the_rows_means() -> None:
    losses = {name: np.abs(TRUTH - rows).mean(axis=1) for name, rows in NAMED.items()}
    by_hand = compare(np.zeros(80), losses, "mae").judgement.standings[1]
    found = compare(TRUTH, NAMED, "mae", multioutput="uniform_average").judgement.standings[1]
    assert (found.behind_low, found.behind_high) == pytest.approx((by_hand.behind_low, by_hand.behind_high))


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"metric": "mae"}, "2 columns; one is judged at a time.*uniform_average"),
        ({"metric": "mae", "multioutput": "raw_values"}, "not known here"),
        ({"metric": "rmse", "multioutput": "uniform_average"}, "no mean over rows"),
        ({"metric": "r2", "multioutput": "uniform_average"}, "no mean over rows"),
        ({"metric": "accuracy", "multioutput": "uniform_average"}, "no mean over rows"),
        ({"metric": "mae", "multioutput": "uniform_average", "predictions": {"a": TRUTH[:, 0]}}, "for 2 truths"),
    ],
)
def test_refusals(how: dict[str, Any], says: str) -> None:
    with pytest.raises(MleeError, match=says):
        compare(**{"truth": TRUTH, "predictions": NAMED, **how})


def test_one_truth_with_the_word_is_itself() -> None:
    one = {name: rows[:, 0] for name, rows in NAMED.items()}
    plain = compare(TRUTH[:, 0], one, "mae").judgement
    assert compare(TRUTH[:, 0], one, "mae", multioutput="uniform_average").judgement == plain
