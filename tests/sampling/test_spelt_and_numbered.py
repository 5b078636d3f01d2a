"""Copies that hide: behind a number of their own, as text on one side, as groups spelt another way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain import Finding, Level, Outcome

TEST, TRAIN, COPIES = 200, 800, 40


def rows(n: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "a": random.normal(size=n).round(4),
            "b": random.normal(size=n).round(4),
            "c": random.integers(0, 5, n),
            "on": random.random(n) < 0.5,
            "at": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 10**6, n), unit="s"),
        }
    )


TRAINING, HONEST = rows(TRAIN, 1), rows(TEST, 2)
COPIED = pd.concat([TRAINING.iloc[100 : 100 + COPIES], HONEST.iloc[COPIES:]]).reset_index(drop=True)


def answer(test: Any, train: Any, **more: Any) -> Finding:
    return next(one for one in mlee.check_sample(test, train=train, **more).answers if one.rule == "MLE407")


def numbered(first: Any) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda table: table.assign(id=first(len(table)))


IDS: dict[str, tuple[Any, Any]] = {
    "counted on": (np.arange, lambda n: np.arange(n) + 10_000),
    "row numbers on both sides": (np.arange, np.arange),
    "as words": (lambda n: [f"t{i}" for i in range(n)], lambda n: [f"r{i}" for i in range(n)]),
    "as floats": (lambda n: np.arange(n) * 1.0, lambda n: np.arange(n) + 5000.0),
    "drawn": (
        lambda n: np.random.default_rng(3).permutation(10**6)[:n],
        lambda n: np.random.default_rng(4).permutation(10**6)[:n],
    ),
}


@pytest.mark.parametrize("kind", IDS)
def test_a_copy_with_an_id_of_its_own_is_a_copy(kind: str) -> None:
    ours, theirs = IDS[kind]
    found = answer(numbered(ours)(COPIED), numbered(theirs)(TRAINING))
    assert found.outcome is Outcome.FINDING
    assert found.level is Level.ERROR
    assert found.message.startswith("40 of 200 test rows")
    assert answer(numbered(ours)(HONEST), numbered(theirs)(TRAINING)).outcome is Outcome.OK


@pytest.mark.parametrize("kind", IDS)
def test_coarse_rows_with_ids_are_no_copies(kind: str) -> None:
    ours, theirs = IDS[kind]
    one, other = (table[["c", "on"]].assign(d=table["c"] % 2) for table in (HONEST, TRAINING))
    assert answer(numbered(ours)(one), numbered(theirs)(other)).outcome is Outcome.OK


def test_the_same_id_with_other_values_is_worth_a_word() -> None:
    ids = np.random.default_rng(5).permutation(10**6)[:1000]
    train = TRAINING.assign(patient_id=ids[:TRAIN])
    test = HONEST.assign(patient_id=np.r_[ids[:60], ids[TRAIN : TRAIN + 140]])
    found = answer(test, train)
    assert (found.outcome, found.level) == (Outcome.FINDING, Level.WARNING)
    assert "60 of 200 test rows have a patient_id" in found.message
    assert answer(HONEST.assign(patient_id=ids[TRAIN:]), train).outcome is Outcome.OK


AS_TEXT: dict[str, Callable[[pd.DataFrame], Any]] = {
    "pandas text": lambda t: t.astype(str),
    "objects": lambda t: t.astype(str).astype(object),
    "polars text": lambda t: pl.DataFrame({k: t[k].astype(str).tolist() for k in t}),
    "a dict of lists": lambda t: {k: t[k].astype(str).tolist() for k in t},
    "a matrix of text": lambda t: t[["a", "b", "c"]].astype(str).to_numpy(),
}


@pytest.mark.parametrize("kind", AS_TEXT)
@pytest.mark.parametrize("turned", [False, True])
def test_text_rows_are_held_against_rows_of_numbers(kind: str, turned: bool) -> None:
    read = AS_TEXT[kind]
    bare = (lambda t: t[["a", "b", "c"]].to_numpy()) if "matrix" in kind else (lambda t: t)
    one, other = (bare, read) if turned else (read, bare)
    assert answer(one(COPIED), other(TRAINING)).message.startswith("40 of 200 test rows")
    assert answer(one(HONEST), other(TRAINING)).outcome is Outcome.OK


GROUPS: dict[str, Callable[[np.ndarray], Any]] = {
    "numbers": lambda g: g,
    "fractions": lambda g: g.astype(float),
    "words": lambda g: [str(i) for i in g],
    "words with a point": lambda g: [f"{i}.0" for i in g],
    "categories": lambda g: pd.Series(g).astype(str).astype("category"),
    "nullable": lambda g: pd.Series(g, dtype="Int64"),
    "numpy text": lambda g: g.astype(str),
}


@pytest.mark.parametrize("one", GROUPS)
@pytest.mark.parametrize("other", ["numbers", "words", "fractions"])
def test_groups_are_the_same_however_they_are_spelt(one: str, other: str) -> None:
    if one == "words with a point" and other == "words":
        return  # two texts are the same letter by letter
    ours, theirs = np.arange(TEST) // 4, np.arange(TRAIN) // 4
    found = answer(HONEST, TRAINING, groups=GROUPS[one](ours), train_groups=GROUPS[other](theirs))
    assert "50 of the 50" in found.message
    apart = answer(HONEST, TRAINING, groups=GROUPS[one](ours), train_groups=GROUPS[other](theirs + 900))
    assert apart.outcome is Outcome.OK


def test_names_are_no_numbers() -> None:
    names = [f"site {i % 50}" for i in range(TEST)]
    assert answer(HONEST, TRAINING, groups=names, train_groups=np.arange(TRAIN) % 50).outcome is Outcome.OK
