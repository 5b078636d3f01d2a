"""Row fingerprints: what counts as the same value, and what does not."""

from __future__ import annotations

import datetime
import decimal

import numpy as np
import pandas as pd
import pytest

from mlee_jupyter.stats.rows.row_hash import row_hashes, value_codes


def column(*values: object, dtype: object = object) -> np.ndarray:
    made = np.empty(len(values), dtype=dtype)  # type: ignore[call-overload]
    made[:] = values
    return made


SAME = {
    "whole numbers of any kind": (np.array([1, 0, 7]), np.array([1.0, -0.0, 7.0])),
    "truth values": (np.array([True, False]), np.array([1, 0], dtype=np.uint8)),
    "single precision": (np.array([0.1, 1 / 3]), np.array([0.1, 1 / 3], dtype=np.float32)),
    "through a text file": (np.array([0.1, np.pi]), np.array([float(f"{v:.9g}") for v in (0.1, np.pi)])),
    "missing values": (np.array([np.nan, 2.5]), column(None, 2.5)),
    "pandas' missing": (column(pd.NA, 1), column(np.nan, 1)),
    "objects": (column(1, 2.5, True), np.array([1.0, 2.5, 1.0])),
    "dates of other resolution": (
        np.array(["2026-01-01"], dtype="datetime64[D]"),
        np.array(["2026-01-01"], dtype="datetime64[ns]"),
    ),
    "unhashable": (column([1, 2]), column([1, 2])),
}
OTHER = {
    "neighbouring ids": (np.array([2**52]), np.array([2**52 + 1])),
    "text and number": (column("1"), column(1)),
    "a fraction": (np.array([0.5]), np.array([0.25])),
    "letters": (column("ab"), column("aB")),
    "infinity": (np.array([np.inf]), np.array([-np.inf])),
    "the sixth digit": (np.array([1.00001]), np.array([1.00002])),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_the_same(one: np.ndarray, other: np.ndarray) -> None:
    assert (value_codes(one) == value_codes(other)).all()


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER)
def test_not_the_same(one: np.ndarray, other: np.ndarray) -> None:
    assert (value_codes(one) != value_codes(other)).all()


def test_rows() -> None:
    random = np.random.default_rng(0)
    matrix = random.integers(0, 3, (40_000, 6)).astype(float)
    found = row_hashes([matrix])
    assert len(np.unique(found)) == len(np.unique(matrix, axis=0))
    assert (found == row_hashes(list(matrix.T))).all()
    assert (found == row_hashes([matrix[:, :2], matrix[:, 2:].astype(object)])).all()
    swapped = row_hashes([matrix[:, ::-1]])
    assert (found != swapped).sum() == (matrix != matrix[:, ::-1]).any(axis=1).sum()


def test_odd_tables() -> None:
    assert len(row_hashes([])) == 0
    assert len(row_hashes([np.empty(0)])) == 0
    odd = column(decimal.Decimal("1.5"), datetime.date(2026, 1, 1), 2**80, b"x", frozenset({1}), 1 + 2j, -(2**63))
    assert len(np.unique(value_codes(odd))) == len(odd)
