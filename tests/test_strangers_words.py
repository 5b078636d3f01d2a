"""Honest records are not accused, wrong ones are not let pass: what the board, a decision and a suggestion say then."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import MleeError
from tests.conftest import Shell

pytestmark = pytest.mark.usefixtures("alone")


def found(rule: str) -> bool:
    return any(f.rule == rule and f.outcome == "finding" for f in mlee.check())


@pytest.mark.parametrize("metric", ["mae", "rmse", "r2", "mape", "mean_poisson_deviance", "median_absolute_error"])
@pytest.mark.parametrize("kinds", [2, 3, 5, 20, 40])
def test_numbers_predicted_for_whole_numbers_are_no_labels_of_another_coding(metric: str, kinds: int) -> None:
    dice = np.random.default_rng(kinds)
    truth = dice.integers(1, 1 + kinds, 300)
    try:
        handle = mlee.start("stars", truth=truth, metric=metric)
    except MleeError:
        pytest.skip("no metric of ours")
    handle.record("linear", truth + 0.3 + 0.1 * dice.random(300), quiet=True)
    assert not found("MLE402")


def test_labels_of_another_coding_still_are() -> None:
    truth = np.arange(300) % 3
    handle = mlee.start("x", truth=truth, metric="accuracy")
    handle.record("shifted", truth + 3, quiet=True)
    assert found("MLE402")


def test_a_decision_on_a_wrong_comparison_is_not_let_pass(shell: Shell) -> None:
    shell.names.update(y=np.arange(300) % 2, short=(np.arange(200) % 2))
    shell.run("%%mlee_experiment start x --truth y\nmetric = 'accuracy'")
    shell.run("%%mlee_candidate a\ny")
    shell.run("%%mlee_candidate b --truth short\nshort")
    assert "MLE401" not in shell.run("%%mlee_candidate a\ny"), "said once"
    said = shell.run('%mlee_experiment decide a --because "best"')
    assert said.count("MLE401") == 1


def test_a_decision_on_a_sound_one_is_quiet(shell: Shell) -> None:
    shell.names.update(y=np.arange(3000) % 2)
    shell.run("%%mlee_experiment start x --truth y\nmetric = 'accuracy'")
    shell.run("%%mlee_candidate a\nimport numpy as np\nnp.where(np.arange(3000) % 9, y, 1 - y)")
    assert "error" not in shell.run('%mlee_experiment decide a --because "best"')


def test_what_guessing_beats_is_suggested_to_nobody() -> None:
    dice = np.random.default_rng(0)
    truth = (dice.random(800) < 0.3).astype(int)
    columns = {name: np.where(dice.random(800) < share, truth, 1 - truth) for name, share in (("a", 0.4), ("b", 0.3))}
    verdict = mlee.compare(truth, columns)
    assert verdict.winner == "a"
    assert verdict.recommended is None
    assert "guessing does better than a" in str(verdict)
    assert "Nothing is suggested because guessing does better than a and b." in str(verdict.explain())
    handle = mlee.start("x", truth=truth, metric="accuracy")
    for name, rows in columns.items():
        handle.record(name, rows, quiet=True)
    answers = {one["head"]: one["text"] for one in json.loads(handle.brief("json"))["answers"]}
    assert answers["What do we suggest?"] == "Nothing: a guess that has learned nothing does better."
    good = np.where(dice.random(800) < 0.95, truth, 1 - truth)
    assert mlee.compare(truth, {**columns, "good": good}).recommended == "good"


def test_looks_far_behind_are_not_said_to_have_scored_alike(shell: Shell) -> None:
    dice = np.random.default_rng(0)
    shell.names["y"] = truth = dice.integers(0, 2, 2000)
    shell.run("%%mlee_experiment start x --truth y\nmetric = 'accuracy'")
    for name, share in (("first", 0.97), ("second", 0.9), ("third", 0.6)):
        shell.names["p"] = np.where(dice.random(2000) < share, truth, 1 - truth)
        shell.run(f"%%mlee_candidate {name}\np")
    said = " ".join(shell.run("%mlee_scoreboard").split())
    assert "3 looks at y; 2 steered by earlier scores: luck gained nothing by them." in said


def test_an_ignore_that_is_over_before_it_begins_is_refused() -> None:
    handle = mlee.start("x", truth=np.arange(100) % 2)
    with pytest.raises(MleeError, match="is past"):
        handle.ignore("MLE201", because="a first look", until=date.today() - timedelta(days=2))
    handle.ignore("MLE201", because="a first look", until=date.today() + timedelta(days=2))


@pytest.mark.parametrize("metric", ["f1", "precision", "recall", "roc_auc", "average_precision"])
def test_compare_says_which_class_it_looks_at_where_that_is_a_choice(metric: str) -> None:
    dice = np.random.default_rng(0)
    yes = dice.random(400) < 0.3
    rows = np.clip(yes * 0.4 + dice.random(400) * 0.6, 0, 1) if metric in ("roc_auc", "average_precision") else None
    for truth, says in ((np.where(yes, "fraud", "legit"), True), (yes.astype(int), False), (yes, False)):
        guess = truth if rows is None else rows
        said = str(mlee.compare(truth, {"a": guess, "b": guess[::-1]}, metric=metric))
        assert ("Positive class taken: 'legit'" in said or "Positive class taken: legit" in said) == says
        if says:
            named = str(mlee.compare(truth, {"a": guess, "b": guess[::-1]}, metric=metric, positive="fraud"))
            assert "Positive class taken" not in named
    assert "Positive" not in str(mlee.compare(np.where(yes, "fraud", "legit"), {"a": np.where(yes, "fraud", "legit")}))


@pytest.mark.parametrize("kind", [int, float])
def test_labels_beside_probabilities_are_told(kind: type) -> None:
    dice = np.random.default_rng(0)
    truth = dice.integers(0, 2, 400)
    shares = np.clip(0.5 + 0.3 * (2 * truth - 1) + 0.2 * dice.standard_normal(400), 0, 1)
    said = str(mlee.compare(truth, {"knn": shares, "same": (shares > 0.5).astype(kind)}, metric="roc_auc"))
    assert "same's scores have two values only, like labels" in said
    assert "knn's" not in said
    hard = np.column_stack((shares <= 0.5, shares > 0.5)).astype(float)
    said = str(mlee.compare(truth, {"knn": shares, "tree": hard}, metric="roc_auc"))
    assert "tree's probabilities have two values only" in said
    assert "predict_proba" not in said
