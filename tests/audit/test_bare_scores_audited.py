"""Scores and rows alone: every number held against one computed here, by another way where there is one."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from .asking import answer, says, told

N = 900


def variances(scores: np.ndarray) -> np.ndarray:
    """Of a share with a success and a failure added (Agresti and Caffo 2000)."""
    share = (scores * N + 1) / (N + 2)
    return np.asarray(share * (1 - share) / (N + 2))


def written(folder: Path, scores: np.ndarray, **columns: object) -> Path:
    file = folder / "runs.csv"
    names = [f"run {place}" for place in range(len(scores))]
    pd.DataFrame({"name": names, "test_accuracy": scores, **columns}).to_csv(file, index=False)
    return file


def shares(right: list[int]) -> np.ndarray:
    return np.array(right) / N


def pair_errors(scores: np.ndarray) -> np.ndarray:
    """Of each difference: as on rows of their own, and no less than if both are equal."""
    own = variances(scores)
    pooled = (scores[:, None] + scores[None, :]) / 2
    return np.asarray(np.sqrt(np.maximum(own[:, None] + own[None, :], pooled * (1 - pooled) * 2 / N)))


def best_set(scores: np.ndarray, alpha: float = 0.05, draws: int = 60_000) -> tuple[int, float]:
    """The model confidence set by plain draws; how many are in it, and how near the closest call was."""
    errors = pair_errors(scores)
    noise = np.random.default_rng(8).normal(size=(draws, len(scores))) * np.sqrt(variances(scores))
    left, highest, near, inside = list(range(len(scores))), 0.0, 1.0, 0
    while len(left) > 1:
        gaps = (scores[left][None, :] - scores[left][:, None]) / errors[np.ix_(left, left)]
        worst = int(np.argmax(gaps.max(axis=1)))
        statistic = gaps[worst].max()
        drawn = np.zeros(draws)
        for one in left:
            for other in left:
                drawn = np.maximum(drawn, (noise[:, one] - noise[:, other]) / errors[one, other])
        highest = max(highest, float((drawn >= statistic).mean()))
        near = min(near, abs(highest - alpha))
        if highest > alpha:
            inside = len(left)
            break
        left.pop(worst)
    return max(inside, 1), near


def test_two_runs_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scores = shares([800, 785])
    found = told(capsys, written(tmp_path, scores), "--rows", N, "--useful-gain", 0.02)
    assert (found["kind"], found["metric"], found["tries"], found["judged"]) == ("table of scores", "accuracy", 2, 2)
    assert found["best"] == "run 0"
    assert found["best_score"] == pytest.approx(800 / 900)
    own = variances(scores)
    spread = math.sqrt(own.sum())
    # the luck of the better of two: E of max(0, D) less the gap it would have by itself
    gap = scores[0] - scores[1]
    draws = np.random.default_rng(3).normal(size=(400_000, 2)) * np.sqrt(own)
    winner = np.argmax(scores + draws, axis=1)
    luck = float(draws[np.arange(len(draws)), winner].mean())
    assert found["flattery"] == pytest.approx(luck, rel=0.05)
    assert luck == pytest.approx(spread * stats.norm.pdf(gap / spread), rel=0.02)
    reach = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert found["rows_needed_for_gain"] == pytest.approx((reach * pair_errors(scores)[0, 1] / 0.02) ** 2 * N, rel=0.02)
    assert found["smallest_gain"] == pytest.approx(reach * pair_errors(scores)[0, 1], rel=0.02)
    low, high = stats.binomtest(800, N).proportion_ci(method="wilson")
    assert found["rows"][0]["low"] == pytest.approx(low)
    assert found["rows"][0]["high"] == pytest.approx(high)
    assert found["top"] == 2
    assert "cannot be told apart" in answer(found, "Top")


@pytest.mark.parametrize("seed", range(6))
def test_how_many_cannot_be_told_apart(seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    random = np.random.default_rng(seed)
    scores = shares(random.binomial(N, random.uniform(0.7, 0.95, 9)).tolist())
    expected, near = best_set(scores)
    found = told(capsys, written(tmp_path, scores), "--rows", N)
    if near > 0.008:
        assert found["top"] == expected
    assert (found["winner"] is not None) == (found["top"] == 1)
    assert found["best_score"] == scores.max()
    # what the largest of nine independent errors stays below, put into Wilson's interval
    reach = stats.norm.ppf(0.95 ** (1 / 9))
    best = scores.max()
    centre = (best + reach**2 / (2 * N)) / (1 + reach**2 / N)
    half = reach * math.sqrt(best * (1 - best) / N + reach**2 / (4 * N**2)) / (1 + reach**2 / N)
    assert found["surely"] == pytest.approx(centre - half, abs=0.003)


def test_the_luck_of_many_equal_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of 60 equal runs at 85% the best is E max of 60 errors too good; observed ones look less equal than they are."""
    found = [
        told(capsys, written(tmp_path, np.random.default_rng(s).binomial(N, 0.85, 60) / N), "--rows", N)
        for s in range(4)
    ]
    largest = np.random.default_rng(0).normal(size=(20_000, 60)).max(axis=1).mean() * math.sqrt(0.85 * 0.15 / N)
    mean = float(np.mean([one["flattery"] for one in found]))
    assert 0.6 * largest < mean < 1.1 * largest
    assert all(one["rows"][0]["score"] - one["flattery"] > 0.84 for one in found)


@pytest.mark.parametrize("seed", range(4))
def test_where_steering_by_scores_passes_what_matters(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random = np.random.default_rng(seed)
    scores = shares(random.binomial(N, random.uniform(0.5, 0.9, 40)).tolist())
    days = pd.date_range("2026-01-01", periods=40)
    shuffled = random.permutation(40)
    file = written(tmp_path, scores[shuffled], Created=days[shuffled].astype(str))
    found = told(capsys, file, "--rows", N, "--useful-gain", 0.03)
    best, steps = scores[0], []
    for score in scores[1:]:
        error = math.sqrt(float(variances(np.array([best, score])).sum()))
        steps.append(0.0 if score - best < -3 * error else error)
        best = max(best, score)
    luck = max(0.03, stats.norm.ppf(0.95) * np.mean([step for step in steps if step]))
    spent = np.cumsum(steps) / math.sqrt(2 * math.pi)
    expected = next((place + 2 for place, sum_ in enumerate(spent) if sum_ > luck), None)
    assert found["tuning"]["luck"] == pytest.approx(luck)
    assert found["tuning"]["steered_from"] == expected
    assert f"from try {expected} on" in answer(found, "Tuning")
    assert answer(told(capsys, file, "--rows", N, "--tried", "planned"), "Tuning") == ""


def test_hundreds_of_runs_say_at_least(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scores = np.random.default_rng(2).binomial(N, 0.85, 500) / N
    found = told(capsys, written(tmp_path, scores), "--rows", N)
    assert (found["tries"], found["judged"], found["top"], found["top_at_least"]) == (500, 500, 100, True)
    assert "at least 100 of 500" in answer(found, "Top")
    largest = np.random.default_rng(0).normal(size=(5_000, 500)).max(axis=1).mean() * math.sqrt(0.85 * 0.15 / N)
    assert 0.6 * largest < found["flattery"] < 1.1 * largest


def test_a_clear_winner_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, shares([855, 700, 650]))
    found = told(capsys, file, "--rows", N, "--useful-gain", 0.02, "--fail-on", "warning")
    assert found["winner"] == "run 0"
    assert found["findings"] == []
    assert answer(found, "Top") == "run 0 is best: beyond chance ahead of all 2 others."


def test_a_search_that_steered_too_long_names_no_winner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scores = shares([*range(600, 640, 2), 760])
    days = pd.date_range("2026-01-01", periods=len(scores)).astype(str)
    file = written(tmp_path, scores, Created=days)
    fixed = told(capsys, file, "--rows", N, "--tried", "planned")
    assert fixed["winner"] == f"run {len(scores) - 1}"
    found = told(capsys, file, "--rows", N, "--tried", "steered")
    assert (found["winner"], found["top"], found["rows"][0]["state"]) == (None, 1, "best score")
    assert "MLE306" in [one["rule"] for one in found["findings"]]
    assert "No winner is named: Tries were chosen" in answer(found, "Top")
    assert answer(found, "Gain") == ""


def test_without_rows_nothing_is_claimed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, written(tmp_path, shares([855, 700])))
    assert (found["by"], found["flattery"], found["top"], found["winner"]) == (None, None, None, None)
    assert answer(found, "Best").startswith("run 0 scored best: 95.0%. Nobody said on how many rows")
    assert any("--rows N" in one for one in found["missing"])


def test_exit_code_and_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, shares([800, 799, 798]))
    assert says(capsys, file, "--rows", N)[0] == 0
    code, text, _ = says(capsys, file, "--rows", N, "--fail-on", "warning")
    assert code == 1
    assert "MLE301 winner-by-luck" in text
    assert len(text.splitlines()) < 40
    assert all(len(line) <= 100 for line in text.splitlines())
    page = says(capsys, file, "--rows", N, "--format", "html")[1]
    assert page.startswith('<div class="mlee-board')
    assert "run 0" in page


def test_states_and_twins_of_an_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "wandb.csv"
    pd.DataFrame(
        {
            "Name": ["svm", "svm", "knn", "tree"],
            "State": ["finished", "finished", "crashed", "finished"],
            "Runtime": [3, 4, 5, 6],
            "val/acc": [0.8, 0.81, 0.99, None],
            "train/acc": [0.9, 0.9, 0.9, 0.9],
        }
    ).to_csv(file, index=False)
    found = told(capsys, file, "--rows", 1000)
    assert (found["metric"], found["score"], found["judged"]) == ("accuracy", "val/acc", 2)
    assert found["lacking"] == {"crashed": 1, "without val/acc": 1}
    assert [row["label"] for row in found["rows"]] == ["svm (2)", "svm"]
    assert "read from val/acc" in found["scope"]
