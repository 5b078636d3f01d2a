"""An experiment judged by a function of the user's own, on a real store."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session import boards, current
from mlee_jupyter.stats.metrics.catalogue import REGISTERED

from .conftest import Shell

N = 300


def profit(truth: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Five for a hit, a loss of two for a false alarm."""
    return 5.0 * ((truth == 1) & (rows == 1)) - 2.0 * ((truth == 0) & (rows == 1))


@pytest.fixture
def told(shell: Shell) -> Iterator[Shell]:
    random = np.random.default_rng(91)
    truth = (random.random(N) < 0.4).astype(int)
    shell.names.update(y_test=truth, profit=profit, mlee=mlee)
    for name, share in (("good", 0.95), ("fair", 0.7)):
        shell.names[name] = np.where(random.random(N) < share, truth, 1 - truth)
    yield shell
    REGISTERED.pop("profit", None)


def test_a_charter_names_it(told: Shell) -> None:
    told.run('mlee.metric("profit", profit, higher_is_better=True, by_row=True)')
    told.run('%%mlee_experiment start offers --truth y_test\nmetric = "profit"')
    told.run("%%mlee_candidate svm\ngood")
    told.run("%%mlee_candidate knn\nfair")
    board = boards.board_of(current.session())
    judgement = current.session().evidence().judgement
    assert judgement is not None
    assert judgement.winner == "svm"
    assert judgement.standings[0].score == pytest.approx(
        float(np.mean(profit(told.names["y_test"], told.names["good"])))
    )
    assert "profit" in str(board)


def test_start_takes_the_function_itself(told: Shell) -> None:
    handle = mlee.start("offers", truth=told.names["y_test"], metric=profit, higher_is_better=True)
    handle.record("svm", told.names["good"])
    handle.record("knn", told.names["fair"])
    judgement = current.session().evidence().judgement
    assert judgement is not None
    assert (judgement.metric, judgement.winner) == ("profit", "svm")


def test_without_its_direction_nothing_starts(told: Shell) -> None:
    with pytest.raises(MleeError, match="Which way is better"):
        mlee.start("offers", truth=told.names["y_test"], metric=profit)
    assert "profit" not in REGISTERED


def test_where_it_is_not_registered_the_way_out_is_said(told: Shell) -> None:
    handle = mlee.start("offers", truth=told.names["y_test"], metric=profit, higher_is_better=True)
    handle.record("svm", told.names["good"])
    REGISTERED.pop("profit")  # as in a new kernel
    with pytest.raises(MleeError, match=r"mlee_jupyter\.metric"):
        handle.record("knn", told.names["fair"])
    assert current.session().evidence().judgement is None  # shown unjudged, nothing lost
    current.session().names["profit"] = profit
    mlee.metric("profit", profit, higher_is_better=True)
    handle.record("knn", told.names["fair"])
    found = current.session().evidence().judgement
    assert found is not None
    assert found.winner == "svm"


def test_another_function_under_its_name_is_asked_again(told: Shell) -> None:
    handle = mlee.start("offers", truth=told.names["y_test"], metric=profit, higher_is_better=True)
    handle.record("svm", told.names["good"])
    before = current.session().evidence().judgement
    mlee.metric("profit", lambda truth, rows: 2 * profit(truth, rows), higher_is_better=True)
    after = current.session().evidence().judgement
    assert before is not None
    assert after is not None
    assert after.standings[0].score == pytest.approx(2 * before.standings[0].score)
