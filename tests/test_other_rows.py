"""What stands beside the rows in another order is refused, wherever it is handed over; what says nothing is let be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.tree import DecisionTreeClassifier

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.row_index import index_contradicts
from tests.conftest import Shell

DICE = np.random.default_rng(0)
N = 120
KEYS: dict[str, Any] = {
    "numbers": DICE.permutation(3 * N)[:N],
    "positions in another order": DICE.permutation(N),
    "text": [f"id{n}" for n in DICE.permutation(N)],
    "times": pd.to_datetime("2024-01-01") + pd.to_timedelta(DICE.permutation(N), unit="h"),
    "fractions": DICE.random(N),
}
FEATURES = DICE.normal(size=(N, 2))
ANSWERS = (FEATURES[:, 0] > 0).astype(int)
GROUPS = np.arange(N) // 6


pytestmark = pytest.mark.usefixtures("alone")


@pytest.mark.parametrize("keys", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize("what", ["groups", "weights", "time"])
def test_compare_takes_them_in_the_order_of_the_truth_alone(keys: Any, what: str) -> None:
    truth = pd.Series(ANSWERS, index=keys)
    beside = pd.Series(GROUPS + 1.0, index=keys)
    columns = {"a": ANSWERS, "b": np.where(np.arange(N) % 7, ANSWERS, 1 - ANSWERS)}
    whole = mlee.compare(truth, columns, **{what: beside}).table
    with pytest.raises(MleeError, match=f"index of {what} is not the truth's"):
        mlee.compare(truth, columns, **{what: beside.sort_index()})
    for fine in (beside.to_numpy(), list(beside), beside.reset_index(drop=True)):
        pd.testing.assert_frame_equal(mlee.compare(truth, columns, **{what: fine}).table, whole)


@pytest.mark.parametrize("keys", KEYS.values(), ids=KEYS)
def test_where_the_truth_has_no_index_the_others_must_agree(keys: Any) -> None:
    a, b = pd.Series(ANSWERS, index=keys), pd.Series(1 - ANSWERS, index=keys)
    with pytest.raises(MleeError, match="a and b have unlike indexes"):
        mlee.compare(ANSWERS, {"a": a, "b": b.sort_index()})
    with pytest.raises(MleeError, match="a and groups have unlike indexes"):
        mlee.compare(ANSWERS, {"a": a, "b": b}, groups=pd.Series(GROUPS, index=keys).sort_index())
    with pytest.raises(MleeError, match="a and b have unlike indexes"):
        mlee.rows_to_label({"a": a, "b": b.sort_index()})
    assert mlee.compare(ANSWERS, {"a": a, "b": b, "c": ANSWERS}).table is not None
    assert len(mlee.rows_to_label({"a": a, "b": b, "c": ANSWERS}).rows) == N


@pytest.mark.parametrize("keys", KEYS.values(), ids=KEYS)
def test_features_in_another_order_are_not_predicted_on(keys: Any, project: Path) -> None:
    frame, truth = pd.DataFrame(FEATURES, index=keys), pd.Series(ANSWERS, index=keys)
    model = DecisionTreeClassifier(random_state=0).fit(frame, truth)
    handle = mlee.start("x", truth=truth, features=frame.sort_index(), metric="accuracy")
    with pytest.raises(MleeError, match="or in another order; nothing was recorded"):
        handle.record("tree", model, quiet=True)
    handle.record("tree", model, features=frame, quiet=True)
    handle.record("plain", model, features=frame.reset_index(drop=True), quiet=True)
    handle.record("values", model, features=frame.to_numpy(), quiet=True)
    rows = handle.board()["boards"][0]["rows"]
    assert {row["score_text"] for row in rows if row["label"] in ("tree", "plain", "values")} == {"100.0"}


@pytest.mark.parametrize("keys", KEYS.values(), ids=KEYS)
def test_the_charters_columns_too(keys: Any, shell: Shell) -> None:
    shell.names.update(
        y=pd.Series(ANSWERS, index=keys),
        g=pd.Series(GROUPS, index=keys),
        other=pd.Series(GROUPS, index=keys).sort_index(),
        X=pd.DataFrame({"g2": GROUPS}, index=keys).sort_index(),
    )
    fine = shell.run("%%mlee_experiment start fine --truth y\ngroups = 'g'")
    assert "another order" not in fine
    said = shell.run("%%mlee_experiment start other --truth y\ngroups = 'other'")
    assert "other has other rows than y, or another order" in said
    assert "no winner is named" in said
    said = shell.run("%%mlee_experiment start column --truth y --features X\ngroups = 'g2'")
    assert "g2 has other rows than y" in said


@pytest.mark.parametrize(
    ("truth", "others"),
    [
        (None, KEYS["numbers"]),
        (KEYS["numbers"], None),
        (KEYS["numbers"], range(N)),
        (range(N), KEYS["numbers"]),
        (range(N), range(N)),
        (KEYS["numbers"], KEYS["text"]),
        (KEYS["text"], KEYS["times"]),
    ],
)
def test_what_says_nothing_contradicts_nothing(truth: Any, others: Any) -> None:
    """A truth counted anew, features with keys of their own: the order may be right."""
    one, other = (ANSWERS if keys is None else pd.Series(ANSWERS, index=keys) for keys in (truth, others))
    assert not index_contradicts(one, other)
