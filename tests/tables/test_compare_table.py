"""`compare_table` says what `compare` says of the same rows, to ten digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlee_jupyter import MleeError, compare_table
from mlee_jupyter.stats.metrics.catalogue import found_metrics, metric_facts
from mlee_jupyter.tables.order_statistics import quantile
from mlee_jupyter.tables.table_frame import as_frame

from .both_ways import in_memory, labels, numbers, shares, unlike, where_it_lies

MADE: dict[str, Callable[..., pd.DataFrame]] = {"labels": labels, "numbers": numbers, "scores": shares}
METRICS = {
    "accuracy": "labels",
    "f1_micro": "labels",
    "mae": "numbers",
    "mse": "numbers",
    "rmse": "numbers",
    "mape": "numbers",
    "msle": "numbers",
    "rmsle": "numbers",
    "pinball_0.9": "numbers",
    "log_loss": "scores",
    "brier_score": "scores",
}
HOW: dict[str, dict[str, Any]] = {
    "rows": {},
    "groups": {"groups": "who"},
    "weights": {"weights": "weight"},
    "both": {"groups": "who", "weights": "weight"},
}


def duck(frame: pd.DataFrame) -> Any:
    return duckdb.from_df(frame)


def test_every_metric_that_a_table_can_be_judged_by_is_tested() -> None:
    every = [one for group in found_metrics() for one in group]
    told = {one.name for one in every if one.table_loss is not None or one.counts_right_rows}
    same = {"precision_micro", "recall_micro"}  # another name of the accuracy
    assert told - same == {metric_facts(name).name.partition("_0.")[0] for name in METRICS}
    assert [one.name for one in every if one.table_loss is not None and not (one.row_mean or one.is_root)] == []


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("metric", METRICS)
def test_the_verdict_is_that_in_memory(metric: str, how: str) -> None:
    if "weights" in HOW[how] and metric in ("rmse", "rmsle"):
        return  # of means alone
    frame = MADE[METRICS[metric]]()
    asked = {**HOW[how], "simplicity": {"a": 1, "b": 2}, "useful_gain": 0.01}
    assert unlike(in_memory(frame, metric, **asked), where_it_lies(duck(frame), metric, **asked)) == {}


@settings(max_examples=25, deadline=None)
@given(
    kind=st.sampled_from(sorted(MADE)),
    rows=st.integers(2, 300),
    seed=st.integers(0, 10_000),
    how=st.sampled_from(sorted(HOW)),
    alpha=st.sampled_from([0.01, 0.05, 0.5]),
    wild=st.sampled_from(["", "perfect", "alike", "wrong", "outlier", "constant", "hole"]),
)
def test_whatever_the_rows_are(kind: str, rows: int, seed: int, how: str, alpha: float, wild: str) -> None:
    random = np.random.default_rng(seed)
    frame = MADE[kind](max(16, rows), seed).head(rows)
    if wild == "perfect":
        frame = frame.assign(a=frame["y"])
    elif wild == "alike":
        frame = frame.assign(**dict.fromkeys("abc", frame["b"]))
    elif wild == "wrong":
        frame = frame.assign(a=frame["y"] + 1, b=frame["y"] + 2)
    elif wild == "outlier":
        frame = frame.assign(a=np.where(np.arange(rows) == random.integers(rows), frame["a"] * 1e4, frame["a"]))
    elif wild == "constant":
        frame = frame.assign(c=frame["y"].iloc[0])
    elif wild == "hole":
        frame = frame.assign(c=frame["c"].where(random.random(rows) < 0.9))
    root = "mae" if "weights" in HOW[how] else "rmse"
    metric = {"labels": ("accuracy",) * 2, "numbers": ("mae", root), "scores": ("log_loss", "brier_score")}[kind][
        seed % 2
    ]
    here, there = (
        in_memory(frame, metric, **HOW[how], alpha=alpha),
        where_it_lies(duck(frame), metric, **HOW[how], alpha=alpha),
    )
    assert unlike(here, there) == {} or _by_another_row(here, there)


def _by_another_row(here: Any, there: Any) -> bool:
    """Refusals name a row's value, and a table has no first one."""
    refused = ("These are scores such as", "needs labels; the truth holds", "are different. Hand over each")
    return isinstance(there, str) and any(part in there for part in refused)


def test_labels_may_be_text_truth_and_all() -> None:
    frame = labels()
    text = frame.assign(
        **{name: frame[name].map({0: "ash", 1: "oak", 2: "yew"}) for name in ("y", "a", "b", "c", "same")}
    )
    assert unlike(in_memory(text, "accuracy"), where_it_lies(duck(text), "accuracy")) == {}
    two = shares()
    named = two.assign(y=np.where(two["y"] == 1, "yes", "no"))
    for positive in ("yes", "no", None):
        asked = {"positive": positive}
        assert unlike(in_memory(named, "log_loss", **asked), where_it_lies(duck(named), "log_loss", **asked)) == {}


def test_types_of_a_database_are_those_of_memory() -> None:
    frame = labels(classes=2)
    typed = duckdb.sql(
        "select y = 1 as y, a::tinyint = 1 as a, b::bigint = 1 as b, c = 1 as c, same = 1 as same from frame"
    )
    mixed = duckdb.sql("select y::double as y, a::decimal(4, 1) as a, b::utinyint as b, c, same = 1 as same from frame")
    for table in (typed, mixed):
        assert unlike(in_memory(frame, "accuracy"), where_it_lies(table, "accuracy")) == {}


def test_rows_that_all_stand_three_times_are_judged_once() -> None:
    for made, metric in ((labels, "accuracy"), (numbers, "mae"), (shares, "brier_score")):
        frame = pd.concat([made()] * 3, ignore_index=True)
        there = where_it_lies(duck(frame), metric)
        assert unlike(in_memory(frame, metric), there) == {}
        assert there.judgement.different == 500
        assert unlike(in_memory(made(), metric), where_it_lies(duck(made()), metric)) == {}  # its harmless twin


def test_rows_of_which_some_repeat_are_refused_with_a_way_out() -> None:
    frame = pd.concat([numbers(), numbers().head(300)], ignore_index=True)
    assert "Rows repeat: of 800 that were looked at, 500 are different" in where_it_lies(duck(frame), "mae")
    assert "Rows repeat" in where_it_lies(duck(pd.concat([numbers()] * 2)), "mae", weights="weight")
    grouped = where_it_lies(duck(frame), "mae", groups="who")
    assert unlike(in_memory(frame, "mae", groups="who"), grouped) == {}


def test_repeats_are_seen_among_more_rows_than_are_looked_at() -> None:
    frame = numbers(60_000)
    assert where_it_lies(duck(pd.concat([frame] * 2)), "mae").judgement.different == 60_000
    assert where_it_lies(duck(pd.concat([frame, numbers(60_000, 1)])), "mae").judgement.different is None


def test_what_is_off_the_scale_is_set_aside_without_a_row() -> None:
    frame = numbers()
    wild = frame.assign(b=np.where(frame.index == 3, 1e6, frame["b"]))
    there = where_it_lies(duck(wild), "rmse")
    assert unlike(in_memory(wild, "rmse"), there) == {}
    assert "above all on few rows of the table" in there.failed["b"]


def test_files_patterns_folders_and_databases_are_named(tmp_path: Any) -> None:
    frame = labels()
    frame.head(200).to_parquet(tmp_path / "one.parquet")
    frame.tail(300).to_parquet(tmp_path / "two.parquet")
    frame.to_csv(tmp_path / "all.csv", index=False)
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as database:
        database.execute("create table scores as select * from frame")
    whole = in_memory(frame, "accuracy")
    for place in (tmp_path / "*.parquet", tmp_path, tmp_path / "all.csv"):
        assert unlike(whole, where_it_lies(place, "accuracy")) == {}
    assert unlike(whole, where_it_lies("scores", "accuracy", inside=str(tmp_path / "shop.duckdb"))) == {}


@pytest.mark.parametrize("level", [0.0, 0.5, 0.9, 1.0])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1_000), rows=st.integers(1, 6_000), tied=st.booleans())
def test_a_quantile_by_counting_is_numpys(level: float, seed: int, rows: int, tied: bool) -> None:
    random = np.random.default_rng(seed)
    values = random.normal(size=rows) * 10.0 ** random.integers(-200, 200)
    values = np.round(random.normal(size=rows)) if tied else values
    found = quantile(as_frame({"x": values}), "x", level, rows)
    assert found == np.quantile(values, level)


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "no such column": (lambda: compare_table(labels(), "y", ["a", "bb"]), "There is no column 'bb'. Did you mean b?"),
    "no such truth": (lambda: compare_table(labels(), "truth", ["a"]), "There is no column 'truth'. There are: y, a"),
    "no such groups": (lambda: compare_table(labels(), "y", ["a"], groups="whom"), "Did you mean who?"),
    "no mean over rows": (
        lambda: compare_table(labels(), "y", ["a"], "f1_macro"),
        "is no mean over rows, so sums over them do not tell it. Choose accuracy, or call mlee.compare on rows",
    ),
    "a ranking": (lambda: compare_table(shares(), "y", ["a"], "roc_auc"), "ROC AUC is no mean over rows"),
    "over a variance": (lambda: compare_table(numbers(), "y", ["a"], "r2"), "Choose mae, mse or rmse"),
    "a function": (lambda: compare_table(numbers(), "y", ["a"], np.subtract), "a database"),  # type: ignore[arg-type]
    "an unknown metric": (lambda: compare_table(labels(), "y", ["a"], "acuracy"), "Did you mean accuracy or"),
    "no rows": (lambda: compare_table(labels().head(0), "y", ["a"]), "the truth is empty."),
    "no candidates": (lambda: compare_table(labels(), "y", []), "There is nothing to compare."),
    "the truth itself": (lambda: compare_table(labels(), "y", ["a", "y"]), "y is the truth, and no candidate."),
    "twice": (lambda: compare_table(labels(), "y", ["a", "a"]), "Two candidates are called a."),
    "too many": (lambda: compare_table(labels(), "y", [str(n) for n in range(51)]), "51 candidates are too many"),
    "no table": (lambda: compare_table(3, "y", ["a"]), "A int is no table."),
    "no file": (lambda: compare_table("no.parquet", "y", ["a"]), "There is no file no.parquet."),
    "no files": (lambda: compare_table("no/*.parquet", "y", ["a"]), "There is no file no/*.parquet."),
    "no database": (lambda: compare_table("t", "y", ["a"], inside="no.duckdb"), "There is no database no.duckdb."),
    "a frame inside": (lambda: compare_table(labels(), "y", ["a"], inside="no.duckdb"), "Leave it out."),
    "a gain in points": (lambda: compare_table(labels(), "y", ["a"], useful_gain=2), "useful_gain"),
    "NULL truth": (
        lambda: compare_table(duckdb.sql("select null::int as y, 1 as a from range(4)"), "y", ["a"]),
        "the truth has 4 missing values (NaN, None or NA).",
    ),
    "NULL everywhere": (
        lambda: compare_table(duckdb.sql("select 1 as y, null::int as a from range(4)"), "y", ["a"]),
        "No candidate could be judged. a has 4 missing values (NaN, None or NA).",
    ),
    "dates": (
        lambda: compare_table(duckdb.sql("select date '2026-01-01' as y, 1 as a from range(4)"), "y", ["a"]),
        "the truth holds",
    ),
    "an identifier": (
        lambda: compare_table(duckdb.sql("select range as y, 1 as a from range(20000)"), "y", ["a"]),
        "different labels. Is this column an identifier?",
    ),
    "a weight below 0": (
        lambda: compare_table(labels().assign(weight=-1.0), "y", ["a"], weights="weight"),
        "none may be below 0",
    ),
    "weights of a root": (
        lambda: compare_table(numbers(), "y", ["a"], "rmse", weights="weight"),
        "root mean squared error is no mean over rows, for which alone weights are taken.",
    ),
    "one group": (lambda: compare_table(labels().assign(who=1), "y", ["a"], groups="who"), "All rows are of one group"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_judged_is_one_line(name: str) -> None:
    called, said = REFUSED[name]
    with pytest.raises(MleeError) as refused:
        called()
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_candidate_with_a_hole_is_failed_and_the_others_stand() -> None:
    frame = labels().assign(b=lambda made: made["b"].where(made.index > 2))
    there = where_it_lies(duck(frame), "accuracy")
    assert there.failed == {
        "b": "b has 3 missing values (NaN, None or NA). Fill them or leave those rows out everywhere."
    }
    assert unlike(in_memory(frame, "accuracy"), there) == {}


def test_a_probability_of_0_is_no_log_loss_of_a_table_and_a_brier_score() -> None:
    frame = shares().assign(b=lambda made: made["b"].where(made.index > 2, 0.0))
    there = where_it_lies(duck(frame), "log_loss")
    assert there.failed["b"].startswith("It gives some class no chance at all")
    assert set(there.judgement.best_set) <= {"a", "c", "same"}
    assert unlike(in_memory(frame, "brier_score"), where_it_lies(duck(frame), "brier_score")) == {}


def test_a_broken_file_is_one_line(tmp_path: Any) -> None:
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(MleeError, match="cannot be read"):
        compare_table(tmp_path / "bad.parquet", "y", ["a"])
