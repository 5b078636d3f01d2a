"""Hostile input at the public door: a result, or one clear line."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from mlee_jupyter import compare
from mlee_jupyter.domain.errors import MleeError

from .stats.test_columns import Tensor

N = 60
TRUTH = np.arange(N) % 2
GOOD = TRUTH.copy()
GOOD[:4] = 1 - GOOD[:4]
FAIR = TRUTH.copy()
FAIR[:20] = 1 - FAIR[:20]
WORDS = np.where(TRUTH == 1, "yes", "no")
CHANCE = np.clip(0.3 + 0.4 * TRUTH + np.linspace(-0.2, 0.2, N), 0, 1)
ORDER = np.random.default_rng(0).permutation(N)

NAMES = {
    "html": "<script>alert(1)</script><b>&amp;",
    "quotes": '"it\'s" `quoted`',
    "newlines": "first\nsecond\r\n\tthird",
    "emoji": "🎲👩‍🔬 knn",
    "right to left": "שלום \u202e rtl",
    "ten thousand": "x" * 10_000,
    "empty": "",
    "blank": "   ",
    "lone surrogate": "\udc80",
    "null": "a\0b",
    "percent and braces": "%s {0} {candidate}",
    "formula": "=1+1",
}


@pytest.mark.parametrize("case", NAMES)
def test_any_name_of_a_candidate(case: str) -> None:
    name = NAMES[case]
    found = compare(TRUTH, {name: GOOD, "other": FAIR, "broken": [None] * N}, simplicity={name: 1})
    assert found.leader == found.winner == found.recommended == name
    assert found.table["candidate"].tolist() == [name, "other"]
    assert json.loads(json.dumps(found.to_dict()))["leader"] == name
    page = found._repr_html_()
    assert "<script>" not in page
    assert "<b>" not in page
    assert len(page) < 3000
    text = repr(found)
    assert len(text.splitlines()) < 10
    assert max(map(len, text.splitlines())) < 200


@pytest.mark.parametrize("case", NAMES)
def test_any_name_of_a_class(case: str) -> None:
    label = NAMES[case]
    truth = np.where(TRUTH == 1, label, "other").astype(object)
    rows = np.where(GOOD == 1, label, "other").astype(object)
    for metric in ("accuracy", "f1", "f1_macro"):
        found = compare(truth, {"a": rows, "b": truth[::-1]}, metric, positive=label if metric == "f1" else None)
        assert found.leader == "a"


SAME = {
    "lists": (TRUTH.tolist(), GOOD.tolist()),
    "booleans against integers": (TRUTH.astype(bool), GOOD),
    "fractions against integers": (TRUTH, GOOD.astype(float)),
    "small against large integers": (TRUTH.astype(np.int8), GOOD.astype(np.uint64)),
    "objects of integers": (TRUTH.astype(object), GOOD),
    "objects of integers and booleans": (TRUTH, [bool(v) if k % 2 else int(v) for k, v in enumerate(GOOD)]),
    "pandas": (pd.Series(TRUTH), pd.Series(GOOD)),
    "pandas with an index": (pd.Series(TRUTH, index=ORDER), pd.Series(GOOD, index=ORDER)),
    "pandas index against numpy": (pd.Series(TRUTH, index=ORDER), GOOD),
    "pandas nullable": (pd.Series(TRUTH, dtype="Int64"), pd.Series(GOOD, dtype="boolean")),
    "pandas categories": (pd.Series(TRUTH, dtype="category"), pd.Series(GOOD).astype("category")),
    "pandas frame": (pd.DataFrame({"y": TRUTH}), pd.DataFrame({"p": GOOD})),
    "polars": (pl.Series(TRUTH), pl.Series(GOOD)),
    "polars frame": (pl.DataFrame({"y": TRUTH}), pl.DataFrame({"p": GOOD})),
    "tensor": (Tensor(TRUTH), Tensor(GOOD, requires_grad=True, device="cuda")),
    "text": (WORDS, np.where(GOOD == 1, "yes", "no")),
    "text objects": (WORDS.astype(object), np.where(GOOD == 1, "yes", "no").tolist()),
    "text categories": (pd.Series(WORDS, dtype="category"), pl.Series(np.where(GOOD == 1, "yes", "no"))),
    "strange labels": (np.where(TRUTH, "<b>", "\n🎲"), np.where(GOOD, "<b>", "\n🎲")),
    "a label of 10,000 characters": (np.where(TRUTH, "x" * 10_000, "y"), np.where(GOOD, "x" * 10_000, "y")),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same_answer_in_any_clothes(case: str) -> None:
    truth, good = SAME[case]
    expected = compare(TRUTH, {"good": GOOD}).judgement.standings[0]
    found = compare(truth, {"good": good}).judgement.standings[0]
    assert (found.score, found.low, found.high) == (expected.score, expected.low, expected.high)


def _with(rows: np.ndarray, value: Any, dtype: Any = float) -> np.ndarray:
    changed = rows.astype(dtype)
    changed[3] = value
    return changed


FAILED: dict[str, tuple[str, Any, Any, str]] = {
    "NaN": ("accuracy", TRUTH, _with(GOOD, np.nan), "1 missing value "),
    "infinity": ("accuracy", TRUTH, _with(GOOD, np.inf), "1 infinite"),
    "None": ("accuracy", TRUTH, _with(GOOD, None, object), "1 missing value "),
    "pandas NA": ("accuracy", TRUTH, pd.Series([*GOOD[:-1].tolist(), pd.NA], dtype="Int64"), "1 missing value "),
    "polars null": ("accuracy", TRUTH, pl.Series([*GOOD[:-1].tolist(), None]), "1 missing value "),
    "numbers for text": ("accuracy", WORDS, GOOD, "predictions are numbers"),
    "text for numbers": ("accuracy", TRUTH, GOOD.astype(str), "predictions are text"),
    "text for numbers, class by class": ("f1_macro", TRUTH, GOOD.astype(str), "predictions are text"),
    "scores for labels": ("accuracy", TRUTH, CHANCE, "needs labels"),
    "too many columns": ("accuracy", TRUTH, np.ones((N, 3)) / 3, "3 columns of scores for 2 classes"),
    "text for scores": ("roc_auc", TRUTH, WORDS, "labels in text"),
    "labels for probabilities": ("log_loss", TRUTH, GOOD, "These are labels"),
    "text for probabilities": ("log_loss", TRUTH, WORDS, "These are labels"),
    "no probabilities": ("log_loss", TRUTH, CHANCE * 3, "0..1"),
    "negative probabilities": ("log_loss", TRUTH, CHANCE - 0.5, "0..1"),
    "rows that do not sum to one": ("log_loss", TRUTH, np.column_stack([CHANCE, CHANCE]), "sum to 1"),
    "text for numbers to predict": ("mae", CHANCE, WORDS, "one number per row"),
    "two columns for numbers": ("mae", CHANCE, np.ones((N, 2)), "one number per row"),
    "numbers beyond squares": ("mse", CHANCE, CHANCE + 1e200, "too large"),
}


@pytest.mark.parametrize("case", FAILED)
def test_a_candidate_that_cannot_be_judged_is_named_with_the_reason(case: str) -> None:
    metric, truth, rows, says = FAILED[case]
    fine = {"roc_auc": CHANCE, "log_loss": CHANCE, "mae": CHANCE, "mse": CHANCE}.get(metric, truth)
    found = compare(truth, {"fine": fine, "odd": rows}, metric)
    assert found.best_set == ("fine",)
    assert says in found.failed["odd"]
    assert "\n" not in found.failed["odd"]
    assert len(found.failed["odd"]) < 300
    with pytest.raises(MleeError, match="No candidate could be judged"):
        compare(truth, {"odd": rows}, metric)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "wrong length": ({"predictions": {"a": GOOD[:-1]}}, "59 predictions for 60 rows"),
    "wrong index": (
        {"truth": pd.Series(TRUTH, index=ORDER), "predictions": {"a": pd.Series(GOOD, index=ORDER[::-1])}},
        "index of a is not the truth's",
    ),
    "sorted predictions": ({"truth": pd.Series(TRUTH), "predictions": {"a": pd.Series(GOOD, index=ORDER)}}, "index"),
    "no rows at all": ({"truth": [], "predictions": {"a": []}}, "the truth is empty"),
    "no predictions": ({"predictions": {"a": []}}, "a is empty"),
    "no candidates": ({"predictions": {}}, "nothing to compare"),
    "a list of predictions": ({"predictions": [GOOD, FAIR]}, "Pass a dict"),
    "None": ({"predictions": None}, "Pass truth and predictions"),
    "text": ({"predictions": {"a": "predictions"}}, "piece of text"),
    "ragged": ({"predictions": {"a": [[1, 2], [1]]}}, "different lengths"),
    "three dimensions": ({"predictions": {"a": np.zeros((N, 2, 2))}}, "3 dimensions"),
    "dates": ({"predictions": {"a": pd.date_range("2024-01-01", periods=N)}}, "dates"),
    "mixed labels": ({"predictions": {"a": ["1", 1] * 30}}, "mixes text and numbers"),
    "mixed truth": ({"truth": ["1", 1] * 30}, "the truth mixes text and numbers"),
    "NaN in the truth": ({"truth": [np.nan, *TRUTH[1:]]}, "the truth has 1 missing value "),
    "truth of one row": ({"truth": [1], "predictions": {"a": [1]}}, "1 row"),
    "truth of text for numbers": ({"truth": WORDS, "metric": "mae"}, "needs numbers"),
    "fractions for labels": ({"truth": CHANCE}, "needs labels"),
    "constant truth for r2": ({"truth": np.ones(N), "metric": "r2"}, "not defined"),
    "one class": ({"truth": np.ones(N, int), "metric": "f1"}, "not defined"),
    "three classes for f1": ({"truth": np.arange(N) % 3, "metric": "f1"}, "f1_macro"),
    "three classes for auc": ({"truth": np.arange(N) % 3, "metric": "roc_auc"}, "roc_auc_ovr"),
    "an unknown metric": ({"metric": "acuracy"}, "Did you mean accuracy"),
    "a function without its direction": ({"metric": np.mean}, "Which way is better"),
    "a metric that is no name": ({"metric": 3}, "not a name"),
    "an unknown class": ({"metric": "f1", "positive": 7}, "positive class 7 is not in the truth"),
    "a class of another type": ({"metric": "f1", "positive": "1"}, "of another type"),
    "a class that is a list": ({"metric": "f1", "positive": [1]}, "positive class"),
    "averaging": ({"average": "macro"}, "no averaging"),
    "a negative gain": ({"useful_gain": -0.1}, "0 or more"),
    "a gain that is not a number": ({"useful_gain": "2%"}, "0 or more"),
    "a gain of NaN": ({"useful_gain": float("nan")}, "0 or more"),
    "alpha of one": ({"alpha": 1}, "between 0 and 0.5"),
    "alpha of nothing": ({"alpha": 0.0}, "between 0 and 0.5"),
    "a rank in words": ({"simplicity": {"a": "easy"}}, "simplicity of a"),
    "a rank for a stranger": ({"simplicity": {"svm": 1}}, "no candidate"),
    "names that are the same": ({"predictions": {"1": GOOD, 1: GOOD}}, "Two candidates are called 1"),
    "an identifier": ({"truth": np.arange(20_000), "predictions": {"a": np.arange(20_000)}}, "identifier"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_meant_is_refused_in_one_line(case: str) -> None:
    change, says = REFUSED[case]
    given = {"truth": TRUTH, "predictions": {"a": GOOD, "b": FAIR}, **change}
    with pytest.raises(MleeError, match=says) as refused:
        compare(**given)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("truth", "rows"),
    [(["1", "2"] * 30, [1, 2] * 30), ([1, 2] * 30, ["1", "2"] * 30), (["True", "False"] * 30, [True, False] * 30)],
)
def test_one_in_text_is_not_one(truth: list[Any], rows: list[Any]) -> None:
    with pytest.raises(MleeError, match="Make both the same type"):
        compare(truth, {"a": rows})


def test_the_users_arrays_are_untouched() -> None:
    truth, rows, matrix = TRUTH.copy(), GOOD.copy(), np.column_stack([1 - CHANCE, CHANCE])
    before = matrix.copy()
    for array in (truth, rows, matrix):
        array.flags.writeable = False
    compare(truth, {"a": rows, "b": matrix})
    compare(truth, {"b": matrix}, "log_loss")
    compare(truth, {"b": matrix}, "roc_auc")
    assert np.array_equal(matrix, before)
