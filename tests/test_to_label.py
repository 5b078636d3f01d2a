"""Only rows on which candidates differ need a label: the verdict is that of all labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import mlee_jupyter as mlee
from mlee_jupyter.domain import Judgement
from mlee_jupyter.domain.errors import MleeError

TRUTH = np.random.default_rng(7).integers(0, 2, 300)


def answers(random: np.random.Generator, truth: np.ndarray, classes: int, wrong: float) -> np.ndarray:
    """Right but for a share of rows, most of them hard for everybody."""
    hard = np.random.default_rng(1).random(len(truth))
    err = 0.7 * hard + 0.3 * random.random(len(truth)) < wrong
    return np.where(err, (truth + 1) % classes, truth)


def told(judgement: Judgement) -> list[Any]:
    """All that is said of differences, but for what comes from draws."""
    lines: list[Any] = [judgement.winner, judgement.recommended, judgement.best_set]
    for one in judgement.standings:
        lines += [one.candidate, one.verdict, one.disagreements]
        lines += [round(value, 9) for value in (one.behind, one.behind_low, one.behind_high)]
    return lines


def drawn(judgement: Judgement) -> list[float]:
    """The rest: by draws with a covariance that is the same but for what all candidates share."""
    return [value for one in judgement.standings for value in (one.p_value or 0.0, one.cost_bound)]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(2, 5),
    classes=st.integers(2, 4),
    as_text=st.booleans(),
    n=st.sampled_from((60, 400, 3_000)),
)
def test_the_verdict_is_that_of_all_labels(seed: int, count: int, classes: int, as_text: bool, n: int) -> None:
    random = np.random.default_rng(seed)
    truth = random.integers(0, classes, n)
    columns = {f"c{k}": answers(random, truth, classes, 0.1 + 0.03 * k) for k in range(count)}
    if as_text:
        words = np.array(["ape", "bee", "cat", "dog"], dtype=object)
        truth, columns = words[truth], {name: words[rows] for name, rows in columns.items()}
    asked = mlee.rows_to_label(columns)
    whole = mlee.compare(truth, columns, useful_gain=0.02, simplicity={"c1": 1})
    found = asked.compare(truth[asked.rows], useful_gain=0.02, simplicity={"c1": 1})
    assert drawn(found.judgement) == pytest.approx(drawn(whole.judgement), rel=0.03, abs=5e-4)
    for one in whole.judgement.standings:  # on the very edge a draw decides
        assume(abs(one.cost_bound - 0.02) > 0.001 and abs((one.p_value or 0.0) - 0.05) > 0.002)
    assert told(found.judgement) == told(whole.judgement)
    assert asked.of == n
    for here, there in zip(found.judgement.standings, whole.judgement.standings, strict=True):
        assert here.low <= there.low
        assert there.score <= here.score
        assert there.high <= here.high + 1e-12


def test_rows_are_those_on_which_not_all_agree() -> None:
    asked = mlee.rows_to_label({"a": [1, 1, 2, 2], "b": [1, 2, 2, 2], "c": [1, 1, 2, 3]})
    assert asked.rows.tolist() == [1, 3]
    assert (asked.of, asked.candidates) == (4, ("a", "b", "c"))


def test_what_the_missing_labels_leave_unknown_is_not_said() -> None:
    random = np.random.default_rng(2)
    columns = {name: answers(random, TRUTH, 2, wrong) for name, wrong in (("good", 0.1), ("fair", 0.15))}
    asked = mlee.rows_to_label(pd.DataFrame(columns))
    found = asked.compare(TRUTH[asked.rows])
    assert "scores are at most what is shown" in repr(found)
    assert "is right on at most" in str(found.explain("good"))
    assert "most frequent" not in str(found.to_dict())
    assert found.judgement.unlabelled == 300 - len(asked.rows)
    assert found.judgement.leader_bound is None


def test_no_more_than_can_be_had() -> None:
    random = np.random.default_rng(3)
    truth = random.integers(0, 2, 5_000)
    columns = {name: answers(random, truth, 2, wrong) for name, wrong in (("good", 0.1), ("fair", 0.15))}
    asked = mlee.rows_to_label(columns, at_most=100)
    assert len(asked.rows) == 100
    share = len(mlee.rows_to_label(columns).rows) / 5_000
    assert asked.of == pytest.approx(100 / share, rel=0.3)
    assert not np.array_equal(asked.rows, mlee.rows_to_label(columns, at_most=100, seed=1).rows)
    found = asked.compare(truth[asked.rows])
    assert found.judgement.n == asked.of
    assert mlee.rows_to_label(columns, at_most=5_000).of == 5_000


def test_it_says_beforehand_what_the_labels_can_show() -> None:
    """Two candidates that truly differ by that much are told apart in four of five samples."""
    named, samples, n, better = 0, 200, 1_000, 0.045
    differ = 0.25
    random = np.random.default_rng(4)
    foretold = []
    for _ in range(samples):
        truth = random.integers(0, 2, n)
        place = random.random(n)
        good = np.where(place < (differ - better) / 2, 1 - truth, truth)
        fair = np.where((place > 0.5) & (place < 0.5 + (differ + better) / 2), 1 - truth, truth)
        asked = mlee.rows_to_label({"good": good, "fair": fair})
        foretold.append(asked.smallest_difference)
        named += asked.compare(truth[asked.rows]).winner == "good"
    assert np.mean(foretold) == pytest.approx(0.0443, abs=0.001)
    assert named / samples == pytest.approx(0.81, abs=0.09)


def test_candidates_that_always_agree_need_no_label() -> None:
    asked = mlee.rows_to_label({"a": TRUTH, "b": TRUTH.copy()})
    assert len(asked.rows) == 0
    assert repr(asked) == "a and b give the same answer on all of 300 rows: no label tells them apart."
    assert asked.compare(TRUTH[asked.rows]).best_set == ("a", "b")


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "F1": ({"metric": "f1"}, "rows on which all agree count too"),
    "balanced": ({"metric": "balanced_accuracy"}, "rows on which all agree count too"),
    "numbers": ({"metric": "mae"}, "Numbers agree on hardly any row"),
    "ranking": ({"metric": "roc_auc"}, "Scores agree on hardly any row"),
    "own": ({"metric": lambda t, p: t == p}, "A function of your own"),
    "few labels": ({"at_most": 3}, "not 6 or more"),
    "no number": ({"at_most": True}, "not 6 or more"),
    "alone": ({"predictions": {"a": TRUTH}}, "differs from nobody"),
    "lengths": ({"predictions": {"a": TRUTH, "b": TRUTH[1:]}}, "b has 299 rows, a 300"),
    "matrix": ({"predictions": {"a": TRUTH, "b": np.ones((300, 2))}}, "2 columns of scores"),
    "types": ({"predictions": {"a": TRUTH, "b": TRUTH.astype(str)}}, "text and numbers"),
}


@pytest.mark.parametrize(("how", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_meant_is_refused(how: dict[str, Any], why: str) -> None:
    with pytest.raises(MleeError, match=why):
        mlee.rows_to_label(**{"predictions": {"a": TRUTH, "b": 1 - TRUTH}, **how})


def test_other_labels_than_were_asked_for_are_refused() -> None:
    asked = mlee.rows_to_label({"a": TRUTH, "b": 1 - TRUTH})
    for labels, why in ((TRUTH[:5], "There are 5 labels for 300 rows"), (TRUTH.astype(str), "text and numbers")):
        with pytest.raises(MleeError, match=why):
            asked.compare(labels)
