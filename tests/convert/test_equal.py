"""Pairs of values that are equal, that differ, and that cannot be compared."""

from __future__ import annotations

import collections
import datetime
import functools
import math
import sqlite3
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse
from sklearn.datasets import make_classification
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlee_jupyter.convert.prove.equal import MOST_DIFFERENCES, same, same_text

mpl.use("agg")
from matplotlib import pyplot as plt

X, Y = make_classification(60, random_state=0)


class Plain:
    def __init__(self, value: Any) -> None:
        self.value = value


def frame(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"a": [1, 2, 3], "b": ["x", None, "z"], "c": [0.5, math.nan, 2.5]} | columns)


def figure(height: float) -> Any:
    drawn, axes = plt.subplots()
    axes.plot([0, 1], [0, height])
    plt.close(drawn)
    return drawn


def looped(last: int) -> list[Any]:
    items: list[Any] = [1]
    items += [items, last]
    return items


# name -> two makers: the first is called twice and must be equal to itself (the no-op twin), the second must differ.
PAIRS: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "int": (lambda: 3, lambda: 4),
    "int against float": (lambda: 3, lambda: 3.0),
    "bool against int": (lambda: True, lambda: 1),
    "huge int": (lambda: 10**40, lambda: 10**40 + 1),
    "float, ninth digit": (lambda: 1 / 3, lambda: 1 / 3 + 1e-9),
    "float, infinity": (lambda: math.inf, lambda: -math.inf),
    "float, nan against none": (lambda: math.nan, lambda: None),
    "tiny floats": (lambda: 1e-300, lambda: 2e-300),
    "complex": (lambda: 1 + 2j, lambda: 1 + 2.001j),
    "text": (lambda: "a", lambda: "b"),
    "long text": (lambda: "a" * 9_000, lambda: "a" * 8_999 + "b"),
    "lone surrogate": (lambda: "\ud800", lambda: "\ud801"),
    "bytes": (lambda: b"a", lambda: b"b"),
    "list": (lambda: [1, [2]], lambda: [1, [3]]),
    "list against tuple": (lambda: [1], lambda: (1,)),
    "list, longer": (lambda: [1], lambda: [1, 1]),
    "long list of numbers": (lambda: [0.1] * 500, lambda: [0.1] * 499 + [0.2]),
    "long list of texts": (lambda: ["a"] * 500, lambda: ["a"] * 499 + ["b"]),
    "list in itself": (lambda: looped(1), lambda: looped(2)),
    "dict": (lambda: {"a": 1, "b": 2}, lambda: {"a": 1, "b": 3}),
    "dict, other key": (lambda: {"a": 1}, lambda: {"b": 1}),
    "dict, key of another type": (lambda: {1: 1}, lambda: {"1": 1}),
    "set": (lambda: {"a", "b", "c"}, lambda: {"a", "b"}),
    "counter": (lambda: collections.Counter("aab"), lambda: collections.Counter("abb")),
    "deque": (lambda: collections.deque([1]), lambda: collections.deque([2])),
    "default dict": (lambda: collections.defaultdict(int, a=1), lambda: collections.defaultdict(int, a=2)),
    "date": (lambda: datetime.date(2020, 1, 1), lambda: datetime.date(2020, 1, 2)),
    "library function": (lambda: np.mean, lambda: np.median),
    "partial": (lambda: functools.partial(np.mean, axis=0), lambda: functools.partial(np.mean, axis=1)),
    "static method": (lambda: staticmethod(np.mean), lambda: staticmethod(np.median)),
    "class method": (lambda: classmethod(np.mean), lambda: classmethod(np.median)),
    "property": (lambda: property(np.mean), lambda: property(np.mean, np.median)),
    "cached property": (lambda: functools.cached_property(np.mean), lambda: functools.cached_property(np.median)),
    "wrapped": (
        lambda: functools.update_wrapper(Plain(1), np.mean),
        lambda: functools.update_wrapper(Plain(2), np.mean),
    ),
    "wrapped, another": (
        lambda: functools.update_wrapper(Plain(1), np.mean),
        lambda: functools.update_wrapper(Plain(1), np.median),
    ),
    "plain object": (lambda: Plain([1]), lambda: Plain([2])),
    "array": (lambda: np.arange(4.0), lambda: np.array([0, 1, 2, 3.0001])),
    "array with nan": (lambda: np.array([math.nan, 1]), lambda: np.array([1, math.nan])),
    "array, ninth digit": (lambda: np.array([1.0, 1 / 3]), lambda: np.array([1.0, 1 / 3 + 1e-9])),
    "array, infinities": (lambda: np.array([math.inf, 1]), lambda: np.array([-math.inf, 1])),
    "array, infinity against a number": (lambda: np.array([math.inf]), lambda: np.array([1e308])),
    "array, nan against a number": (lambda: np.array([math.nan, 1.0]), lambda: np.array([0.0, 1.0])),
    "float, infinity against a number": (lambda: math.inf, lambda: 1e308),
    "float, sign": (lambda: 0.5, lambda: -0.5),
    "complex array, one part": (lambda: np.array([1 + 1j]), lambda: np.array([1 + 2j])),
    "complex array, the other part": (lambda: np.array([1 + 1j]), lambda: np.array([2 + 1j])),
    "array, shape": (lambda: np.zeros((2, 3)), lambda: np.zeros((3, 2))),
    "array, dtype": (lambda: np.zeros(2, "f4"), lambda: np.zeros(2, "f8")),
    "array of objects": (lambda: np.array(["a", None, 1.5], object), lambda: np.array(["a", None, 1.6], object)),
    "array of texts": (lambda: np.array(["a", "bc"]), lambda: np.array(["a", "bd"])),
    "array of dates": (lambda: np.array(["2020-01-01"], "M8[D]"), lambda: np.array(["2020-01-02"], "M8[D]")),
    "array of complex": (lambda: np.array([1j]), lambda: np.array([2j])),
    "empty array": (lambda: np.zeros(0), lambda: np.zeros((0, 2))),
    "structured": (lambda: np.zeros(2, "i1,f8"), lambda: np.ones(2, "i1,f8")),
    "masked": (lambda: np.ma.array([1, 2], mask=[0, 1]), lambda: np.ma.array([1, 2], mask=[1, 0])),
    "numpy scalar": (lambda: np.float32(1.5), lambda: np.float64(1.5)),
    "generator": (lambda: np.random.default_rng(0), lambda: np.random.default_rng(1)),
    "sparse": (lambda: sparse.csr_matrix([[0, 1]]), lambda: sparse.csr_matrix([[1, 0]])),
    "frame, value": (frame, lambda: frame(c=[0.5, math.nan, 2.6])),
    "frame, missing": (frame, lambda: frame(c=[0.5, 0.0, 2.5])),
    "frame, dtype": (frame, lambda: frame(a=[1.0, 2.0, 3.0])),
    "frame, column name": (frame, lambda: frame().rename(columns={"a": "A"})),
    "frame, order of columns": (frame, lambda: frame()[["b", "a", "c"]]),
    "frame, index": (frame, lambda: frame().set_axis([1, 2, 3])),
    "frame, two columns of one name": (
        lambda: frame().set_axis(["a", "a", "c"], axis=1),
        lambda: frame(b=["y", None, "z"]).set_axis(["a", "a", "c"], axis=1),
    ),
    "series, name": (lambda: pd.Series([1], name="a"), lambda: pd.Series([1], name="b")),
    "series, category": (
        lambda: pd.Series(list("aab"), dtype="category"),
        lambda: pd.Series(list("abb"), dtype="category"),
    ),
    "series, dates": (
        lambda: pd.Series(pd.to_datetime(["2020-01-01", None])),
        lambda: pd.Series(pd.to_datetime(["2020-01-02", None])),
    ),
    "series, nullable": (lambda: pd.Series([1, None], dtype="Int64"), lambda: pd.Series([None, 1], dtype="Int64")),
    "index of two levels": (
        lambda: pd.MultiIndex.from_tuples([("a", 1), ("b", 2)]),
        lambda: pd.MultiIndex.from_tuples([("a", 1), ("b", 3)]),
    ),
    "group by": (lambda: frame().groupby("a"), lambda: frame().groupby("b")),
    "timestamp": (lambda: pd.Timestamp("2020"), lambda: pd.Timestamp("2021")),
    "polars": (lambda: pl.DataFrame({"a": [1, None]}), lambda: pl.DataFrame({"a": [None, 1]})),
    "linear model": (lambda: LinearRegression().fit(X, Y), lambda: LinearRegression().fit(X[:50], Y[:50])),
    "model, not fitted": (LinearRegression, lambda: LinearRegression().fit(X, Y)),
    "model, parameter": (lambda: KNeighborsClassifier(3), lambda: KNeighborsClassifier(4)),
    "neighbours": (lambda: KNeighborsClassifier().fit(X, Y), lambda: KNeighborsClassifier().fit(X + 1e-6, Y)),
    "forest": (
        lambda: RandomForestClassifier(4, random_state=0).fit(X, Y),
        lambda: RandomForestClassifier(4, random_state=0).fit(X, 1 - Y),
    ),
    "boosting": (
        lambda: GradientBoostingClassifier(n_estimators=3, random_state=0).fit(X, Y),
        lambda: GradientBoostingClassifier(n_estimators=3, random_state=0).fit(X[:50], Y[:50]),
    ),
    "pipeline": (
        lambda: make_pipeline(StandardScaler(), LinearRegression()).fit(X, Y),
        lambda: make_pipeline(StandardScaler(with_mean=False), LinearRegression()).fit(X, Y),
    ),
    "figure": (lambda: figure(1), lambda: figure(2)),
    "axes": (lambda: figure(1).axes[0], lambda: figure(2).axes[0]),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_a_value_equals_itself_made_again(name: str) -> None:
    make, _ = PAIRS[name]
    found = same(make(), make())
    assert not found.differences
    assert not found.holes
    assert found.compared


@pytest.mark.parametrize("name", PAIRS)
def test_a_difference_is_never_called_equal(name: str) -> None:
    make, other = PAIRS[name]
    assert same(make(), other()).differences
    assert same(other(), make()).differences


def test_the_eleventh_digit_is_no_difference() -> None:
    assert not same(1 / 3, 1 / 3 + 1e-12).differences
    assert not same(np.full(3, 1 / 3), np.full(3, 1 / 3 + 1e-12)).differences
    assert not same({"a": 1, "b": 2}, {"b": 2, "a": 1}).differences


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: (n for n in "ab"), "gone once it was used"),
        (lambda: sqlite3.connect(":memory:"), "outside of Python"),
        (lambda: lambda: 1, "its code is not compared"),
    ],
    ids=["generator", "connection", "function"],
)
def test_what_cannot_be_compared_is_said(make: Callable[[], Any], why: str) -> None:
    one, other = make(), make()
    found = same([one], [other])
    assert [h for h in found.holes if why in h.what]
    for closing in (one, other):
        if hasattr(closing, "close"):
            closing.close()


# what, another, and where and how they differ
WORDS: dict[str, tuple[Any, Any, list[tuple[str, str]]]] = {
    "a part": ({"scores": [1.0, 2.0]}, {"scores": [1.0, 2.5]}, [("['scores'][1]", "2.0 became 2.5")]),
    "two parts, in order": ([1, [2, 3]], [0, [2, 4]], [("[0]", "1 became 0"), ("[1][1]", "3 became 4")]),
    "a key": ({"a": 1, "b": 2}, {"a": 1}, [("['b']", "is gone")]),
    "a new key": ({"a": 1}, {"a": 1, "b": 2}, [("['b']", "is new")]),
    "an attribute": (Plain(1), Plain(2), [(".value", "1 became 2")]),
    "items": ([1], [1, 1], [("", "1 items became 2")]),
    "a type": ([1], ["1"], [("[0]", "int became str")]),
    "kinds": ([[1]], [{"a": 1}], [("[0]", "list became dict")]),
    "long": ("a" * 100, "b" * 100, [("", f"'{'a' * 56}... became '{'b' * 56}...")]),
    "a library's function": (math.floor, math.ceil, [("", "math.floor became math.ceil")]),
    "shape": (np.zeros((2, 3)), np.zeros((3, 2)), [("", "shape (2, 3) became (3, 2)")]),
    "dtype": (np.zeros(2, "i4"), np.zeros(2, "i8"), [("", "dtype <i4 became <i8")]),
    "an element": (
        np.array([[1, 2], [3, 4]]),
        np.array([[1, 2], [5, 6]]),
        [("", "2 of 4 values differ, first at [1, 0]: 3 became 5")],
    ),
    "no dimensions": (np.array(1.5), np.array(2.5), [("", "1 of 1 values differ, first at []: 1.5 became 2.5")]),
}


@pytest.mark.parametrize(("one", "other", "told"), WORDS.values(), ids=WORDS)
def test_where_they_differ_is_said(one: Any, other: Any, told: list[tuple[str, str]]) -> None:
    assert [(d.path, d.what) for d in same(one, other).differences] == told


def test_what_was_compared_is_counted() -> None:
    assert same([1, "a", [2.5]], [1, "a", [2.5]]).compared == 3
    assert same([], []).compared == 0
    assert same(np.zeros(9), np.zeros(9)).compared == 1
    assert same([math.floor], [math.floor]).compared == 1


def test_beyond_a_limit_differences_are_counted_no_more() -> None:
    many = [[n] for n in range(MOST_DIFFERENCES)]
    found = same(many, [[-n - 1] for [n] in many])
    assert len(found.differences) == MOST_DIFFERENCES
    found = same([*many, [0]], [[-n - 1] for [n] in [*many, [0]]])
    assert found.differences[-1].what == f"more than {MOST_DIFFERENCES} differences"


def test_an_object_that_is_met_again_is_told_once() -> None:
    one, other = [1], [2]
    assert [d.path for d in same([one, one], [other, other]).differences] == ["[0][0]"]
    assert [d.path for d in same([one, one], [other, [3]]).differences] == ["[0][0]", "[1][0]"]


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("score 0.9", "score 0.9", True),
        ("score 0.33333333333333331", "score 0.33333333333333337", True),
        ("score 0.91", "score 0.92", False),
        ("12 rows", "13 rows", False),
        ("1000000000000 rows", "1000000000001 rows", False),
        ("-3", "-4", False),
        ("+3 and 1.0", "+3 and 1.00000000000001", True),
        ("loss 1e-5", "loss 1.00000000000001e-5", True),
        ("1.0 2.0", "1.0 2.5", False),
        ("1.0 2.0", "1.0", False),
        ("v1.5", "v1.6", False),
        ("<Model at 0x7f01>", "<Model at 0x7f02>", True),
        ("a 1.5", "b 1.5", False),
        ("", "x", False),
    ],
)
def test_printed_text(one: str, other: str, equal: bool) -> None:
    assert same_text(one, other) is equal


class Holder:
    def __init__(self, kept: object, unfilled: object) -> None:
        self.kept = kept
        self._unfilled = unfilled


@pytest.mark.parametrize(
    ("one", "other", "private"),
    [
        (Holder(1, [1]), Holder(1, [2]), "Holder._unfilled"),
        (Plain(Holder(1, Plain(1))), Plain(Holder(1, Plain(2))), "Holder._unfilled"),
        (Holder(1, [1]), Holder(2, [1]), ""),
        (Plain({"_unfilled": 1}), Plain({"_unfilled": 2}), ""),
    ],
)
def test_a_difference_knows_the_private_attribute_that_it_lies_in(one: object, other: object, private: str) -> None:
    assert [d.private.rpartition("Holder")[1:] for d in same(one, other).differences] == [
        private.rpartition("Holder")[1:]
    ]
