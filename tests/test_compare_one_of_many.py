"""What is wrong with one candidate is told of that one, by whatever name; the others are judged as if it were not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import MleeError

RANDOM = np.random.default_rng(5)
N = 200
TRUTH = RANDOM.integers(0, 2, N)
GOOD = np.where(RANDOM.random(N) < 0.9, TRUTH, 1 - TRUTH)
FAIR = np.where(RANDOM.random(N) < 0.8, TRUTH, 1 - TRUTH)

ODD: dict[str, Any] = {
    "three dimensions": np.zeros((N, 2, 2)),
    "four dimensions": np.zeros((N, 1, 1, 1)),
    "a single value": np.float64(1.0),
    "a piece of text": "predictions",
    "two columns of text": np.array([["a", "b"]] * N, dtype=object),
    "ragged": [[1, 2], [1]],
    "nothing": [],
    "a function": len,
    "text and numbers": ["1", 1] * (N // 2),
    "missing values": [np.nan, *GOOD[1:]],
}


@pytest.mark.parametrize("case", ODD)
def test_one_that_is_no_column_is_set_aside(case: str) -> None:
    alone = mlee.compare(TRUTH, {"a": GOOD, "b": FAIR})
    found = mlee.compare(TRUTH, {"a": GOOD, "odd": ODD[case], "b": FAIR})
    assert found.table.equals(alone.table)
    assert list(found.failed) == ["odd"]
    assert "\n" not in found.failed["odd"]
    with pytest.raises(MleeError, match="No candidate could be judged"):
        mlee.compare(TRUTH, {"odd": ODD[case]})


def test_rows_of_another_number_still_end_it() -> None:
    with pytest.raises(MleeError, match="199 predictions for 200 rows"):
        mlee.compare(TRUTH, {"a": GOOD, "b": FAIR[:-1]})


# ---------------------------------------------------------------- names that are no text

NAMES = st.one_of(
    st.integers(-9, 9), st.floats(0, 1), st.booleans(), st.tuples(st.integers(0, 3), st.text("ab", max_size=2))
)


@settings(max_examples=25, deadline=None)
@given(names=st.lists(NAMES, min_size=2, max_size=2, unique_by=(str, lambda name: name)))
def test_a_candidate_answers_to_the_name_it_was_given(names: list[Any]) -> None:
    one, other = names
    found = mlee.compare(TRUTH, {one: GOOD, other: FAIR}, simplicity={one: 1, other: 2})
    for name in names:
        assert str(found.explain(name)) == str(found.explain(str(name)))
    assert found.rows_for(0.02, other) == found.rows_for(0.02, str(other))


def test_a_name_that_is_not_there_is_told_in_one_line() -> None:
    found = mlee.compare(TRUTH, {1: GOOD, 2: FAIR})
    with pytest.raises(MleeError, match="Nothing on the board is called '3'"):
        found.explain(3)
    with pytest.raises(MleeError, match="the leader itself"):
        found.rows_for(0.02, 1)


# ---------------------------------------------------------------- points for shares


@pytest.mark.parametrize("metric", ["accuracy", "f1", "balanced_accuracy", "recall"])
@pytest.mark.parametrize("gain", [1, 2, 5.0])
def test_points_are_no_gain_of_a_share(metric: str, gain: float) -> None:
    found = mlee.compare(TRUTH, {"a": GOOD, "b": FAIR}, metric)
    with pytest.raises(MleeError, match="lies between 0 and 1") as refused:
        found.rows_for(gain)
    assert f"gain={gain / 100:g}" in str(refused.value)
    assert (found.rows_for(gain / 100) or 0) >= 30


def test_a_loss_may_gain_more_than_one() -> None:
    truth = RANDOM.normal(size=N) * 50
    errors = {"a": truth + RANDOM.normal(size=N) * 20, "b": truth + RANDOM.normal(size=N) * 30}
    assert mlee.compare(truth, errors, "mae").rows_for(2) is not None


# ---------------------------------------------------------------- scores where labels are to be told apart


@pytest.mark.parametrize("scores", [RANDOM.random(N), TRUTH * 0.5, RANDOM.normal(size=N), list(RANDOM.random(N))])
def test_scores_are_no_labels_to_be_told_apart(scores: Any) -> None:
    with pytest.raises(MleeError, match="These are scores such as") as refused:
        mlee.rows_to_label({"a": GOOD, "odd": scores})
    assert "odd" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_whole_numbers_are_labels_of_whatever_type() -> None:
    plain = mlee.rows_to_label({"a": GOOD, "b": FAIR})
    assert plain.rows.tolist() == mlee.rows_to_label({"a": GOOD.astype(float), "b": FAIR}).rows.tolist()


# ---------------------------------------------------------------- on how little a difference rests


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), groups=st.integers(10, 25), gap=st.floats(0.02, 0.15))
def test_of_groups_no_number_of_rows_is_told_that_differ(seed: int, groups: int, gap: float) -> None:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, N)
    a, b = (np.where(random.random(N) < share, truth, 1 - truth) for share in (0.85, 0.85 - gap))
    found = mlee.compare(truth, {"a": a, "b": b}, groups=random.permutation(np.arange(N) % groups))
    reason = found.no_winner_reason or ""
    assert "row" not in reason
    if "it takes 6" in reason:
        assert "group" in reason


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), metric=st.sampled_from(["accuracy", "f1", "balanced_accuracy", "recall"]))
def test_the_rows_that_are_told_to_differ_do(seed: int, metric: str) -> None:
    random = np.random.default_rng(seed)
    truth = random.permutation(np.repeat([0, 1], (160, 40)))
    places = random.permutation(N)
    wrong, more = places[:12], places[: 12 + random.integers(0, 14)]
    a, b = truth.copy(), truth.copy()
    a[wrong], b[more] = 1 - a[wrong], 1 - b[more]
    reason = mlee.compare(truth, {"a": a, "b": b}, metric).no_winner_reason or ""
    if "differ on only" in reason:
        counted = (a != b) & (truth == 1) if metric == "recall" else a != b
        assert f"only {int(counted.sum())} row" in reason
        assert ("that count" in reason) == (metric == "recall")


@settings(max_examples=40, deadline=None)
@given(
    few=st.integers(30, 60),
    many=st.integers(30, 200),
    slips=st.integers(0, 5),
    metric=st.sampled_from(["balanced_accuracy", "f1_macro"]),
)
def test_whoever_takes_a_class_for_the_other_is_told_from_a_good_model(
    few: int, many: int, slips: int, metric: str
) -> None:
    """They differ on a whole class, which has no scatter, whatever else moves the score."""
    truth = np.repeat([0, 1], (many, few))
    good = truth.copy()
    good[:slips] = 1
    found = mlee.compare(truth, {"good": good, "one class": truth * 0}, metric)
    assert found.winner == "good"
    assert "only" not in (found.no_winner_reason or "")


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), metric=st.sampled_from(["f1", "f1_macro", "precision", "balanced_accuracy"]))
def test_labels_that_differ_are_never_counted_by_what_moves_the_score(seed: int, metric: str) -> None:
    random = np.random.default_rng(seed)
    truth = (random.random(400) < 0.1).astype(int)
    a, b = (np.where(random.random(400) < 0.02, 1 - truth, truth) for _ in "ab")
    reason = mlee.compare(truth, {"a": a, "b": b}, metric).no_winner_reason or ""
    assert "differ on" not in reason
