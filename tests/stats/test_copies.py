from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.false_winner_kinds import COPIES, HONEST
from mlee_jupyter import compare
from mlee_jupyter.stats.rows.copies import copied_features, copied_rows

BY_LABELS = {name for name in COPIES if name.startswith("accuracy")}  # of labels alone only whole multiples are seen


@pytest.mark.parametrize("cell", sorted(set(COPIES) - BY_LABELS))
def test_rows_that_repeat_are_seen(cell: str) -> None:
    random = np.random.default_rng(zlib.crc32(cell.encode()))
    for _ in range(10):
        drawn = COPIES[cell](random)
        units = copied_rows(drawn.truth, drawn.columns)
        assert units is not None
        alone = np.unique(np.column_stack((drawn.truth, *drawn.columns)), axis=0)
        assert units.max() + 1 == len(alone)


@pytest.mark.parametrize("cell", HONEST)
def test_few_different_values_are_no_copies(cell: str) -> None:
    """The twin: counts, grades, leaves, rounded scores, features of few combinations."""
    random = np.random.default_rng(zlib.crc32(cell.encode()))
    for _ in range(20):
        drawn = HONEST[cell](random)
        assert copied_rows(drawn.truth, drawn.columns) is None


def test_labels_that_all_stand_three_times() -> None:
    random = np.random.default_rng(1)
    truth = random.integers(0, 4, 200)
    columns = [np.where(random.random(200) < 0.7, truth, random.integers(0, 4, 200)) for _ in range(4)]
    rows = random.permutation(np.repeat(np.arange(200), 3))
    units = copied_rows(truth[rows], [column[rows] for column in columns])
    assert units is not None
    assert set(np.bincount(units)) == {3}
    assert copied_rows(truth, columns) is None


@pytest.mark.parametrize("kind", ["labels", "numbers"])
def test_features_tell_of_labels_too(kind: str) -> None:
    random = np.random.default_rng(2)
    features = random.standard_normal((200, 4))
    truth = features[:, 0] + random.standard_normal(200)
    truth = (truth > 0).astype(np.int64) if kind == "labels" else truth
    rows = np.repeat(np.arange(200), random.integers(1, 5, 200))
    units = copied_features(truth[rows], [features[rows]])
    assert units is not None
    assert units.max() + 1 == 200
    assert copied_features(truth, [features]) is None


def test_equal_features_with_answers_of_their_own_are_no_copies() -> None:
    random = np.random.default_rng(3)
    for many in (20, 100, 300):
        place = random.integers(0, many, 600)
        table = random.standard_normal((many, 3))
        truth = (random.random(600) < 1 / (1 + np.exp(-table[place, 0]))).astype(np.int64)
        assert copied_features(truth, [table[place]]) is None


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    rows=st.integers(20, 120),
    times=st.integers(2, 6),
    metric=st.sampled_from(["mae", "mse", "log_loss", "roc_auc"]),
)
def test_repeating_every_row_makes_no_winner(seed: int, rows: int, times: int, metric: str) -> None:
    random = np.random.default_rng(seed)
    if metric in ("mae", "mse"):
        truth = random.standard_normal(rows)
        columns = [truth + scale * random.standard_normal(rows) for scale in (1.0, 1.3, 1.3)]
    else:
        logit = random.standard_normal(rows)
        truth = (random.random(rows) < 1 / (1 + np.exp(-logit))).astype(np.int64)
        truth[:2] = 0, 1
        columns = [1 / (1 + np.exp(-logit - s * random.standard_normal(rows))) for s in (0.5, 1.0, 1.5)]
    once = compare(truth, dict(zip("abc", columns, strict=True)), metric=metric)
    often = compare(
        np.tile(truth, times), dict(zip("abc", (np.tile(c, times) for c in columns), strict=True)), metric=metric
    )
    assert often.judgement.different == rows
    clear = min(abs(s.p_value - 0.05) for s in once.judgement.standings if s.p_value is not None) > 0.02
    if once.winner is None and clear:
        assert often.winner is None


def test_it_is_said_in_one_sentence() -> None:
    random = np.random.default_rng(4)
    truth = random.standard_normal(100)
    predictions = {name: np.tile(truth + random.standard_normal(100), 4) for name in "ab"}
    found = compare(np.tile(truth, 4), predictions, metric="mae").judgement
    assert found.caveat == "Rows repeat: 400 are copies of 100 different ones, and tell no more than those."
    assert (found.by, found.different) == ("rows", 100)
    assert found.effective_n == pytest.approx(100, rel=0.02)


def test_twenty_rows_four_times_are_twenty_rows() -> None:
    random = np.random.default_rng(5)
    truth = random.standard_normal(20)
    predictions = {
        name: np.tile(truth + size * random.standard_normal(20), 4) for name, size in (("a", 0.01), ("b", 9))
    }
    found = compare(np.tile(truth, 4), predictions, metric="mae")
    assert found.winner is None
    assert found.no_winner_reason == "The sample has 20 rows; below 30 no winner is named."


def honest(draw: np.random.Generator) -> tuple[np.ndarray, list[np.ndarray]]:
    """A truth, and scores as trees, neighbours and forests give them: of few values, and sure of most rows."""
    n, classes = int(draw.choice([200, 900, 3000])), int(draw.choice([2, 3, 10]))
    truth, columns = draw.integers(0, classes, n), []
    hard = draw.random(n) ** 3
    for _ in range(int(draw.choice([1, 2, 5]))):
        steps = int(draw.choice([3, 5, 10, 15, 60]))  # neighbours, or trees that vote
        other = (truth + draw.integers(1, classes, n)) % classes
        for_truth = draw.binomial(steps, 1 - 0.6 * hard)
        votes = np.zeros((n, classes))
        np.add.at(votes, (np.arange(n), truth), for_truth)
        np.add.at(votes, (np.arange(n), other), steps - for_truth)
        columns.append(votes / steps)
    form = draw.choice(["classes", "one", "labels"])
    if form == "one":
        return (truth == 0).astype(int), [column[:, 0] for column in columns]
    if form == "labels":
        return truth.astype(float), [column.argmax(axis=1).astype(float) for column in columns]
    return truth, columns


@pytest.mark.parametrize("seed", range(40))
def test_models_that_vote_are_no_copies(seed: int) -> None:
    truth, columns = honest(np.random.default_rng(seed))
    assert copied_rows(truth, columns, labels=truth.dtype.kind == "f") is None


@given(classes=st.integers(2, 30), each=st.integers(2, 60), wrong=st.integers(0, 3))
def test_classes_that_are_equally_many_are_no_copies(classes: int, each: int, wrong: int) -> None:
    """A stratified split, a model that is right, or takes a few classes for others, and one that says one class."""
    truth = np.repeat(np.arange(classes), each)
    good = np.where(truth < wrong, (truth + 1) % classes, truth)
    assert copied_rows(truth, [good, truth * 0], labels=True) is None
    assert copied_rows(truth, [np.eye(classes)[good]]) is None


@pytest.mark.parametrize("times", [2, 3, 5])
@pytest.mark.parametrize("metric", ["accuracy", "log_loss", "rmse"])
def test_rows_that_all_stand_as_often_are_judged_as_once(metric: str, times: int) -> None:
    draw = np.random.default_rng(7)
    labels = metric != "rmse"
    truth = draw.integers(0, 2, 60) if labels else draw.normal(size=60)
    noisy = {name: truth + draw.normal(0, 0.4 + 0.1 * k, 60) for k, name in enumerate("abc")}
    columns = {name: 1 / (1 + np.exp(2 - 4 * rows)) if labels else rows for name, rows in noisy.items()}
    if metric == "accuracy":
        columns = {name: np.column_stack((1 - rows, rows)) for name, rows in columns.items()}
    order = draw.permutation(60 * times)
    again = {name: np.concatenate([rows] * times)[order] for name, rows in columns.items()}
    once = compare(truth, columns, metric=metric).judgement
    many = compare(np.tile(truth, times)[order], again, metric=metric).judgement
    assert (many.n, many.different, many.effective_n) == (60 * times, 60, 60.0)
    for one, other in zip(once.standings, many.standings, strict=True):
        assert (one.candidate, one.verdict) == (other.candidate, other.verdict)
        np.testing.assert_allclose(
            (one.score, one.low, one.high, one.behind_low, one.behind_high),
            (other.score, other.low, other.high, other.behind_low, other.behind_high),
            rtol=1e-9,
        )
        assert other.disagreements == (None if one.disagreements is None else times * one.disagreements)
    assert (once.winner, once.best_set) == (many.winner, many.best_set)
