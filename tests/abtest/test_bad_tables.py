"""What cannot be read is one clear line: what was wrong, what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from mlee_jupyter import MleeError, ab_plan, ab_read

from .tables import rows_of_units, visits

SMALL = visits(400)


def spoilt(column: str, rows: int, value: Any) -> pd.DataFrame:
    table = SMALL.copy()
    table[column] = table[column].astype(object if isinstance(value, str) or value is None else float)
    table.loc[: rows - 1, column] = value
    return table


def read(table: Any, **options: Any) -> Any:
    return ab_read(table, **{"arm": "arm", "metric": "spent", "unit": "user", **options})


def yes_no_none(make: Any) -> Any:
    """A column of yes and no with one hole."""
    asked = {"arm": SMALL["arm"].to_list(), "user": SMALL["user"].to_list(), "yes": [None, *[True, False, True] * 133]}
    return make(asked).astype({"yes": "boolean"}) if make is pd.DataFrame else make(asked)


PLAN = ab_plan(baseline=6, sd=3, useful_gain=0.5)
BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "no such arm column": (lambda: read(SMALL, arm="amr"), "no column 'amr'. Did you mean arm?"),
    "no such metric": (lambda: read(SMALL, metric="x" * 500), "There is no column 'xxx"),
    "no such unit": (lambda: read(SMALL, unit="usr"), "Did you mean user?"),
    "an arm as metric": (lambda: read(SMALL, metric="arm"), "not"),
    "the unit as metric": (lambda: read(SMALL, metric="user"), "user is the arm or the unit"),
    "words": (lambda: read(spoilt("spent", 3, "much")), "not numbers"),
    "holes": (lambda: read(spoilt("spent", 3, np.nan)), "spent is empty in 3 of 400 rows"),
    "holes of polars": (
        lambda: read(pl.from_pandas(SMALL).with_columns(spent=pl.lit(None, pl.Float64))),
        "is empty in",
    ),
    "no number of polars": (
        lambda: read(pl.from_pandas(SMALL).with_columns(spent=pl.lit(float("nan")))),
        "infinite or none",
    ),
    "holes among yes and no": (lambda: read(yes_no_none(pd.DataFrame), metric="yes"), "yes is empty in 1 of 400"),
    "holes among yes and no of polars": (lambda: read(yes_no_none(pl.DataFrame), metric="yes"), "yes is empty in 1"),
    "infinite": (lambda: read(spoilt("spent", 1, np.inf)), "infinite"),
    "rows in no arm": (lambda: read(spoilt("arm", 2, None)), "2 rows are in no arm"),
    "units without a name": (lambda: read(spoilt("user", 2, np.nan)), "the unit is empty in 2"),
    "one arm": (lambda: read(SMALL[SMALL["arm"] == "new"]), "one arm only: new"),
    "three arms": (lambda: read(spoilt("arm", 50, "newer")), "Several arms got a change: new and newer"),
    "no usual control": (lambda: read(SMALL.replace({"arm": {"control": "left", "new": "right"}})), "--control"),
    "an unknown control": (lambda: read(SMALL, control="contrl"), "Did you mean control?"),
    "compared with itself": (lambda: read(SMALL, control="new", treatment="new"), "compared with itself"),
    "no rows": (lambda: read(SMALL.iloc[:0]), "one arm only: none"),
    "a unit in both arms": (lambda: read(SMALL.assign(user=SMALL["user"] // 2)), "units are in more than one arm"),
    "rows of units": (lambda: read(rows_of_units(), metric="minutes"), "rows are 800 units"),
    "never varies": (lambda: read(SMALL.assign(spent=3)), "spent is the same for every unit"),
    "divided by itself": (lambda: read(SMALL, over="spent"), "held against itself"),
    "its own past": (lambda: read(SMALL, before="spent"), "held against itself"),
    "divided by nothing": (lambda: read(SMALL.assign(none=0), over="none"), "adds up to 0"),
    "a ratio of no metric": (lambda: read(SMALL, over={"bought": "sessions"}), "no metric that is read"),
    "no table": (lambda: read(3), "A int is no table"),
    "columns of unlike length": (lambda: read({"arm": [0, 1], "spent": [1.0]}), "differ in length"),
    "a gain beside the plan": (lambda: read(SMALL, plan=PLAN, useful_gain=1), "The plan says what gain matters"),
    "no plan there": (lambda: read(SMALL, plan="nowhere.json"), "There is no plan nowhere.json"),
    "no design": (lambda: ab_plan(baseline=0.1, useful_gain=0.01, design="look"), "Did you mean looks?"),
    "no gain": (lambda: ab_plan(baseline=0.1), "useful_gain"),
    "two gains": (lambda: ab_plan(baseline=0.1, useful_gain=0.1, relative_gain=0.1), "named once"),
    "a gain of nothing": (lambda: ab_plan(baseline=0.1, useful_gain=0), "not a number above 0"),
    "a rate above one": (lambda: ab_plan(baseline=0.9, useful_gain=0.2), "cannot become 1.1"),
    "no spread": (lambda: ab_plan(baseline=40, useful_gain=0.2), "Give sd"),
    "a share of nothing": (lambda: ab_plan(baseline=0, sd=1, relative_gain=0.2), "baseline of 0"),
    "half a look": (lambda: ab_plan(baseline=0.1, useful_gain=0.01, looks=2.5), "no whole number"),  # type: ignore[arg-type]
    "a thousand looks": (lambda: ab_plan(baseline=0.1, useful_gain=0.01, design="looks", looks=1000), "below 51"),
    "all in one arm": (lambda: ab_plan(baseline=0.1, useful_gain=0.01, share=1), "share"),
    "told by before": (lambda: ab_plan(baseline=0.1, useful_gain=0.01, correlation=1), "correlation"),
    "words for numbers": (lambda: ab_plan(baseline="much", useful_gain=0.01), "'much'"),  # type: ignore[arg-type]
    "a sliver": (lambda: ab_plan(baseline=0.5, useful_gain=1e-9), "No number of units"),
}


@pytest.mark.parametrize(("ask", "words"), BAD.values(), ids=BAD)
def test_one_line_says_what_is_wrong(ask: Callable[[], Any], words: str, project: Path) -> None:
    with pytest.raises(MleeError) as caught:
        ask()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


ODD = [
    "<b>a</b>",
    "a\nb",
    "\u202eevil",
    "ключ",
    "_count",
    "_mean__spent",
    "rows",
    "low spent",
    "arms",
    "both",
    "x" * 300,
]


@pytest.mark.parametrize("name", ODD)
def test_columns_may_have_any_name(name: str) -> None:
    plain = read(SMALL).effect
    alone = SMALL[["arm", "user", "spent"]]
    for role in ("arm", "user", "spent"):
        asked = {"arm": "arm", "unit": "user", "metric": "spent"}
        asked = {key: name if column == role else column for key, column in asked.items()}
        found = ab_read(alone.rename(columns={role: name}), **asked)
        assert (found.effect.low, found.effect.high) == pytest.approx((plain.low, plain.high))
        assert all("\n" not in line for line in found.said if not line.startswith(("error", "warning")))


@pytest.mark.parametrize("arms", [(0, 1), (False, True), ("A", "B"), ("Control", "new"), (0.0, 1.0)])
def test_arms_may_be_anything(arms: tuple[Any, Any]) -> None:
    table = SMALL.assign(arm=np.where(SMALL["arm"] == "new", arms[1], arms[0]))
    assert (read(table).effect.value) == pytest.approx(read(SMALL).effect.value)
