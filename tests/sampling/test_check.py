"""`check_sample`: the public door; hostile input gets one line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import MleeError


def whole(rows: int = 3000) -> pd.DataFrame:
    draw = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "date": pd.date_range("2024-01-01", periods=rows, freq="6h"),
            "patient": np.arange(rows) // 5,
            "product": draw.choice([f"p{k}" for k in range(8)], rows),
            "x": draw.standard_normal(rows),
            "z": draw.standard_normal(rows),
        }
    )
    return table.assign(y=(table["x"] + draw.standard_normal(rows) > 0).astype(int))


FRAME = whole()
FEATURES = ["date", "patient", "product", "x", "z"]


def codes(found: mlee.SampleCheck) -> list[str]:
    return [one.rule for one in found.findings]


def test_a_sound_sample_has_no_findings() -> None:
    test, train = FRAME.iloc[2000:], FRAME.iloc[:2000]
    found = mlee.check_sample(
        test[FEATURES],
        train=train[FEATURES],
        population=FRAME[FEATURES],
        truth=test["y"],
        time="date",
        groups="patient",
        column="product",
    )
    assert codes(found) == []
    assert {one.rule for one in found.answers if one.outcome == "ok"} >= {"MLE203", "MLE207", "MLE407", "MLE408"}
    assert "Nothing found by" in repr(found)
    assert found.coverage is not None
    assert found.coverage.weight == 1


def test_a_spoiled_sample_has_them_all() -> None:
    test = FRAME[FRAME["product"].isin(["p0", "p1"])].iloc[:200]
    train = pd.concat([FRAME.iloc[1000:], test.iloc[:10]])
    truth = test["patient"] % 2
    found = mlee.check_sample(
        test[FEATURES].assign(leak=truth * 3),
        train=train[FEATURES].assign(leak=-1),
        population=FRAME[FEATURES],
        truth=truth,
        time="date",
        groups="patient",
        column="product",
    )
    assert codes(found) == ["MLE203", "MLE205", "MLE207", "MLE408", "MLE409"]
    again = mlee.check_sample(test[FEATURES], train=train[FEATURES], groups="patient")
    assert codes(again) == ["MLE407"]
    assert "10 of 200 test rows" in repr(again)
    assert found.drift[0].beyond_chance


def test_times_and_groups_may_be_arrays() -> None:
    test, train = FRAME.iloc[:100], FRAME.iloc[100:]
    found = mlee.check_sample(
        test[["x", "z"]].to_numpy(),
        train=train[["x", "z"]].to_numpy(),
        time=test["date"].to_numpy(),
        train_time=train["date"].to_numpy(),
    )
    assert codes(found) == ["MLE408"]
    groups = mlee.check_sample(
        test[["x"]], train=train[["x"]], groups=[*test["patient"]], train_groups=[*(train["patient"] - 15)]
    )
    assert codes(groups) == ["MLE407"]


def test_a_list_of_kinds_is_a_population() -> None:
    found = mlee.check_sample(FRAME.head(50)[["product"]], population=[f"p{k}" for k in range(40)], column="product")
    assert codes(found) == ["MLE203"]
    assert "8 of the 40 kinds" in repr(found)


def test_kinds_nobody_counted() -> None:
    ids = pd.DataFrame({"product": [f"p{k}" for k in range(90)]})
    assert codes(mlee.check_sample(ids, column="product")) == ["MLE203"]


class Sparse:
    """As scipy's: a shape, and an unpacking that must not happen."""

    shape = (100_000, 50_000)

    def toarray(self) -> np.ndarray:
        raise AssertionError("it was unpacked")


REFUSED: dict[str, tuple[Any, dict[str, Any]]] = {
    "nothing": (None, {}),
    "text": ("X_test", {}),
    "a number": (7, {}),
    "no rows": (pd.DataFrame({"x": []}), {}),
    "no columns": (np.empty((5, 0)), {}),
    "a train that is text": (FRAME, {"train": "X_train"}),
    "a truth of another length": (FRAME, {"truth": [0, 1]}),
    "a large sparse matrix": (Sparse(), {}),
    "times of another length": (FRAME, {"time": [1, 2]}),
    "a truth with gaps": (FRAME.head(3), {"truth": [1.0, None, 2.0]}),
}


@pytest.mark.parametrize(("sample", "how"), REFUSED.values(), ids=REFUSED)
def test_refusals(sample: Any, how: dict[str, Any]) -> None:
    with pytest.raises(MleeError):
        mlee.check_sample(sample, **how)


class Rude:
    """A table that raises whatever is asked of it."""

    shape = (5, 2)
    columns = ("a", "b")

    def __getitem__(self, key: object) -> object:
        raise RuntimeError("no")


ODD: dict[str, tuple[Any, dict[str, Any]]] = {
    "raises when read": (Rude(), {"train": Rude()}),
    "all missing": (pd.DataFrame({"x": [None] * 40}), {"train": pd.DataFrame({"x": [None] * 40})}),
    "unhashable": (pd.DataFrame({"x": [[1]] * 40}), {"train": pd.DataFrame({"x": [[1]] * 40})}),
    "two columns of one name": (pd.DataFrame(np.ones((40, 2)), columns=["a", "a"]), {"population": FRAME}),
    "column names that are no text": (pd.DataFrame(np.ones((40, 2))), {"train": pd.DataFrame(np.ones((9, 2)))}),
    "one row": (FRAME.head(1), {"train": FRAME, "population": FRAME, "time": "date"}),
    "a column that is not there": (FRAME, {"time": "when", "groups": "who", "column": "what"}),
    "infinities": (np.full((40, 2), np.inf), {"train": np.full((40, 2), -np.inf)}),
    "levels of labels": (FRAME.set_index(["patient", "date"]), {"train": FRAME.set_index(["patient", "date"])}),
}


@pytest.mark.parametrize(("sample", "how"), ODD.values(), ids=ODD)
def test_odd_tables_are_answered(sample: Any, how: dict[str, Any]) -> None:
    found = mlee.check_sample(sample, **how)
    assert len(found.answers) == 6
    assert repr(found)


@pytest.mark.parametrize("seed", range(20))
def test_one_column_of_rounded_values_is_no_copy_and_copies_are(seed: int) -> None:
    random = np.random.default_rng(seed)
    rounded = np.round(random.lognormal(3, 1, 1_000), 2) if seed % 2 else random.integers(0, 900, 1_000).astype(float)
    exact = random.normal(size=1_000)
    copied = np.concatenate((exact[:700], exact[:60], exact[760:]))
    for values, wanted in ((rounded, False), (exact, False), (copied, True)):
        rows = pd.DataFrame({"x": values})
        said = [f.rule for f in mlee.check_sample(rows[700:], train=rows[:700]).findings]
        assert ("MLE407" in said) is wanted


@pytest.mark.parametrize("kind", ["series", "arrays", "lists"])
def test_groups_and_times_beside_the_tables_of_a_random_split(kind: str) -> None:
    random = np.random.default_rng(4)
    rows = pd.DataFrame({"x": random.normal(size=400), "g": random.integers(0, 20, 400)})
    rows["day"] = pd.date_range("2023-01-01", periods=400)
    order = random.permutation(400)
    train, test = rows.iloc[order[:300]], rows.iloc[order[300:]]
    give = {"series": lambda s: s, "arrays": lambda s: s.to_numpy(), "lists": lambda s: s.tolist()}[kind]
    found = mlee.check_sample(test[["x"]], train=train[["x"]], groups=give(test.g), train_groups=give(train.g))
    assert "MLE407" in [f.rule for f in found.findings]
    found = mlee.check_sample(test[["x"]], train=train[["x"]], time=give(test.day), train_time=give(train.day))
    assert "MLE408" in [f.rule for f in found.findings]
