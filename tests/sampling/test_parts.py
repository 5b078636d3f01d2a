"""Each part on plain arrays and tables: what it sees, and the clean twin it does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from mlee_jupyter.domain import Population
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.evidence.sampling.dependent_rows import alike_in_groups, alike_neighbours, without_classes
from mlee_jupyter.evidence.sampling.leaking_column import best_column
from mlee_jupyter.evidence.sampling.look import time_order
from mlee_jupyter.evidence.sampling.population import coverage
from mlee_jupyter.evidence.sampling.shared_rows import shared_rows
from mlee_jupyter.evidence.sampling.slices import slices
from mlee_jupyter.evidence.sampling.table import Table, sortable

random = np.random.default_rng(0)
RICH = random.standard_normal((400, 4))


def held(test: Any, train: Any) -> tuple[int, int]:
    found = shared_rows(Table(test, "test"), Table(train, "train"))
    assert found is not None
    return found.shared, found.coarse


# ---------------------------------------------------------------- shared rows


COPIES = {
    "a matrix": (RICH[:100], np.vstack((RICH[100:], RICH[:7]))),
    "single precision": (RICH[:100].astype(np.float32), np.vstack((RICH[100:], RICH[:7]))),
    "frames": (pd.DataFrame(RICH[:100]), pd.DataFrame(np.vstack((RICH[100:], RICH[:7])))),
    "columns in another order": (
        pd.DataFrame(RICH[:100], columns=list("abcd")),
        pd.DataFrame(np.vstack((RICH[100:], RICH[:7])), columns=list("abcd"))[list("dbca")],
    ),
    "an answer beside": (
        pd.DataFrame(RICH[:100], columns=list("abcd")),
        pd.DataFrame(np.vstack((RICH[100:], RICH[:7])), columns=list("abcd")).assign(y=1),
    ),
    "polars": (
        pl.DataFrame(RICH[:100], schema=list("abcd")),
        pl.DataFrame(np.vstack((RICH[100:], RICH[:7])), schema=list("abcd")),
    ),
    "a dict": (
        dict(zip("abcd", RICH[:100].T, strict=True)),
        dict(zip("abcd", np.vstack((RICH[100:], RICH[:7])).T, strict=True)),
    ),
    "one rich column": (
        pd.DataFrame({"x": RICH[:100, 0], "k": ["a", "b"] * 50}),
        pd.DataFrame({"x": np.r_[RICH[100:, 0], RICH[:7, 0]], "k": [*["a", "b"] * 150, *"abababa"]}),
    ),
}


@pytest.mark.parametrize(("test", "train"), COPIES.values(), ids=COPIES)
def test_copies_are_found(test: Any, train: Any) -> None:
    assert held(test, train) == (7, 0)


def categories(rows: int, seed: int = 1) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    return pd.DataFrame({name: draw.choice(list("abcd"), rows) for name in "xyz"})


COARSE = {
    "categories": (categories(100), categories(300, 2)),
    "one-hot": (pd.get_dummies(categories(100)), pd.get_dummies(categories(300, 2))),
    "ages": (np.random.default_rng(3).integers(18, 80, (100, 1)), np.random.default_rng(4).integers(18, 80, (300, 1))),
}


@pytest.mark.parametrize(("test", "train"), COARSE.values(), ids=COARSE)
def test_coincidences_are_no_copies(test: Any, train: Any) -> None:
    shared, coarse = held(test, train)
    assert shared == 0
    assert coarse > 5


def test_clean_rows_share_nothing() -> None:
    assert held(RICH[:100], RICH[100:]) == (0, 0)


def test_other_columns_cannot_be_compared() -> None:
    assert shared_rows(Table(RICH[:, :3], "t"), Table(RICH, "u")) is None
    assert shared_rows(Table(pd.DataFrame(RICH[:9], columns=list("abcd")), "t"), Table(RICH, "u")) is not None
    other = pd.DataFrame(RICH, columns=list("efgh"))
    assert shared_rows(Table(pd.DataFrame(RICH[:9], columns=list("abcd")), "t"), Table(other, "u")) is None


def test_labels_count_only_where_they_are_ids() -> None:
    frame = pd.DataFrame(RICH, index=[f"id{k}" for k in range(400)])
    train = pd.concat([frame.iloc[100:], frame.iloc[:1]])
    found = shared_rows(Table(frame.iloc[:100], "t"), Table(train, "u"))
    assert found is not None
    assert (found.shared, found.same_label) == (1, 1)
    # two files, each counted from 0: equal labels, other rows
    one, two = pd.DataFrame(RICH[:100]).iloc[5:], pd.DataFrame(RICH[100:]).iloc[3:]
    found = shared_rows(Table(one, "t"), Table(two, "u"))
    assert found is not None
    assert (found.shared, found.same_label) == (0, 0)


def test_groups_on_both_sides() -> None:
    groups = np.arange(400) // 10
    found = shared_rows(Table(RICH[:105], "t"), Table(RICH[105:], "u"), groups[:105], groups[105:])
    assert found is not None
    assert (found.groups_shared, found.groups) == (1, 11)


# ---------------------------------------------------------------- alike


def test_effective_rows_of_groups_by_kish() -> None:
    """100 groups of 10 with correlation rho: n / (1 + 9 rho)."""
    draw = np.random.default_rng(5)
    groups = np.repeat(np.arange(100), 10)
    effect = np.sqrt(0.3) * draw.standard_normal(100)[groups] + np.sqrt(0.7) * draw.standard_normal(1000)
    found = alike_in_groups(effect, groups, "patient", "errors")
    assert found is not None
    assert found.effective_n == pytest.approx(1000 / 3.7, rel=0.25)
    clean = alike_in_groups(draw.standard_normal(1000), groups, "patient", "errors")
    assert clean is not None
    assert clean.effective_n == 1000


def test_neighbours_in_a_series() -> None:
    draw = np.random.default_rng(6)
    series = draw.standard_normal(2000)
    found = alike_neighbours(series, "errors")
    assert found is not None
    assert found.effective_n == 2000
    for step in range(1, 2000):
        series[step] += 0.6 * series[step - 1]
    found = alike_neighbours(series, "errors")
    assert found is not None
    assert found.effective_n == pytest.approx(500, rel=0.25)


def test_two_of_five_errors_that_meet_say_nothing() -> None:
    """In 450 rows five errors have neighbours in 4% of shuffles, whatever the normal limit says."""
    wrong = np.zeros(450)
    wrong[[20, 46, 47, 200, 366]] = 1
    for found in (alike_neighbours(wrong, "errors"), alike_in_groups(wrong, np.arange(450) // 2, "pair", "errors")):
        assert found is not None
        assert found.effective_n == 450
    wrong[40:60] = 1
    found = alike_neighbours(wrong, "errors")
    assert found is not None
    assert found.effective_n < 100


def test_rows_sorted_by_class_are_not_alike() -> None:
    codes = np.repeat([0, 1], 500)
    wrong = (np.random.default_rng(7).random(1000) < np.where(codes, 0.4, 0.05)).astype(float)
    sorted_by_class, within = (
        alike_neighbours(wrong, "errors"),
        alike_neighbours(without_classes(wrong, codes), "errors"),
    )
    assert sorted_by_class is not None
    assert within is not None
    assert sorted_by_class.effective_n < 800
    assert within.effective_n == 1000


def test_groups_that_say_nothing() -> None:
    values = np.arange(100.0)
    assert alike_in_groups(values, np.arange(100), "id", "errors") is None
    assert alike_in_groups(values, np.zeros(100), "id", "errors") is None
    assert alike_in_groups(values[:20], np.arange(20) // 2, "id", "errors") is None
    same = alike_in_groups(np.ones(100), np.arange(100) // 2, "id", "errors")
    assert same is not None
    assert same.effective_n == 100
    assert alike_neighbours(np.ones(100), "errors") is not None


# ---------------------------------------------------------------- slices


def frame(rows: int = 2000) -> pd.DataFrame:
    draw = np.random.default_rng(8)
    return pd.DataFrame(
        {
            "date": pd.date_range("2024-01-01", periods=rows, freq="12h"),
            "site": draw.choice(["north", "south", "east"], rows),
            "age": draw.integers(18, 90, rows),
            "size": draw.standard_normal(rows),
        }
    )


WHOLE = frame()
DRAWN = WHOLE.sample(300, random_state=1)
SLICES = {
    "a random draw": (DRAWN, None, []),
    "the head": (WHOLE.head(300), None, ["place"]),
    "a stretch": (WHOLE.iloc[1000:1300], None, ["place"]),
    "the newest, in time order": (WHOLE.iloc[-600:], "date", []),
    "the oldest, in time order": (WHOLE.iloc[:600], "date", ["place"]),
    "less than half of the months": (WHOLE.iloc[-130:], "date", ["season"]),
    "one site": (WHOLE[WHOLE["site"] == "north"].head(600), None, ["kind"]),
    "older people": (WHOLE[WHOLE["age"] > 50].sample(300, random_state=1), None, ["drift"]),
    "too few to tell": (WHOLE.head(20), None, []),
}


@pytest.mark.parametrize(("sample", "time", "expected"), SLICES.values(), ids=SLICES)
def test_slices(sample: pd.DataFrame, time: str | None, expected: list[str]) -> None:
    found = slices(Table(sample, "t"), Table(WHOLE, "frame"), sample[time] if time else None, time)
    assert [one.what for one in found or ()] == expected


def test_slices_by_time_alone() -> None:
    day = pd.DataFrame({"date": pd.date_range("2024-03-01", periods=60, freq="10min")})
    week = pd.DataFrame({"date": pd.date_range("2024-03-01", periods=60, freq="2h")})
    months = pd.DataFrame({"date": pd.date_range("2024-03-01", periods=60, freq="D")})
    said = [[one.what for one in slices(Table(t, "t"), None, t["date"], "date") or ()] for t in (day, week, months)]
    assert said == [["date"], ["span"], []]
    assert slices(Table(day, "t"), None, None, None) is None


def test_a_matrix_in_a_matrix() -> None:
    found = slices(Table(RICH[:60], "t"), Table(RICH, "frame"), None, None)
    assert [one.words for one in found or ()] == ["rows 1 to 60 of 400"]


# ---------------------------------------------------------------- one column, time, kinds


def test_one_column_that_tells_all() -> None:
    truth = random.integers(0, 3, 300)
    answers = np.array(list("abc"), dtype=object)[truth]
    clean = best_column(Table(RICH[:300], "t"), answers, labels=True)
    leak = pd.DataFrame(RICH[:300]).assign(code=truth * 10.0 + 0.1 * random.random(300))
    words = pd.DataFrame(RICH[:300]).assign(word=[f"it is {kind}" for kind in answers])
    assert clean is not None
    assert clean.score < 0.6
    for table, name in ((leak, "code"), (words, "word")):
        found = best_column(Table(table, "t"), answers, labels=True)
        assert found is not None
        assert (found.column, found.score) == (name, 1.0)


def test_one_column_that_tells_a_number() -> None:
    truth = random.standard_normal(300)
    found = best_column(Table(np.column_stack((RICH[:300], np.exp(truth))), "t"), truth, labels=False)
    assert found is not None
    assert (found.column, found.score) == ("column 4", pytest.approx(1))
    assert best_column(Table(RICH[:50], "t"), truth[:50], labels=False) is None
    ids = pd.DataFrame({"id": [f"row {k}" for k in range(300)]})
    assert best_column(Table(ids, "t"), truth, labels=False) is None
    assert best_column(Table(ids, "t"), np.zeros(300, dtype=int), labels=True) is None


TIMES = {
    "dates": (pd.Series(pd.date_range("2026-03-01", periods=9)), pd.Series(pd.date_range("2026-02-20", periods=9)), 0),
    "dates that overlap": (
        pd.Series(pd.date_range("2026-02-28", periods=9)),
        pd.Series(pd.date_range("2026-02-20", periods=9)),
        1,
    ),
    "ISO text": (["2026-03-01", "2026-03-02"], ["2026-02-27", "2026-02-28"], 0),
    "years": ([2021, 2022], [2019, 2020, 2021], 1),
    "with a time zone": (
        pd.Series(pd.date_range("2026-03-01", periods=3, tz="UTC")),
        pd.Series(pd.date_range("2026-02-01", periods=3, tz="Europe/Berlin")),
        0,
    ),
    "periods": (pd.period_range("2026-03", periods=2, freq="M"), pd.period_range("2026-01", periods=2, freq="M"), 0),
    "other spellings": (["1/3/2026", "2/3/2026"], ["27/2/2026"], 0),
    "dates and numbers": (pd.Series(pd.date_range("2026-03-01", periods=2)), [1, 2], None),
}


@pytest.mark.parametrize(("test", "train", "late"), TIMES.values(), ids=TIMES)
def test_time_order(test: Any, train: Any, late: int | None) -> None:
    found = time_order(test, train)
    assert (None if found is None else found.late) == late


def test_missing_times_are_said() -> None:
    with pytest.raises(MleeError, match="missing"):
        time_order(pd.Series([pd.NaT, pd.Timestamp("2026-01-01")]), pd.Series([pd.Timestamp("2026-01-01")]))


def test_text_that_only_begins_as_a_date_is_no_time() -> None:
    assert sortable(["2026-01-01", "soon"]) is None
    assert sortable([]) is not None


def test_kinds_of_a_frame() -> None:
    stores = pd.DataFrame({"product": list("aabbbc"), "sales": [1, 1, 2, 2, 2, 92.0]})
    by_rows = coverage(Population(column="product"), "product", list("aabb"), None, stores, Table(stores, "f"))
    by_sales = coverage(
        Population(column="product", weight="sales"), "product", list("aabb"), None, stores, Table(stores, "f")
    )
    listed = coverage(Population(column="product"), "product", list("aabb"), None, ["a", "b", "c"], None)
    assert by_rows is not None
    assert by_sales is not None
    assert listed is not None
    assert (by_rows.kinds_present, by_rows.kinds_expected, by_rows.weight) == (2, 3, pytest.approx(5 / 6))
    assert (by_sales.weight, by_sales.heaviest_missing) == (pytest.approx(0.08), "c")
    assert listed.weight == pytest.approx(2 / 3)
    unknown = coverage(Population(column="product"), "product", [*"aab", "b"], None, None, None)
    assert unknown is not None
    assert (unknown.kinds_expected, unknown.unseen) == (0, 0.0)
    assert coverage(Population(column="product", kinds=9), "product", list("ab"), None, None, None) is None


def test_whole_numbers_are_one_kind_whatever_holds_them() -> None:
    found = coverage(Population(column="k"), "k", np.array([1.0, 2.0]), None, [1, 2, 3], None)
    assert found is not None
    assert found.kinds_present == 2
