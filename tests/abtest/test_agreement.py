"""A fixed reading is what tea-tasting and statsmodels say, whatever the table is kept in."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import duckdb
import ibis
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import statsmodels.api as sm
import tea_tasting as tt
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from mlee_jupyter import MleeError, ab_read

from .tables import rows_of_units, visits

TABLE = visits()


def arms(table: pd.DataFrame, column: str) -> tuple[np.ndarray, np.ndarray]:
    changed = table["arm"] == "new"
    return table.loc[changed, column].to_numpy(float), table.loc[~changed, column].to_numpy(float)


@pytest.mark.parametrize("metric", ["spent", "bought", "sessions"])
def test_means_and_rates_are_welch_s(metric: str) -> None:
    found = ab_read(TABLE, arm="arm", metric=metric, unit="user").effect
    assert found is not None
    new, old = arms(TABLE, metric)
    oracle = CompareMeans(DescrStatsW(new), DescrStatsW(old))
    assert (found.low, found.high) == pytest.approx(oracle.tconfint_diff(usevar="unequal"))
    _, rare, _ = oracle.ttest_ind(usevar="unequal")
    assert 2 * (1 - 0.5 * (1 + math.erf(abs(found.z) / math.sqrt(2)))) == pytest.approx(rare, abs=1e-9)
    assert found.value == pytest.approx(new.mean() - old.mean())
    assert found.is_rate == (metric == "bought")


def test_ratios_and_values_from_before_are_tea_tasting_s() -> None:
    found = ab_read(TABLE, arm="arm", metric="clicks", over="sessions", unit="user").effect
    asked = tt.RatioOfMeans("clicks", "sessions").analyze(TABLE, "control", "new", "arm")
    assert found is not None
    assert (found.low, found.high) == pytest.approx((asked.effect_size_ci_lower, asked.effect_size_ci_upper))
    assert found.relative is not None
    assert found.relative[1:] == pytest.approx((asked.rel_effect_size_ci_lower, asked.rel_effect_size_ci_upper))

    found = ab_read(TABLE, arm="arm", metric="spent", before="spent_before", unit="user").effect
    asked = tt.Mean("spent", "spent_before").analyze(TABLE, "control", "new", "arm")
    assert found is not None
    assert (found.low, found.high) == pytest.approx((asked.effect_size_ci_lower, asked.effect_size_ci_upper))


def test_values_from_before_narrow_the_range_as_theory_says() -> None:
    plain = ab_read(TABLE, arm="arm", metric="spent", unit="user").effect
    with_them = ab_read(TABLE, arm="arm", metric="spent", before="spent_before", unit="user").effect
    assert plain is not None
    assert with_them is not None
    r = 2 * math.sqrt(2) / math.sqrt(8 + 4)  # of gamma(2, 2) with itself plus gamma(1, 2)
    assert (with_them.high - with_them.low) / (plain.high - plain.low) == pytest.approx(math.sqrt(1 - r**2), rel=0.05)
    assert with_them.held_back == pytest.approx(r**2, rel=0.05)


def test_rows_of_one_unit_are_judged_as_units() -> None:
    """Against statsmodels' errors by cluster, and against the plain error, which is far too small."""
    table = rows_of_units()
    found = ab_read(table, arm="arm", metric="minutes", unit="user", per="row").effect
    changed = (table["arm"] == "new").to_numpy(float)
    model = sm.OLS(table["minutes"], sm.add_constant(changed))
    clusters = model.fit(cov_type="cluster", cov_kwds={"groups": table["user"]})
    assert found is not None
    assert found.value == pytest.approx(clusters.params.iloc[1])
    assert found.error == pytest.approx(clusters.bse.iloc[1], rel=0.01)
    assert found.error > 1.8 * model.fit().bse.iloc[1]

    per_unit = ab_read(table, arm="arm", metric="minutes", unit="user", per="unit").effect
    sums = table.groupby(["user", "arm"], as_index=False)["minutes"].sum()
    alone = ab_read(sums, arm="arm", metric="minutes", unit="user").effect
    assert per_unit is not None
    assert alone is not None
    assert (per_unit.low, per_unit.high) == pytest.approx((alone.low, alone.high))


def test_values_from_before_belong_to_the_unit_not_to_its_rows() -> None:
    table = rows_of_units()
    with_them = ab_read(table, arm="arm", metric="minutes", unit="user", per="row", before="minutes_before").effect
    assert with_them is not None
    assert with_them.held_back > 0.75
    table.loc[3, "minutes_before"] += 1
    with pytest.raises(MleeError, match="minutes_before differs among the rows of 1 units"):
        ab_read(table, arm="arm", metric="minutes", unit="user", per="row", before="minutes_before")


KEPT_IN: dict[str, Callable[[pd.DataFrame], Any]] = {
    "polars": pl.from_pandas,
    "a lazy frame": lambda table: pl.from_pandas(table).lazy(),
    "pyarrow": pa.Table.from_pandas,
    "DuckDB": lambda table: duckdb.connect().from_df(table),
    "Ibis": ibis.memtable,
    "a dict": lambda table: {name: table[name].to_numpy() for name in table},
}


@pytest.mark.parametrize("kept", KEPT_IN.values(), ids=KEPT_IN)
def test_it_does_not_matter_what_a_table_is_kept_in(kept: Callable[[pd.DataFrame], Any]) -> None:
    asked: dict[str, Any] = {"arm": "arm", "metric": "spent", "unit": "user", "before": "spent_before"}
    more: dict[str, Any] = {"also": ["bought"], "guards": ["clicks"]}
    there, here = ab_read(kept(TABLE), **asked, **more), ab_read(TABLE, **asked, **more)
    for one, other in zip(
        (there.effect, *there.others, *there.guards), (here.effect, *here.others, *here.guards), strict=True
    ):
        assert one is not None
        assert other is not None
        assert (one.low, one.high, one.z, one.is_rate) == pytest.approx((other.low, other.high, other.z, other.is_rate))
    table = rows_of_units()
    clustered: dict[str, Any] = {"arm": "arm", "metric": "minutes", "unit": "user", "per": "row"}
    one, other = ab_read(kept(table), **clustered).effect, ab_read(table, **clustered).effect
    assert one is not None
    assert other is not None
    assert (one.low, one.high) == pytest.approx((other.low, other.high))


@pytest.mark.parametrize("over", [None, "sessions"])
@pytest.mark.parametrize("before", [None, "spent_before"])
def test_a_mean_of_nothing_is_no_trouble(over: str | None, before: str | None) -> None:
    """Where the relative range overflows, the difference is what it is beside a larger mean."""
    table = TABLE.assign(spent=TABLE["spent"] - TABLE["spent"].mean())
    control = table["arm"] == "control"
    table.loc[control, "spent"] -= table.loc[control, "spent"].mean() - 1e-12
    found = ab_read(table, arm="arm", metric="spent", unit="user", over=over, before=before).effect
    away = table.assign(spent=table["spent"] + 50 * (table[over] if over else 1))
    other = ab_read(away, arm="arm", metric="spent", unit="user", over=over, before=before).effect
    assert found is not None
    assert other is not None
    assert (found.value, found.low, found.high, found.z) == pytest.approx(
        (other.value, other.low, other.high, other.z), rel=1e-6
    )
    assert found.relative is None


def test_an_arm_without_a_single_event_is_read() -> None:
    table = TABLE.assign(bought=(TABLE["arm"] == "new") & TABLE["bought"])
    found = ab_read(table, arm="arm", metric="bought", unit="user")
    assert found.word == "keep"
    assert found.effect is not None
    assert found.effect.relative is None
