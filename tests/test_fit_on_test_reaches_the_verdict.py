"""Whose own cell learned from the rows that judge it is neither best nor suggested, saved notebook or not."""
# ruff: noqa: E501

from __future__ import annotations

import numpy as np
import pytest

from mlee_jupyter.domain import Level, Outcome
from mlee_jupyter.session import boards, current

from .conftest import Shell

N = 300
RANDOM = np.random.default_rng(3)
LEAKY = {
    "a model": "DecisionTreeClassifier().fit(X_test, y_test)",
    "its predictions": "m = DecisionTreeClassifier().fit(X_test, y_test)\nm.predict(X_test)",
    "a search": "GridSearchCV(DecisionTreeClassifier(), {'max_depth': [9, 30]}, cv=3).fit(X_test, y_test).predict(X_test)",
    "a pipeline": "make_pipeline(StandardScaler(), DecisionTreeClassifier()).fit(X_test, y_test)",
    "both laid together": (
        "m = DecisionTreeClassifier()\n"
        "m.fit(np.vstack([X_train, X_test]), np.hstack([y_train, y_test]))\n"
        "p = m.predict(X_test)"
    ),
}
HONEST = {
    "a model": "DecisionTreeClassifier(max_depth=2).fit(X_train, y_train)",
    "its predictions": "m = make_pipeline(StandardScaler(), DecisionTreeClassifier()).fit(X_train, y_train)\nm.predict(X_test)",
    "a look at the test rows": "X_test.mean()\nDecisionTreeClassifier().fit(X_train, y_train).predict(X_test)",
}


@pytest.fixture
def begun(shell: Shell) -> Shell:
    X = RANDOM.normal(size=(3 * N, 4))
    y = (X[:, 0] + RANDOM.normal(size=3 * N) > 0).astype(int)
    shell.names.update(X_train=X[N:], X_test=X[:N], y_train=y[N:], y_test=y[:N], np=np)
    shell.run(
        "from sklearn.tree import DecisionTreeClassifier\nfrom sklearn.model_selection import GridSearchCV\n"
        "from sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler"
    )
    start = '%%mlee_experiment start it --truth y_test --features X_test\nmetric = "accuracy"\nuseful_gain = 0.02'
    shell.run(start)
    shell.run("%%mlee_candidate mean\n(X_test[:, 0] > 0).astype(int)")
    return shell


@pytest.mark.parametrize("kind", LEAKY)
def test_who_learned_from_the_test_rows_is_not_crowned(begun: Shell, kind: str) -> None:
    assert "MLE410" in begun.run(f"%%mlee_candidate leak\n{LEAKY[kind]}")
    board = boards.board_of(current.session())
    part = board["boards"][0]
    assert (part["winner"], part["recommended"]) == (None, None)
    assert "MLE410" in part["words"][0]
    states = {row["candidate"]: row["state"] for row in part["rows"]}
    assert states["leak"] in ("best score", "can't tell")
    assert [one["level"] for one in board["findings"]["errors"]] == ["error"]
    said = begun.run("%mlee_scoreboard --why leak")
    assert "MLE410" in said
    assert "take it" not in said


@pytest.mark.parametrize("kind", HONEST)
def test_who_did_not_is_judged_as_ever(begun: Shell, kind: str) -> None:
    assert "MLE410" not in begun.run(f"%%mlee_candidate tree\n{HONEST[kind]}")
    board = boards.board_of(current.session())
    assert board["findings"]["errors"] == []


def test_what_the_finding_says_to_type_settles_it(begun: Shell) -> None:
    begun.run(f"%%mlee_candidate leak\n{LEAKY['a model']}")
    found = next(f for f in current.check() if f.rule == "MLE410")
    assert (found.outcome, found.level) == (Outcome.FINDING, Level.ERROR)
    begun.run(f"%%mlee_candidate leak\n{HONEST['a model']}")
    typed = found.remedy[found.remedy.index("%mlee_experiment") :].replace("...", "leak")
    begun.run(typed)
    assert next(f for f in current.check() if f.rule == "MLE410").outcome is not Outcome.FINDING
    assert boards.board_of(current.session())["findings"]["errors"] == []


def test_an_ignore_with_a_reason_holds(begun: Shell) -> None:
    begun.run(f"%%mlee_candidate leak\n{LEAKY['a model']}")
    current.session().ignore("MLE410", "these rows judge nothing", None)
    assert boards.board_of(current.session())["boards"][0]["winner"] == "leak"
