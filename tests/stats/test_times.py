"""Times however they are written: the same order, or a refusal that says what to pass."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.times import read_times

DAYS = pd.date_range("2023-01-01", periods=500)
FORMS: dict[str, Any] = {
    "numpy": lambda days: days.to_numpy(),
    "index": lambda days: days,
    "series": pd.Series,
    "aware": lambda days: pd.Series(days.tz_localize("UTC")),
    "aware of Berlin": lambda days: days.tz_localize("Europe/Berlin"),
    "python": lambda days: list(days.to_pydatetime()),
    "python, aware": lambda days: [d.replace(tzinfo=UTC) for d in days.to_pydatetime()],
    "dates": lambda days: [d.date() for d in days],
    "dates in a series": lambda days: pd.Series([d.date() for d in days]),
    "periods": lambda days: pd.Series(days.to_period("D")),
    "period index": lambda days: days.to_period("D"),
    "timestamps": list,
    "polars": lambda days: pl.Series(list(days.to_pydatetime())),
    "polars dates": lambda days: pl.Series([d.date() for d in days]),
    "polars, aware": lambda days: pl.Series(list(days.to_pydatetime())).dt.replace_time_zone("Europe/Berlin"),
    "polars text": lambda days: pl.Series([d.strftime("%d.%m.%Y") for d in days]),
    "categorical": lambda days: pd.Series(days.strftime("%d.%m.%Y")).astype("category"),
    "numbers as text": lambda days: [str((d - DAYS[0]).days) for d in days],
    "decimals as text": lambda days: [f"{(d - DAYS[0]).days / 4}" for d in days],
    "eight digits": lambda days: list(days.strftime("%Y%m%d")),
    "nullable numbers": lambda days: pd.Series([(d - DAYS[0]).days for d in days], dtype="Int64"),
    **{
        form: lambda days, form=form: list(days.strftime(form))
        for form in (
            "%Y-%m-%d",
            "%Y/%m/%d",
            "%Y.%m.%d",
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%d %H:%M:%S+02:00",
            "%Y-%m-%dT%H:%M:%SZ",
            "%d.%m.%Y",
            "%d/%m/%Y",
            "%m/%d/%Y",
            "%m/%d/%y",
            "%d.%m.%Y %H:%M",
            "%d %b %Y",
            "%d %B %Y",
            "%b %d, %Y",
            "%A, %d %B %Y",
            "%d-%b-%Y",
            "%d%m%Y",
        )
    },
}


@settings(max_examples=40, deadline=None)
@given(form=st.sampled_from(sorted(FORMS)), seed=st.integers(0, 100))
def test_every_form_of_the_same_days_has_their_order(form: str, seed: int) -> None:
    shuffled = DAYS[np.random.default_rng(seed).permutation(len(DAYS))]
    found = read_times(FORMS[form](shuffled)).values
    assert np.array_equal(np.argsort(found, kind="stable"), np.argsort(shuffled, kind="stable")), form


REFUSED: dict[str, Any] = {
    "days or months": ["01/02/2023", "02/03/2023", "03/01/2023"] * 10,
    "days or months by eight digits": ["01022023", "02032023", "03012023"] * 10,
    "years of two digits": ["01-02-03", "02-01-03", "03-02-01"] * 10,
    "two ways": ["2023-01-01", "02.01.2023"] * 10,
    "numbers and dates": ["1", "2023-01-01"] * 10,
    "another language": ["1. Januar 2023", "2. Mai 2023"] * 10,
    "words": ["monday", "tuesday"] * 10,
    "month names alone": ["Jan", "Feb"] * 10,
    "hours alone": ["12:30", "13:30"] * 10,
    "missing": [None, *DAYS[:9]],
    "missing text": ["2023-01-01", ""] * 10,
    "not a time": pd.Series([pd.NaT, *DAYS[:9]]),
    "a zone and none": [datetime(2023, 1, 1, tzinfo=UTC), datetime(2023, 1, 2)] * 5,
    "a zone and none as text": ["2023-01-01T00:00:00Z", "2023-01-02T00:00:00"] * 10,
    "no such day": ["31.02.2023", "01.01.2023"] * 10,
    "no such week": ["2023-W60"] * 10,
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_order_of_time_is_refused_in_one_line(case: str) -> None:
    with pytest.raises(MleeError) as caught:
        read_times(REFUSED[case])
    assert "\n" not in str(caught.value)


def test_weeks_quarters_and_months() -> None:
    assert np.all(np.diff(read_times([f"2023-W{week:02d}" for week in range(1, 53)]).values) > 0)
    assert np.all(np.diff(read_times([f"Q{q} {year}" for year in (2022, 2023) for q in (1, 2, 3, 4)]).values) > 0)
    assert np.all(np.diff(read_times([f"2023-{month:02d}" for month in range(1, 13)]).values) > 0)
    assert np.all(np.diff(read_times([f"{month} 2023" for month in ("Jan", "Feb", "Mar", "Oct")]).values) > 0)


def test_one_order_in_either_reading_is_enough() -> None:
    found = read_times(["01/01/2023", "02/02/2023", "03/03/2023"]).values
    assert np.all(np.diff(found) > 0)


def correlated(seed: int, n: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    series = random.normal(size=n)
    for row in range(1, n):
        series[row] = 0.95 * series[row - 1] + 0.3 * series[row]
    return series


@pytest.mark.parametrize("form", sorted(FORMS))
def test_compare_gives_the_same_answer(form: str) -> None:
    n = len(DAYS)
    models = {"a": np.abs(correlated(1, n)) + 0.2, "b": np.abs(correlated(2, n))}
    plain = mlee.compare(np.zeros(n), models, metric="mae", time=np.arange(n))
    assert mlee.compare(np.zeros(n), models, metric="mae", time=FORMS[form](DAYS)).table.equals(plain.table)


@pytest.mark.parametrize("form", [name for name in sorted(FORMS) if "numbers" not in name and "decimals" not in name])
def test_time_travel_is_found_in_every_form(form: str) -> None:
    written = pd.Series(list(FORMS[form](DAYS)))
    rows = pd.DataFrame({"x": np.random.default_rng(0).normal(size=len(DAYS)), "day": written})
    found = mlee.check_sample(rows[:200], train=rows[200:], time="day").findings
    assert "MLE408" in [one.rule for one in found]
    assert "MLE408" not in [one.rule for one in mlee.check_sample(rows[300:], train=rows[:300], time="day").findings]
