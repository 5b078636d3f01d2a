"""The same candidates on a truth that grew: each size was a look, and the board says by which bound it is judged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain import Judgement
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session import current

from .conftest import Shell

N = 1_000
TRUTH = np.random.default_rng(3).integers(0, 2, N)


def wrong(rows: np.ndarray) -> np.ndarray:
    predicted = TRUTH.copy()
    predicted[rows] = 1 - predicted[rows]
    return predicted


PLACES = np.random.default_rng(4).permutation(N)
ANSWERS = {"svm": wrong(PLACES[:100]), "knn": wrong(PLACES[100:235])}  # 2.28 standard errors apart on all rows


@pytest.fixture(autouse=True)
def in_a_notebook(shell: Shell) -> Shell:
    return shell


def recorded(rows: int, names: tuple[str, ...] = ("svm", "knn"), **charter: Any) -> None:
    shelf = mlee.start("shelf", truth=TRUTH[:rows], **charter)
    for name in names:
        shelf.record(name, ANSWERS[name][:rows])


def judged() -> tuple[Judgement, ...]:
    return current.session().evidence("shelf").judgements


def the_only() -> Judgement:
    (found,) = judged()
    return found


def plain(rows: int) -> Judgement:
    return mlee.compare(TRUTH[:rows], {name: one[:rows] for name, one in ANSWERS.items()}).judgement


def said(judgement: Judgement) -> str:
    return judgement.caveat or ""


CHARTER = {"metric": "accuracy", "useful_gain": 0.02}


def test_a_truth_that_is_looked_at_once_is_judged_as_ever() -> None:
    recorded(N, **CHARTER)
    assert the_only().winner == plain(N).winner == "svm"
    assert the_only().caveat is None


def test_without_a_horizon_a_bound_holds_at_every_size() -> None:
    recorded(500, **CHARTER)
    assert the_only().caveat is None
    recorded(N)
    found = the_only()
    assert found.n == N, "the earlier size is history, with a board no more"
    assert found.winner is None
    assert found.standings[1].cost_bound > plain(N).standings[1].cost_bound
    assert said(found).startswith("The 2nd look at rows that grew from 500 to 1,000: judged by a bound that holds")
    current.forget_session()
    assert said(the_only()) == said(found), "from the store alone"


def test_with_a_horizon_the_last_look_has_nearly_all_that_one_look_has() -> None:
    recorded(500, **CHARTER, horizon=N)
    assert said(the_only()).startswith("The 1st look on the way to a horizon of 1,000 rows: judged by O'Brien")
    recorded(N)
    assert the_only().winner == "svm"
    assert said(the_only()).startswith("The 2nd look on the way to a horizon of 1,000 rows")


def test_a_first_look_before_the_horizon_takes_more() -> None:
    recorded(N, **CHARTER, horizon=2 * N)
    assert (plain(N).winner, the_only().winner) == ("svm", None)


def test_after_the_horizon_it_says_that_nothing_is_left() -> None:
    for rows in (400, 500, N):
        recorded(rows, **CHARTER, horizon=450)
    assert the_only().winner is None
    assert "was passed at an earlier look" in said(the_only())


def test_a_horizon_that_comes_after_the_first_look_does_not_count(in_a_notebook: Shell) -> None:
    recorded(500, **CHARTER)
    in_a_notebook.run('%mlee_experiment change horizon=1000 --because "more rows came"')
    assert said(the_only()) == "The horizon came after the first look, so it does not count."
    recorded(N)
    assert the_only().winner is None
    assert said(the_only()).startswith("The horizon came after the first look, so it does not count. The 2nd look")


def test_other_rows_are_no_growth() -> None:
    recorded(500, **CHARTER)
    mlee.start("shelf", truth=TRUTH[::-1].copy())
    for name in ANSWERS:
        mlee.start("shelf").record(name, ANSWERS[name][::-1])
    assert len(judged()) == 2
    assert [one.caveat for one in judged()] == [None, None]


def test_who_was_not_judged_again_keeps_a_board() -> None:
    ANSWERS["forest"] = wrong(PLACES[:300])
    recorded(500, ("svm", "knn", "forest"), **CHARTER)
    recorded(N)
    assert [(one.n, len(one.standings)) for one in judged()] == [(N, 2), (500, 3)]
    assert said(judged()[0]).startswith("The 2nd look")
    assert judged()[1].caveat is None


def test_other_candidates_were_not_looked_at_before() -> None:
    ANSWERS["forest"] = wrong(PLACES[:300])
    recorded(500, ("svm", "forest"), **CHARTER)
    recorded(N, ("svm", "knn"))
    assert judged()[0].caveat is None


def test_what_is_no_number_of_rows_is_refused() -> None:
    for horizon, why in ((0, "no number of rows"), (1.5, "a number"), ("many", "a number")):
        with pytest.raises(MleeError, match=why):
            mlee.start("shelf", truth=TRUTH, horizon=horizon)
