"""Predictions that are places of the sorted classes (an argmax) are asked about, not scored as a poor model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee

from .conftest import Shell

RANDOM = np.random.default_rng(5)
CLASSES: dict[str, np.ndarray] = {
    "1 to 3": np.array([1, 2, 3]),
    "1 to 10": np.arange(1, 11),
    "1 and 2": np.array([1, 2]),
    "-1 and 1": np.array([-1, 1]),
    "even": np.array([0, 2, 4, 6]),
    "floats": np.array([1.0, 2.0, 3.0]),
}


def worth(codes: np.ndarray, right: float, kinds: int) -> np.ndarray:
    """Places that are right on about such a share of the rows."""
    wrong = RANDOM.integers(0, kinds, len(codes))
    return np.where(RANDOM.random(len(codes)) < right, codes, wrong)


@pytest.mark.parametrize("right", [0.6, 0.95, 1.0])
@pytest.mark.parametrize("metric", ["accuracy", "f1_macro", "balanced_accuracy"])
@pytest.mark.parametrize("kind", CLASSES)
def test_places_are_asked_about(kind: str, metric: str, right: float) -> None:
    classes = CLASSES[kind]
    codes = RANDOM.integers(0, len(classes), 400)
    places = worth(codes, right, len(classes))
    with pytest.raises(mlee.MleeError, match="places of the classes"):
        mlee.compare(classes[codes], {"net": places}, metric=metric)
    mended = mlee.compare(classes[codes], {"net": classes[places]}, metric=metric)
    assert mended.table["score"].iloc[0] > 0.5


@pytest.mark.parametrize("kind", CLASSES)
def test_labels_are_judged(kind: str) -> None:
    classes = CLASSES[kind]
    codes = RANDOM.integers(0, len(classes), 400)
    for right in (0.3, 0.9):
        mlee.compare(classes[codes], {"net": classes[worth(codes, right, len(classes))]}, metric="accuracy")


def test_a_class_that_the_test_rows_lack_is_a_label() -> None:
    truth = RANDOM.integers(1, 4, 300)
    predicted = np.where(RANDOM.random(300) < 0.8, truth, RANDOM.integers(0, 3, 300))
    predicted[predicted == 3] = 1  # 0, 1 and 2 alone, as places would be
    found: Any = mlee.compare(truth, {"net": predicted}, metric="accuracy")
    assert found.table["score"].iloc[0] == pytest.approx(np.mean(predicted == truth))


def test_nothing_is_recorded_of_them(shell: Shell) -> None:
    truth = RANDOM.integers(1, 4, 300)
    here = mlee.start("shelf", truth=truth, metric="accuracy")
    with pytest.raises(mlee.MleeError, match="places of the classes"):
        here.record("net", truth - 1)
    assert here.board()["experiment"]["variants"] == 0
