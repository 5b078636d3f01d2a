"""Fold scores and bare scores on the board: judged among their own kind, and never beside rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter import report
from mlee_jupyter.domain import CandidateState, Judgement
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.experiment.handle import ExperimentHandle
from mlee_jupyter.experiment.starting import start
from mlee_jupyter.session import current

from .conftest import Shell

N = 600
HIGH = [0.90, 0.91, 0.92, 0.93, 0.91]
LOW = [0.80, 0.82, 0.81, 0.84, 0.82]


@pytest.fixture
def shelf(shell: Shell) -> ExperimentHandle:
    shell.names["y_test"] = np.random.default_rng(3).integers(0, 3, N)
    return start("shelf", truth="y_test", metric="accuracy", useful_gain=0.02)


def rows(wrong: int) -> np.ndarray:
    truth = current.session().names["y_test"]
    predicted = truth.copy()
    predicted[:wrong] = (truth[:wrong] + 1) % 3
    return predicted


def judgements() -> tuple[Judgement, ...]:
    return current.session().evidence().judgements


def on(judgement: Judgement) -> list[str]:
    return [standing.candidate for standing in judgement.standings]


def numbers(judgement: Judgement) -> list[tuple[Any, ...]]:
    return [(s.candidate, s.score, s.low, s.high, s.verdict, s.cost_bound, s.behind_low) for s in judgement.standings]


def test_folds_are_judged_as_compare_does(shelf: ExperimentHandle) -> None:
    shelf.record("a", HIGH)
    shelf.record("b", LOW)
    (judgement,) = judgements()
    expected = mlee.compare(None, {"a": HIGH, "b": LOW}, useful_gain=0.02).judgement
    assert (judgement.by, judgement.n, judgement.truth) == ("folds", 5, None)
    assert numbers(judgement) == numbers(expected)
    assert judgement.winner == expected.winner == "a"
    assert judgement.caveat == expected.caveat


def test_a_loss_with_scikit_learns_minus_sign_is_said_without_it(shell: Shell, capsys: Any) -> None:
    losses = start("losses", metric="mae", useful_gain=0.1, question="how much?")
    (recorded,) = losses.record("a", [-1.0, -2.0, -3.0, -2.0, -2.0])
    assert recorded.first.measured.value == 2.0
    assert "a recorded: mean absolute error 2.0" in capsys.readouterr().out


def test_bare_scores_are_judged_as_compare_does(shelf: ExperimentHandle) -> None:
    shelf.record("by option", 0.9, n=500)
    shelf.record("by dict", {"accuracy": 0.8, "n": 500})
    shelf.record("by pair", (0.85, 400))
    (judgement,) = judgements()
    handed = {"by option": (0.9, 500), "by dict": (0.8, 500), "by pair": (0.85, 400)}
    assert judgement.by == "scores"
    assert numbers(judgement) == numbers(mlee.compare(None, handed, useful_gain=0.02).judgement)


def test_a_candidate_is_judged_by_the_best_it_has(shelf: ExperimentHandle) -> None:
    for name in ("rows", "all three"):
        shelf.record(name, rows(30))
    for name in ("all three", "folds", "folds and score"):
        shelf.record(name, HIGH)
    for name in ("all three", "folds and score", "score"):
        shelf.record(name, 0.9, n=500)
    shelf.record("number", 0.9)
    by_row, by_folds, by_score = judgements()
    assert [j.by for j in judgements()] == ["rows", "folds", "scores"]
    assert set(on(by_row)) == {"rows", "all three"}
    assert set(on(by_folds)) == {"folds", "folds and score"}
    assert on(by_score) == ["score"]
    board = shelf.board()
    assert [part["source_text"] for part in board["boards"]] == [
        "truth y_test", "by fold scores", "by scores without their rows"
    ]  # fmt: skip
    assert {row["candidate"]: row["state"] for row in board["boards"][0]["rows"]}["number"] == "not comparable"
    assert "judged by rows (600 cases), fold scores (5 folds) and bare scores" in board["words"][0]
    assert "free baseline" not in {row["state"] for part in board["boards"][1:] for row in part["rows"]}


def test_a_board_from_the_store_says_the_same(shelf: ExperimentHandle) -> None:
    shelf.record("a", HIGH)
    shelf.record("b", LOW)
    shelf.record("c", (0.9, 300))
    here = numbers(judgements()[0]), numbers(judgements()[1])
    current.forget_session()
    again = current.session().evidence("shelf").judgements
    assert (numbers(again[0]), numbers(again[1])) == here


def test_other_folds_stand_apart_with_the_reason(shelf: ExperimentHandle) -> None:
    shelf.record("a", HIGH)
    shelf.record("b", LOW)
    shelf.record("ten", [0.9, 0.95] * 5)
    (part,) = shelf.board()["boards"]
    row = {row["candidate"]: row for row in part["rows"]}["ten"]
    assert row["state"] == "not comparable"
    assert row["reason"].startswith("It has 10 folds, the others 5.")


APART: dict[str, tuple[Any, dict[str, Any]]] = {
    "a number without rows": (0.9, {}),
    "another metric": ({"f1": 0.9, "n": 100}, {}),
}


@pytest.mark.parametrize(("value", "options"), APART.values(), ids=APART)
def test_what_cannot_be_judged_stays_apart(shelf: ExperimentHandle, value: Any, options: dict[str, Any]) -> None:
    shelf.record("a", value, **options)
    assert judgements() == ()
    assert shelf.board()["boards"][0]["rows"][0]["state"] == "not comparable"


def test_dropped_and_developed_candidates_stay_out(shelf: ExperimentHandle) -> None:
    shelf.record("a", HIGH)
    shelf.record("b", LOW)
    shelf.record("c", LOW, stage="development")
    shelf.drop("b", because="slow")
    assert on(judgements()[0]) == ["a"]
    shelf.take("b")
    assert set(on(judgements()[0])) == {"a", "b"}
    assert current.session().evidence().candidates["b"].state is CandidateState.ACTIVE


def test_a_metric_changed_later_leaves_old_scores_apart(shelf: ExperimentHandle) -> None:
    shelf.record("a", HIGH)
    shelf.change(metric="balanced_accuracy", because="rare kinds matter")
    assert judgements() == ()
    shelf.change(metric="accuracy", because="they do not")
    assert len(judgements()) == 1


REFUSED: dict[str, tuple[Any, Any, str]] = {
    "rows for predictions": (np.zeros(N), 500, "bare score"),
    "no rows at all": (0.9, 0, "no number of rows"),
    "half a row": (0.9, 10.5, "no number of rows"),
    "text": (0.9, "many", "no number of rows"),
    "true": (0.9, True, "no number of rows"),
    "in a dict": ({"accuracy": 0.9, "n": -4}, None, "no number of rows"),
    "per cent": (91.0, 500, "lies between 0 and 1"),
}


@pytest.mark.parametrize(("value", "n", "said"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_number_of_rows_is_one_line_and_loses_nothing(
    shelf: ExperimentHandle, value: Any, n: Any, said: str
) -> None:
    shelf.record("a", HIGH)
    with pytest.raises(MleeError, match=said) as caught:
        shelf.record("b", value, n=n)
    assert "\n" not in str(caught.value)
    assert [r.candidate for r in current.session().records().results] == ["a"]


def test_a_metric_called_n_is_still_one(shelf: ExperimentHandle) -> None:
    shelf.record("a", {"n": 0.5})
    (result,) = current.session().records().results
    assert (result.metric, result.n) == ("n", None)


def test_every_form_of_the_board_shows_them(shelf: ExperimentHandle) -> None:
    shelf.record("a", HIGH)
    shelf.record("b", LOW)
    board = shelf.board()
    for shown in (report.text(board), report.html(board), report.markdown(board)):
        assert "5 folds" in shown
        assert "Nadeau" in shown
        assert "one cross" in shown
        assert "one split" not in shown
        assert "5 test cases" not in shown
