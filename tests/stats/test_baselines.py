"""Free constant rules: what they score, and what it takes to beat them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mlee_jupyter import compare
from mlee_jupyter.domain import ResultKind
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.compare.baselines import Past, holm
from mlee_jupyter.stats.compare.seasons import read_past

RANDOM = np.random.default_rng(5)
LABELS = np.array(["no"] * 70 + ["yes"] * 30)
NUMBERS = RANDOM.normal(size=200)


def right(share: float) -> np.ndarray:
    wrong = RANDOM.random(len(LABELS)) > share
    return np.where(wrong, np.where(LABELS == "no", "yes", "no"), LABELS)


def test_holm_is_statsmodels() -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    p_values = np.array([0.01, 0.04, 0.03, 0.005, 0.5, 0.03])
    assert holm(p_values) == pytest.approx(multitest.multipletests(p_values, method="holm")[1])


def test_holm_by_hand() -> None:
    assert holm(np.array([0.01, 0.04, 0.03])) == pytest.approx([0.03, 0.06, 0.06])


@pytest.mark.parametrize(
    ("metric", "scores"),
    [
        ("accuracy", {"most frequent": 0.7}),
        ("balanced_accuracy", {"most frequent": 0.5}),
        ("f1", {"most frequent": 0.0, "always positive": 0.6 / 1.3}),
    ],
)
def test_of_labels(metric: str, scores: dict[str, float]) -> None:
    judgement = judge(LABELS, [Entry(candidate="a", rows=right(0.9))], metric=metric)
    assert {b.name: pytest.approx(b.score) for b in judgement.baselines} == scores


@pytest.mark.parametrize(
    ("metric", "score"), [("roc_auc", 0.5), ("log_loss", -(0.7 * np.log(0.7) + 0.3 * np.log(0.3)))]
)
def test_of_probabilities(metric: str, score: float) -> None:
    chance = np.clip(0.2 + 0.5 * (LABELS == "yes") + 0.2 * RANDOM.random(100), 0, 1)
    judgement = judge(LABELS, [Entry(candidate="a", rows=chance, kind=ResultKind.SCORES)], metric=metric)
    assert judgement.baselines[0].score == pytest.approx(score)
    assert judgement.baselines[0].beaten_by == ("a",)
    assert not judgement.nothing_beats_guessing


def test_of_numbers_in_time_order() -> None:
    """What could have been forecast at the end of training, and nothing of the test rows."""
    walk = np.cumsum(NUMBERS)
    train, test = walk[:150], walk[150:]
    entry = Entry(candidate="a", rows=np.zeros(50))
    judgement = judge(test, [entry], metric="mae", time_ordered=True, past=Past(answers=train))
    scores = {b.name: b.score for b in judgement.baselines}
    assert list(scores) == ["mean", "median", "last value"]
    assert scores["mean"] == pytest.approx(np.mean(np.abs(test - train.mean())))
    assert scores["median"] == pytest.approx(np.mean(np.abs(test - np.median(train))))
    assert scores["last value"] == pytest.approx(np.mean(np.abs(test - train[-1])))
    assert not judge(test, [entry], metric="mae", time_ordered=True).baselines, "without a past nothing is free"


def test_last_value_of_labels() -> None:
    past, steady = Past(answers=np.repeat([1, 0, 1], 20)), np.repeat([0, 1, 0, 1], 25)
    judgement = judge(steady, [Entry(candidate="a", rows=1 - steady)], metric="accuracy", time_ordered=True, past=past)
    assert {b.name: b.score for b in judgement.baselines} == {"most frequent": 0.5, "last value": 0.5}


@pytest.mark.parametrize(
    ("freq", "length"), [("MS", 12), ("ME", 12), ("QS", 4), ("D", 7), ("h", 24), ("W", 52), ("B", 5)]
)
def test_the_last_season_by_the_step_of_the_dates(freq: str, length: int) -> None:
    when = pd.date_range("2015-01-01", periods=5 * length, freq=freq)
    series = pd.Series(np.random.default_rng(length).normal(size=len(when)), when)
    train, test = series[: 3 * length], series[3 * length :]
    forecast = np.tile(train.to_numpy()[-length:], 2)
    shuffled = np.random.default_rng(1).permutation(len(test))
    past = read_past(train.iloc[::-1], train.index[::-1], test.index[shuffled])
    assert past is not None
    rows = test.to_numpy()[shuffled]
    judgement = judge(rows, [Entry(candidate="a", rows=rows + 1)], metric="mae", time=test.index[shuffled], past=past)
    scores = {b.name: b.score for b in judgement.baselines}
    assert scores["last season"] == pytest.approx(np.mean(np.abs(test.to_numpy() - forecast)))
    assert scores["last value"] == pytest.approx(np.mean(np.abs(test - train.iloc[-1])))


def test_no_season_across_a_gap_or_uneven_steps() -> None:
    when = pd.date_range("2015-01-01", periods=60, freq="MS")
    series = pd.Series(np.arange(60.0), when)
    gap, late = read_past(series[:36], when[:36], when[40:]), read_past(series[:36], when[:36], when[30:])
    assert gap is not None
    assert late is not None
    assert gap.season is None
    assert late.season is None


def test_beating_takes_more_than_chance() -> None:
    truth = np.array([0] * 60 + [1] * 40)
    for ahead, beaten in ((4, False), (5, True), (12, True)):
        rows = np.zeros(100, int)
        rows[60 : 60 + ahead] = 1  # right on so many more rows than the constant rule, wrong on none
        assert (stats.binomtest(ahead, ahead, alternative="greater").pvalue <= 0.05) == beaten
        judgement = judge(truth, [Entry(candidate="a", rows=rows)], metric="accuracy")
        assert (judgement.baselines[0].beaten_by == ("a",)) == beaten
        assert judgement.nothing_beats_guessing != beaten


def test_every_variant_is_a_try_at_beating_it() -> None:
    truth = np.array([0] * 60 + [1] * 40)
    rows = np.zeros(100, int)
    rows[60:65] = 1
    tries = [Entry(candidate="a", variant=str(k), rows=np.zeros(100, int)) for k in range(4)]
    judgement = judge(truth, [Entry(candidate="a", variant="lucky", rows=rows), *tries], metric="accuracy")
    assert judgement.baselines[0].beaten_by == ()


def test_a_perfect_score_beats_a_constant_although_both_have_no_spread() -> None:
    truth = np.array([0] * 60 + [1] * 40)
    judgement = judge(truth, [Entry(candidate="a", rows=truth * 1.0, kind=ResultKind.SCORES)], metric="roc_auc")
    assert judgement.baselines[0].beaten_by == ("a",)


def test_without_baselines_or_truth_there_are_none() -> None:
    assert judge(LABELS, [Entry(candidate="a", rows=right(0.9))], metric="accuracy", baselines=False).baselines == ()
    kept = Entry(candidate="a", rows=np.zeros(40), kind=ResultKind.INFLUENCE, value=1.0, df=39)
    assert judge(None, [kept], metric="accuracy").baselines == ()


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_of_equally_frequent_classes_the_name_does_not_choose(names: tuple[str, str]) -> None:
    """The one asked for is taken, whatever comes first in the alphabet."""
    yes, no = names
    truth = np.array([yes, no] * 30, dtype=object)
    found = compare(truth, {"x": truth}, metric="recall", positive=yes).judgement
    assert {b.name: b.score for b in found.baselines}["most frequent"] == 1.0
