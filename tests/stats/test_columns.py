"""Whatever holds one value per row becomes a plain column, or one clear line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import MissingValues, as_column, as_matrix, as_rows, index_hash, index_of
from mlee_jupyter.stats.rows.row_index import index_mismatch


class Tensor:
    """Behaves as torch's does: refuses to become numpy while it has a gradient or lives on a GPU."""

    def __init__(self, values: Any, requires_grad: bool = False, device: str = "cpu") -> None:
        self.values, self.requires_grad, self.device = values, requires_grad, device

    def detach(self) -> Tensor:
        return Tensor(self.values, False, self.device)

    def cpu(self) -> Tensor:
        return Tensor(self.values, self.requires_grad, "cpu")

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        if self.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        if self.device != "cpu":
            raise TypeError("can't convert cuda:0 device type tensor to numpy.")
        return np.array(self.values, dtype=dtype)


class Broken:
    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        raise ValueError("no such thing")


TEXT, WHOLE, REAL, TRUTH = ["a", "b", "a"], [1, 2, 1], [1.0, 2.5, 1.0], [True, False, True]
ACCEPTED: dict[str, tuple[Any, list[Any], str]] = {
    "list of text": (TEXT, TEXT, "O"),
    "list of integers": (WHOLE, WHOLE, "i"),
    "list of booleans": (TRUTH, TRUTH, "b"),
    "tuple of numbers": (tuple(REAL), REAL, "f"),
    "range": (range(3), [0, 1, 2], "i"),
    "integers and booleans": ([1, True, 0], [1, 1, 0], "i"),
    "integers and fractions": ([1, 2.5, 1], REAL, "f"),
    "numpy text": (np.array(TEXT), TEXT, "O"),
    "numpy bytes": (np.array([b"a", b"b", b"a"]), TEXT, "O"),
    "numpy small integers": (np.array(WHOLE, dtype=np.int8), WHOLE, "i"),
    "numpy unsigned": (np.array(WHOLE, dtype=np.uint64), WHOLE, "i"),
    "numpy single precision": (np.array(REAL, dtype=np.float32), REAL, "f"),
    "numpy half precision": (np.array(REAL, dtype=np.float16), REAL, "f"),
    "one column of two dimensions": (np.array(REAL)[:, None], REAL, "f"),
    "matrix of one column": (np.asmatrix(np.array(REAL)).T, REAL, "f"),
    "objects that are text": (np.array(TEXT, dtype=object), TEXT, "O"),
    "objects that are numpy text": (np.array([np.str_("a"), "b", np.str_("a")], dtype=object), TEXT, "O"),
    "objects that are integers": (np.array(WHOLE, dtype=object), WHOLE, "i"),
    "objects that are booleans": (np.array(TRUTH, dtype=object), TRUTH, "b"),
    "objects that are mixed numbers": (np.array([1, 2.5, np.int8(1)], dtype=object), REAL, "f"),
    "decimals": ([Decimal("1"), Decimal("2.5"), Decimal("1")], REAL, "f"),
    "nothing masked": (np.ma.masked_array(REAL, mask=[False] * 3), REAL, "f"),
    "big-endian": (np.array(REAL, dtype=">f8"), REAL, "f"),
    "every other row": (np.array([1.0, 9, 2.5, 9, 1.0, 9])[::2], REAL, "f"),
    "pandas integers": (pd.Series(WHOLE), WHOLE, "i"),
    "pandas text": (pd.Series(TEXT), TEXT, "O"),
    "pandas string": (pd.Series(TEXT, dtype="string"), TEXT, "O"),
    "pandas nullable integers": (pd.Series(WHOLE, dtype="Int64"), WHOLE, "i"),
    "pandas nullable booleans": (pd.Series(TRUTH, dtype="boolean"), TRUTH, "b"),
    "pandas nullable fractions": (pd.Series(REAL, dtype="Float64"), REAL, "f"),
    "pandas nullable array": (pd.array(WHOLE, dtype="Int32"), WHOLE, "i"),
    "pandas categories of text": (pd.Series(TEXT, dtype="category"), TEXT, "O"),
    "pandas categories of integers": (pd.Categorical(WHOLE, categories=[2, 1, 7]), WHOLE, "i"),
    "pandas category index": (pd.CategoricalIndex(TEXT), TEXT, "O"),
    "pandas sparse": (pd.Series(pd.arrays.SparseArray(REAL)), REAL, "f"),
    "pandas frame of one column": (pd.DataFrame({"y": WHOLE}), WHOLE, "i"),
    "pandas index": (pd.Index(TEXT), TEXT, "O"),
    "pandas objects": (pd.Series(WHOLE, dtype=object), WHOLE, "i"),
    "polars integers": (pl.Series(WHOLE), WHOLE, "i"),
    "polars fractions": (pl.Series(REAL), REAL, "f"),
    "polars text": (pl.Series(TEXT), TEXT, "O"),
    "polars booleans": (pl.Series(TRUTH), TRUTH, "b"),
    "polars categories": (pl.Series(TEXT, dtype=pl.Categorical), TEXT, "O"),
    "polars frame of one column": (pl.DataFrame({"y": WHOLE}), WHOLE, "i"),
    "a tensor": (Tensor(REAL), REAL, "f"),
    "a tensor with a gradient on a GPU": (Tensor(REAL, requires_grad=True, device="cuda"), REAL, "f"),
    "surrogates and nulls in text": (["\udc80", "\0", "a"], ["\udc80", "\0", "a"], "O"),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepted(case: str) -> None:
    given, expected, kind = ACCEPTED[case]
    found = as_column(given)
    assert found.ndim == 1
    assert found.dtype.kind == kind
    assert found.dtype in (bool, np.int64, np.float64, object)
    assert found.tolist() == expected
    assert all(type(v) is str for v in found) or kind != "O"


REFUSED: dict[str, tuple[Any, str]] = {
    "NaN": ([1.0, np.nan, np.nan], "2 missing values"),
    "single NaN": (np.array([1.0, np.nan], dtype=np.float32), "1 missing value "),
    "infinity": ([1.0, np.inf, 2.0], "1 infinite"),
    "None among numbers": ([1, None, 2], "1 missing value "),
    "None among text": (["a", None], "1 missing value "),
    "NaN among text": (["a", float("nan")], "1 missing value "),
    "pandas NA": (pd.Series([1, pd.NA], dtype="Int64"), "1 missing value "),
    "pandas NA among objects": (pd.Series([1, pd.NA, pd.NaT], dtype=object), "2 missing values"),
    "pandas missing text": (pd.Series(["a", None]), "1 missing value "),
    "pandas missing category": (pd.Series(["a", None], dtype="category"), "1 missing value "),
    "polars null": (pl.Series([1, None]), "1 missing value "),
    "polars null text": (pl.Series(["a", None]), "1 missing value "),
    "polars NaN": (pl.Series([1.0, float("nan")]), "1 missing value "),
    "masked": (np.ma.masked_array([1.0, 2.0], mask=[False, True]), "1 missing value "),
    "infinite object": (np.array([1, float("inf")], dtype=object), "1 infinite"),
    "nothing": (None, "NoneType"),
    "no rows": ([], "is empty"),
    "no rows of pandas": (pd.Series([], dtype=float), "is empty"),
    "no columns": (pd.DataFrame(index=range(3)), "is empty"),
    "text": ("abc", "piece of text"),
    "bytes": (b"abc", "piece of text"),
    "a number": (3.5, "single value"),
    "an array of no dimension": (np.array(3), "single value"),
    "a dict": ({"a": 1}, "no order"),
    "a set": ({1, 2}, "no order"),
    "a generator": ((v for v in [1, 2]), "only once"),
    "a function": (len, "builtin_function_or_method"),
    "ragged": ([[1, 2], [3]], "different lengths"),
    "two columns": ([[1, 2], [3, 4]], "2 columns"),
    "a frame of two columns": (pd.DataFrame({"a": [1], "b": [2]}), "2 columns"),
    "three dimensions": (np.zeros((2, 2, 2)), "3 dimensions"),
    "dates": (pd.Series(pd.to_datetime(["2024-01-01"])), "dates"),
    "dates of polars": (pl.Series([dt.date(2024, 1, 1)]), "date"),
    "dates as objects": ([dt.date(2024, 1, 1)], "type date"),
    "durations": (np.array([1], dtype="m8[s]"), "durations"),
    "complex": ([1j, 2], "complex"),
    "records": (np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]), "records"),
    "text and numbers": (["1", 1, 1], "mixes text and numbers"),
    "text and numbers as objects": (np.array([1, "1"], dtype=object), "mixes text and numbers"),
    "arrays in a list": (np.array([np.zeros(2), "a"], dtype=object), "type ndarray"),
    "huge integers": ([2**70, 1], "too large"),
    "huge unsigned": (np.array([2**63], dtype=np.uint64), "beyond 64 bits"),
    "bytes that are no text": (np.array([b"\xff"]), "not text"),
    "an index of levels": (pd.MultiIndex.from_tuples([(1, 2)]), "several levels"),
    "an array that breaks": (Broken(), "no such thing"),
    "polars lazy frame": (pl.LazyFrame({"a": [1]}), "polars LazyFrame"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_one_line(case: str) -> None:
    given, says = REFUSED[case]
    with pytest.raises(MleeError, match=says) as refused:
        as_column(given, "y_test")
    told = str(refused.value)
    assert "\n" not in told
    assert len(told) < 300
    assert told.startswith("y_test")


def test_missing_values_are_told_from_mistakes() -> None:
    with pytest.raises(MissingValues):
        as_column([1.0, np.nan])
    with pytest.raises(MleeError) as refused:
        as_column([])
    assert not isinstance(refused.value, MissingValues)


def test_a_very_long_name_stays_on_one_short_line() -> None:
    with pytest.raises(MleeError) as refused:
        as_column([], "<b>\n" * 10_000)
    assert len(str(refused.value)) < 200


def test_nothing_is_changed_in_place() -> None:
    mine = np.array([1.0, 2.0])
    as_column(mine)
    as_matrix(mine[:, None])
    assert mine.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    "given",
    [
        [[0.1, 0.9], [0.4, 0.6]],
        np.array([[0.1, 0.9], [0.4, 0.6]], dtype=np.float32).astype(float).round(1),
        pd.DataFrame({"a": [0.1, 0.4], "b": [0.9, 0.6]}),
        pl.DataFrame({"a": [0.1, 0.4], "b": [0.9, 0.6]}),
        Tensor([[0.1, 0.9], [0.4, 0.6]], requires_grad=True),
        pd.DataFrame({"a": [0.1, 0.4], "b": [0.9, 0.6]}, dtype="Float64"),
    ],
)
def test_matrices(given: Any) -> None:
    assert as_matrix(given).tolist() == [[0.1, 0.9], [0.4, 0.6]]
    assert as_rows(given).shape == (2, 2)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([["a", "b"]], "2 columns of text"),
        (["a", "b"], "text where scores"),
        (pd.DataFrame({"a": [0.1, None], "b": [0.9, 0.6]}), "1 missing value "),
        ([np.zeros((2, 2)), np.zeros((2, 2))], "3 dimensions"),
    ],
)
def test_matrices_refused(given: Any, says: str) -> None:
    with pytest.raises(MleeError, match=says):
        as_matrix(given)


ROWS = ["u", "v", "w"]


def test_an_index_is_known_by_its_content() -> None:
    values = [1, 2, 3]
    named = pd.Series(values, index=ROWS)
    assert list(index_of(named)) == ROWS
    assert index_hash(named) == index_hash(pd.DataFrame({"y": values}, index=ROWS))
    assert index_hash(named) != index_hash(pd.Series(values, index=ROWS[::-1]))
    assert index_hash(pd.Series(values, index=np.array([7, 8, 9], dtype=np.int32))) == index_hash(
        pd.Series(values, index=[7, 8, 9])
    )
    assert index_hash(pd.Series(values, index=["7", "8", "9"])) != index_hash(pd.Series(values, index=[7, 8, 9]))
    days = pd.date_range("2024-01-01", periods=3)
    assert index_hash(pd.Series(values, index=days)) == index_hash(pd.Series(values, index=days.as_unit("s")))
    assert index_hash(pd.Series(values, index=pd.MultiIndex.from_product([[1], ROWS]))) is not None
    assert index_hash(pd.Series([1, 2], index=["a", "b"])) != index_hash(pd.Series([1, 2], index=["a1:b", ""]))


@pytest.mark.parametrize("given", [[1, 2], np.array([1, 2]), pd.Series([1, 2]), pd.Index([5, 6]), pl.Series([1, 2])])
def test_positions_are_no_index(given: Any) -> None:
    assert index_hash(given) is None


@pytest.mark.parametrize(
    ("truth", "rows", "differs"),
    [
        (pd.Series(ROWS, index=[2, 0, 1]), pd.Series(ROWS, index=[2, 0, 1]), False),
        (pd.Series(ROWS, index=[2, 0, 1]), pd.Series(ROWS, index=[0, 2, 1]), True),
        (pd.Series(ROWS, index=[2, 0, 1]), pd.Series(ROWS), False),
        (pd.Series(ROWS), pd.Series(ROWS, index=[2, 0, 1]), True),
        (np.array(ROWS), pd.Series(ROWS, index=[2, 0, 1]), False),
        (pd.Series(ROWS, index=[2, 0, 1]), ROWS, False),
    ],
)
def test_an_index_that_contradicts_the_truths(truth: Any, rows: Any, differs: bool) -> None:
    assert index_mismatch(truth, rows) == differs
