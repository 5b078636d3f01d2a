"""Another truth than the declared one, or features, may be handed over as they are: with or without a name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier

import mlee_jupyter as mlee

TRUTH = np.arange(60) % 2


pytestmark = pytest.mark.usefixtures("alone")


@pytest.mark.parametrize("kind", [np.asarray, list, tuple, pd.Series], ids=["array", "list", "tuple", "series"])
def test_as_a_value(kind: Any) -> None:
    handle = mlee.start("x", truth=TRUTH, metric="accuracy")
    handle.record("a", TRUTH, quiet=True)
    handle.record("b", TRUTH[:40], truth=kind(TRUTH[:40]), quiet=True)
    boards = handle.board()["boards"]
    assert [board["n"] for board in boards] == [60, 40]
    assert boards[1]["truth"]["name"] == "another_truth"


def test_others_have_names_of_their_own_and_the_same_one_keeps_its_name() -> None:
    handle = mlee.start("x", truth=TRUTH, metric="accuracy")
    first, second = TRUTH[:40].copy(), TRUTH[:30].copy()
    for name, truth in (("a", first), ("b", second), ("c", first)):
        handle.record(name, truth, truth=truth, quiet=True)
    names = {board["truth"]["name"]: [row["label"] for row in board["rows"]] for board in handle.board()["boards"]}
    assert set(names) == {"another_truth", "another_truth_2"}
    assert {"a", "c"} <= set(names["another_truth"])


def test_features_as_a_value() -> None:
    handle = mlee.start("x", truth=TRUTH, metric="accuracy")
    rows = np.ones((60, 2))
    handle.record("guess", DummyClassifier().fit(rows, TRUTH), features=rows, quiet=True)
    assert handle.board()["boards"][0]["rows"][0]["label"] == "guess"
