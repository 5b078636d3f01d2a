"""What a board says is what its numbers say: of guessing, of cost, of rows that would do, of an error that stands."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain import Verdict
from mlee_jupyter.domain.text.numbers import gains_apart, gains_text
from mlee_jupyter.judge.rows_for import rows_for, smallest_for
from mlee_jupyter.report.explain import explaining
from tests.builders import standing, undecided

N = 400
RANDOM = np.random.default_rng(11)
RARE = (np.arange(N) % 10 == 0).astype(int)

# ---------------------------------------------------------------- guessing


def coin(seed: int) -> np.ndarray:
    return (np.random.default_rng(seed).random(N) < 0.5).astype(int)


@pytest.mark.parametrize("metric", ["precision", "recall", "f1"])
def test_never_saying_yes_is_no_guess_worth_beating(metric: str) -> None:
    silent = np.zeros(N, int)
    silent[:1] = 1
    verdict = mlee.compare(RARE, {"a": coin(1), "b": coin(2), "silent": silent}, metric=metric)
    for asked in (None, "a", "b", "silent"):
        said = str(verdict.explain(asked))
        assert "alone scores 0.0%" not in said
        assert "scores 0%" not in said
    assert all(b.score > 0 for b in verdict.judgement.unbeaten())


def test_the_best_of_the_free_rules_is_the_one_to_beat() -> None:
    verdict = mlee.compare(RARE, {"a": coin(3), "b": coin(4)}, metric="f1")
    assert "always positive alone scores 18.2%" in str(verdict.explain())
    numbers = RANDOM.standard_t(2, N)
    losses = mlee.compare(numbers, {"a": numbers + 50, "b": numbers - 50}, metric="mae")
    best = min(losses.judgement.baselines, key=lambda b: b.score).name
    assert f"{best} alone scores" in str(losses.explain())


def test_a_precision_that_nobody_has_is_not_nothing() -> None:
    verdict = mlee.compare(RARE, {"a": coin(1)}, metric="precision")
    assert [b.name for b in verdict.judgement.baselines] == ["always positive"]


@pytest.mark.parametrize(
    ("metric", "worth"), [("accuracy", 0.9), ("balanced_accuracy", 0.5), ("average_precision", 0.1)]
)
def test_what_guessing_is_worth_stays(metric: str, worth: float) -> None:
    answers = coin(1).astype(float) if metric == "average_precision" else coin(1)
    verdict = mlee.compare(RARE, {"a": answers}, metric=metric)
    assert verdict.judgement.unbeaten()[0].score == pytest.approx(worth)


# ---------------------------------------------------------------- cost


@pytest.mark.parametrize("metric", ["pinball_0.9", "mae", "mse", "rmse", "r2"])
@pytest.mark.parametrize("seed", [4, 8, 9, 49, 51])
def test_whoever_is_best_costs_nothing_and_is_suggested(metric: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    n = int(random.choice([60, 120, 300]))
    truth = random.standard_t(2.2, n) * 5 + 20
    answers = {"ridge": truth + random.normal(0, 1, n)}
    for place in range(int(random.integers(1, 5))):
        answers[f"c{place}"] = truth + random.standard_t(random.choice([1.2, 2, 5]), n) * random.choice([1, 3, 10])
    verdict = mlee.compare(truth, answers, metric=metric)
    if verdict.winner is not None:
        assert verdict.recommended == verdict.winner
        assert verdict.judgement.standings[0].cost_bound == 0
        assert "Nothing is suggested" not in str(verdict.explain())


def test_without_a_winner_the_best_score_may_cost_something() -> None:
    verdict = mlee.compare(RARE, {"a": coin(1), "b": coin(2)})
    assert verdict.winner is None
    assert verdict.judgement.standings[0].cost_bound > 0


@pytest.mark.parametrize(("one", "other"), [(0.0204, 0.02), (0.020001, 0.02), (0.00041, 0.0004)])
def test_two_differences_that_a_sentence_compares_are_never_written_alike(one: float, other: float) -> None:
    for bounded in (True, False):
        first, second = gains_apart(one, other, bounded)
        assert first != second
    assert gains_apart(0.05, 0.02, True) == ("5 points", "2 points")
    assert gains_apart(0.02, 0.02, True) == ("2 points", "2 points")


def test_a_small_difference_is_not_written_as_none() -> None:
    assert gains_text(-0.1, 0.0003, True) == "up to 0.03"
    assert gains_text(0.0002, 0.04, True) == "0.02 to 4.0"
    assert gains_text(0.009, 0.04, True) == "0.9 to 4.0"


# ---------------------------------------------------------------- an error that stands


@pytest.mark.parametrize(("bound", "in_set"), [(0.004, True), (0.004, False), (0.09, True)])
def test_what_an_error_takes_back_is_not_put_down_to_its_cost(bound: float, in_set: bool) -> None:
    lines = (
        standing("svm", 0.97, Verdict.CANT_TELL, in_set=True),
        standing("knn", 0.966, Verdict.CANT_TELL, in_set=in_set, behind=0.004, cost_bound=bound),
    )
    board = replace(
        undecided(),
        standings=lines,
        useful_gain=0.02,
        wrong="x judged on another test (MLE401)",
        no_winner_reason="MLE401 stands: x judged on another test",
    )
    said = " ".join(explaining.of_candidate(board, lines[1], held_by=("MLE401",)))
    assert "which counts for nothing while MLE401 stands: can't tell" in said
    assert "more than the 2" not in said


# ---------------------------------------------------------------- rows that would do


def pairs() -> dict[str, tuple[np.ndarray, dict[str, np.ndarray], str]]:
    """Candidates alike and unlike, of shares and of losses, two and more."""
    truth = np.arange(N) % 2
    flipped = {k: np.where(np.arange(N) % k == 1, 1 - truth, truth) for k in (7, 9, 11, 13)}
    numbers = RANDOM.normal(size=N)
    return {
        "twins": (truth, {"a": flipped[7], "b": flipped[7].copy()}, "accuracy"),
        "two": (truth, {"a": flipped[7], "b": flipped[9]}, "accuracy"),
        "four": (truth, {str(k): rows for k, rows in flipped.items()}, "accuracy"),
        "recall": (truth, {"a": flipped[7], "b": flipped[11]}, "recall"),
        "numbers": (
            numbers,
            {c: numbers + np.random.default_rng(i).normal(size=N) for i, c in enumerate("abc")},
            "mae",
        ),
        "numbers alike": (numbers, {"a": numbers + 1, "b": numbers - 1}, "rmse"),
    }


@pytest.mark.parametrize("case", pairs())
@pytest.mark.parametrize("gain", [0.003, 0.02, 0.1])
def test_both_doors_name_the_same_rows_for_the_useful_gain(case: str, gain: float) -> None:
    truth, answers, metric = pairs()[case]
    verdict = mlee.compare(truth, answers, metric=metric, useful_gain=gain)
    if verdict.winner is not None:
        return
    needed = verdict.rows_for()
    assert verdict.judgement.rows_needed_for_gain == needed
    if needed is not None:
        assert re.search(r"About [\d,]+ would show a difference", str(verdict.explain("rows needed")))


@pytest.mark.parametrize("case", ["twins", "two", "four", "recall", "numbers"])
def test_the_smallest_gain_is_the_one_for_which_these_rows_do(case: str) -> None:
    truth, answers, metric = pairs()[case]
    judgement = mlee.compare(truth, answers, metric=metric).judgement
    smallest = smallest_for(judgement)
    assert smallest == judgement.smallest_gain
    assert smallest is not None
    assert rows_for(judgement, smallest) == pytest.approx(judgement.n, abs=1)
