"""Small words on what was handed over: labels the truth never has, shares no rows can give, a search's results."""

from __future__ import annotations

from html import unescape
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score

import mlee_jupyter as mlee
from mlee_jupyter.evidence.sampling.look import time_order
from mlee_jupyter.judge.by_scores import share_of

from .conftest import Shell

N = 200
X = np.random.default_rng(1).normal(size=(N, 3))
Y = (X[:, 0] > 0).astype(int)

# ---------------------------------------------------------------- labels

TRUTHS: dict[str, tuple[Any, Any]] = {
    "text": (np.array(["a", "b"], dtype=object), "c"),
    "numbers": (np.array([0, 1]), 2),
    "negative": (np.array([-1, 1]), 0),
    "fractions": (np.array([0.0, 1.0]), 2.0),
}


@pytest.mark.parametrize("kind", TRUTHS)
@pytest.mark.parametrize("metric", ["accuracy", "f1_macro", "balanced_accuracy"])
def test_a_label_that_is_not_in_the_truth_is_named(kind: str, metric: str) -> None:
    labels, other = TRUTHS[kind]
    truth = labels[Y]
    strange = truth.copy()
    strange[:30] = other
    found = mlee.compare(truth, {"odd": strange, "fine": truth[::-1].copy()}, metric=metric)
    (said,) = found.remarks
    assert "odd predicts" in said
    assert "30 of 200 rows" in said
    assert said in repr(found)
    assert said in unescape(found._repr_html_())
    fine = mlee.compare(
        truth, {"fine": truth[::-1].copy(), "one class": np.full(N, labels[0], labels.dtype)}, metric=metric
    )
    assert fine.remarks == ()


def test_numbers_and_scores_have_no_such_labels() -> None:
    truth = np.random.default_rng(2).normal(size=N)
    assert mlee.compare(truth, {"a": truth + 1}, metric="mae").remarks == ()
    assert mlee.compare(Y, {"a": np.linspace(0, 1, N)}, metric="roc_auc").remarks == ()


def test_the_only_one_is_not_called_best() -> None:
    found = mlee.compare(Y, {"a": Y[::-1].copy()})
    assert "only one scored" in repr(found)
    assert " best" not in repr(found)


# ---------------------------------------------------------------- shares

IMPOSSIBLE = [(0.913, 10), (0.95, 10), (0.333, 8), (0.99, 20), (0.9137254901960784, 10)]
POSSIBLE = [(0.9, 10), (0.91, 500), (0.913, 500), (0.87, 500), (0.33, 3), (0.67, 3), (0.9137254901960784, 51), (1.0, 7)]
POSSIBLE += [(0.0, 9), (0.8666666666666667, 15), (0.9133217, 1000), (0.857, 7), (0.9, 7)]


@pytest.mark.parametrize(("share", "rows"), IMPOSSIBLE)
def test_a_share_that_so_many_rows_cannot_give_is_refused(share: float, rows: int, shell: Shell) -> None:
    found = mlee.compare(None, {"it": (share, rows), "other": (1.0, rows)})
    assert "no share of" in found.failed["it"]
    here = mlee.start("shares", metric="accuracy", question="which?")
    for handed in ((share, rows), {"accuracy": share, "n": rows}):
        with pytest.raises(mlee.MleeError, match="no share of"):
            here.record("it", handed)
    with pytest.raises(mlee.MleeError, match="no share of"):
        here.record("it", share, n=rows)


@pytest.mark.parametrize(("share", "rows"), POSSIBLE)
def test_a_share_that_rounding_explains_is_taken(share: float, rows: int) -> None:
    assert share_of(share, rows) == round(share * rows)


@pytest.mark.parametrize("rows", [2, 10, 29, 30, 97, 1000])
def test_every_share_of_rows_is_one_however_it_was_rounded(rows: int) -> None:
    for count in range(rows + 1):
        for digits in (2, 3, 4, 6, 17):
            assert share_of(round(count / rows, digits), rows) is not None


def test_shares_of_other_metrics_are_not_counted_in_rows(shell: Shell) -> None:
    here = mlee.start("aucs", metric="roc_auc", question="which?")
    here.record("it", (0.913, 10))


# ---------------------------------------------------------------- a search

SEARCH = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=3).fit(X, Y)


@pytest.mark.parametrize("made", [dict, pd.DataFrame, lambda found: pd.DataFrame(found).to_dict("list")])
def test_a_searchs_results_are_settings_to_a_record_and_no_candidate_to_compare(made: Any, shell: Shell) -> None:
    here = mlee.start("search", truth=Y, features=X, metric="accuracy", question="which?")
    (done,) = here.record("search", made(SEARCH.cv_results_))
    assert done.tries is not None
    assert (done.tries.count, done.variants) == (2, 2)
    with pytest.raises(mlee.MleeError, match="best_estimator_") as caught:
        mlee.compare(None, {"search": made(SEARCH.cv_results_)}, metric="accuracy")
    assert 'cross_val_score(search, X, y, scoring="accuracy")' in str(caught.value)
    here.record("by its best", SEARCH.best_estimator_)
    here.record("by folds", cross_val_score(SEARCH, X, Y, scoring="accuracy"))


# ---------------------------------------------------------------- times


@pytest.mark.parametrize("days", [[20230101, 20230131], [1_700_000_000, 1_700_086_400], [0.5, 2.25], [1, 12]])
def test_times_are_said_as_they_were_written(days: list[float]) -> None:
    order = time_order(np.array(days), np.array(days))
    assert order is not None
    assert (order.test_first, order.train_last) == (str(days[0]), str(days[1]))
