"""Fold scores of an error, some positive and some negative: what may be R2 is asked about, never ranked upside down."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.catalogue import metric_facts

from .conftest import Shell

ERRORS = ("rmse", "mae", "mse", "mape", "msle", "pinball_0.9", "brier")
GOOD, BAD = [0.90, 0.88, 0.93, 0.89, 0.91], [-0.31, -0.22, -0.45, -0.28, -0.3]  # R2
MIXED = [-0.1, 0.05, -0.2, 0.1, -0.05]


@pytest.mark.parametrize("metric", ERRORS)
def test_r2_on_both_sides_of_nothing_is_asked_about(metric: str) -> None:
    for names in itertools.permutations("ab"):
        with pytest.raises(MleeError, match="R2") as caught:
            mlee.compare(None, dict(zip(names, (GOOD, BAD), strict=True)), metric=metric)
        assert f'scoring="neg_{metric_facts(metric).name}"' in str(caught.value)


def test_a_list_that_is_no_error_casts_doubt_on_those_that_may_be() -> None:
    with pytest.raises(MleeError):
        mlee.compare(None, {"good": GOOD, "mean": MIXED}, metric="mae")


@pytest.mark.parametrize("times", [1.0, 5.0, 300.0])
def test_errors_with_one_sign_are_judged_as_ever(times: float) -> None:
    for sign in (1, -1):
        lists = {"a": sign * times * np.array(GOOD), "b": sign * times * np.array(GOOD) * 0.3}
        assert mlee.compare(None, lists, metric="rmse").winner == "b"


def test_errors_that_cannot_be_r2_may_have_either_sign() -> None:
    lists = {"a": 20 * np.array(GOOD), "b": -10 * np.array(GOOD)}
    assert mlee.compare(None, lists, metric="rmse").winner == "b"


def test_r2_itself_may_lie_on_both_sides() -> None:
    assert mlee.compare(None, {"a": GOOD, "b": BAD}, metric="r2").winner == "a"


def test_an_r2_beside_errors_is_set_aside_alone() -> None:
    errors = 4 * np.array(GOOD)
    verdict = mlee.compare(None, {"a": errors, "b": errors * 2, "odd": BAD}, metric="rmse")
    assert verdict.winner == "a"
    assert "R2" in verdict.failed["odd"]


def test_the_second_of_two_signs_is_asked_about_before_it_is_recorded(shell: Shell) -> None:
    here = mlee.start("signs", metric="rmse", useful_gain=0.1, question="how much?")
    here.record("bad", BAD)
    with pytest.raises(MleeError, match="R2"):
        here.record("good", GOOD)
    assert {r["candidate"] for r in here.history().to_dict("records")} == {"bad"}
    here.drop("bad", because="it was R2")
    here.record("good", GOOD)
    named = {"test_neg_root_mean_squared_error": -np.array(GOOD)}
    here.record("named", named)  # its name tells
    (judgement,) = here.board()["boards"]
    states = {row["candidate"]: row["state"] for row in judgement["rows"]}
    assert (states["good"], states["named"]) == ("best score", "as good")
