"""A search of scikit-learn that is handed over: its settings are variants of one candidate, with fold scores."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import Ridge
from sklearn.metrics import f1_score, make_scorer
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, RandomizedSearchCV
from sklearn.tree import DecisionTreeClassifier

import mlee_jupyter as mlee
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.session import boards, current
from tests.conftest import Shell

X, Y = load_breast_cancer(return_X_y=True)
X_TRAIN, Y_TRAIN, X_TEST, Y_TEST = X[:400], Y[:400], X[400:], Y[400:]
DEPTHS = {"max_depth": [1, 2, None]}


def grid(scoring: Any = None, **options: Any) -> GridSearchCV:
    tree = DecisionTreeClassifier(random_state=0)
    return GridSearchCV(tree, DEPTHS, cv=5, scoring=scoring, **options).fit(X_TRAIN, Y_TRAIN)


GRID, TWO = grid(return_train_score=True), grid(["accuracy", "f1"], refit="f1")
HALVING = HalvingGridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [1, 2, 3, 4]}, random_state=0)
HALVING.fit(X_TRAIN, Y_TRAIN)


def recorded(value: Any, metric: str | None = "accuracy", **charter: Any) -> Any:
    """What is recorded of it in an experiment of its own."""
    here = mlee.start(f"search {np.random.default_rng().integers(2**60)}", metric=metric, **charter)
    return here.record("tree", value)[-1]


def kept() -> list[Any]:
    return list(current.session().records().results)


SAME = {
    "the search": GRID,
    "its table": GRID.cv_results_,
    "its frame": pd.DataFrame(GRID.cv_results_),
    "without a refit": grid(refit=False),
    "at random": RandomizedSearchCV(DecisionTreeClassifier(random_state=0), DEPTHS, n_iter=3, cv=5, random_state=0).fit(
        X_TRAIN, Y_TRAIN
    ),
    "of several metrics": TWO,
}


@pytest.mark.parametrize("value", SAME.values(), ids=SAME)
def test_settings_are_variants_with_test_scores_and_nothing_else(value: Any, alone: None) -> None:
    recorded(value)
    found = {one.variant: one for one in kept()}
    assert set(found) == {"max_depth=1", "max_depth=2", "max_depth=None"}
    for depth, mean in zip(DEPTHS["max_depth"], GRID.cv_results_["mean_test_score"], strict=True):
        one = found[f"max_depth={depth}"]
        assert (one.kind, one.metric, one.n) == (ResultKind.FOLDS, "accuracy", 5)
        assert one.value == pytest.approx(mean)
        assert one.settings == {"max_depth": str(depth)}


def test_one_line_and_the_same_search_again_is_nothing_new(shell: Shell) -> None:
    shell.run("import mlee_jupyter as mlee\n" + 'e = mlee.start("shelf", metric="accuracy")')
    shell.names.update(search=GRID)
    said = shell.run("%%mlee_candidate tree\nsearch")
    best = 100 * GRID.best_score_
    assert f"tree recorded: 3 settings as variants. The best: {best:.1f}% over 5 folds" in said
    assert said.count("recorded") == 1
    assert "tree: nothing new, 3 settings on record already." in shell.run("%%mlee_candidate tree\nsearch.cv_results_")
    assert len(kept()) == 3
    board = shell.run("%mlee_scoreboard")
    assert "3 variants" in " ".join(board.split())


def test_where_there_are_test_rows_the_refitted_model_is_judged_on_them(alone: None) -> None:
    told = recorded(GRID, truth=Y_TEST, features=X_TEST)
    assert told.tries.beside
    kinds = [(one.kind, one.variant) for one in kept()]
    assert kinds[0] == (ResultKind.PREDICTIONS, "refit")
    assert [kind for kind, _ in kinds[1:]] == [ResultKind.FOLDS] * 3
    (standing,) = current.session().evidence().judgements[0].standings
    assert standing.score == pytest.approx(float((GRID.predict(X_TEST) == Y_TEST).mean()))


def test_settings_by_another_metric_are_left_out_and_the_model_is_judged(alone: None) -> None:
    told = recorded(grid("roc_auc"), truth=Y_TEST, features=X_TEST)
    assert "Its settings are left out" in told.remarks[-1]
    assert [one.kind for one in kept()] == [ResultKind.PREDICTIONS]


METRICS = {
    "the usual one of a classifier": (grid(), "f1", "scored by accuracy"),
    "a named one": (grid("roc_auc"), "accuracy", "scored by roc_auc"),
    "a function": (grid(make_scorer(f1_score)), "accuracy", "scored by f1"),
    "none of several": (TWO, "roc_auc", "accuracy and f1"),
    "which of several": (TWO.cv_results_, None, "several metrics"),
}


@pytest.mark.parametrize(("value", "metric", "words"), METRICS.values(), ids=METRICS)
def test_scores_of_another_metric_are_refused(value: Any, metric: str | None, words: str, alone: None) -> None:
    with pytest.raises(mlee.MleeError, match=words):
        recorded(value, metric)
    assert kept() == []


def test_without_a_metric_the_one_of_the_refit_is_taken(alone: None) -> None:
    recorded(TWO, None)
    assert {one.metric for one in kept()} == {"f1"}


def test_an_error_is_the_least_with_its_sign_turned(alone: None) -> None:
    search = GridSearchCV(Ridge(), {"alpha": [0.1, 1e6]}, cv=5, scoring="neg_mean_squared_error").fit(X_TRAIN, Y_TRAIN)
    told = recorded(search, "mse")
    assert told.tries.best_variant == "alpha=0.1"
    board = boards.board_of(current.session())
    assert board["boards"][0]["rows"][0]["score"] == pytest.approx(-search.best_score_)


def test_a_halving_search_competes_by_its_last_round(alone: None) -> None:
    told = recorded(HALVING)
    sizes = [one.trained_on for one in kept()]
    assert sizes == HALVING.cv_results_["n_resources"].tolist()
    assert told.tries.best_variant == f"max_depth={HALVING.best_params_['max_depth']}"
    assert current.session().evidence().efforts["tree"].variants == sizes.count(max(sizes))
    assert all(one.variant.endswith("rows") for one in kept() if one.trained_on != max(sizes))


def test_a_setting_that_failed_is_counted_and_no_candidate_of_its_own(alone: None) -> None:
    with warnings.catch_warnings(action="ignore"):
        search = GridSearchCV(DecisionTreeClassifier(), {"max_depth": [1, -3]}, cv=5).fit(X_TRAIN, Y_TRAIN)
    told = recorded(search)
    assert told.tries.lacking == {"failed in a fold": 1}
    assert [one.outcome for one in kept()] == ["ok", "error"]


NO_SEARCH = {
    "a search that is not fitted": GridSearchCV(DecisionTreeClassifier(), DEPTHS),
    "its means alone": pd.DataFrame(GRID.cv_results_)[["params", "mean_test_score"]],
    "a dict with parameters": {"params": {"C": 1}, "score": [1.0]},
}


@pytest.mark.parametrize("value", NO_SEARCH.values(), ids=NO_SEARCH)
def test_what_is_none_is_read_as_before(value: Any, alone: None) -> None:
    with pytest.raises(mlee.MleeError):
        recorded(value)
    assert kept() == []
