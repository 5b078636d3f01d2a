"""The same verdict from whatever holds the table: frames of other makes, Dask, a real PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import sqlalchemy as sa

from mlee_jupyter import MleeError, compare_table

from .both_ways import NAMES, in_memory, labels, numbers, shares, unlike, where_it_lies

POSTGRES = os.environ.get("MLEE_TEST_POSTGRES", "")
TABLES = {"accuracy": labels, "rmse": numbers, "brier_score": shares}
HOW: dict[str, dict[str, Any]] = {"rows": {}, "groups": {"groups": "who"}, "weights": {"weights": "weight"}}
ENGINES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "pandas": lambda frame: frame,
    "polars": pl.from_pandas,
    "polars, lazy": lambda frame: pl.from_pandas(frame).lazy(),
    "pyarrow": pa.Table.from_pandas,
    "a dict": lambda frame: frame.to_dict("list"),
    "dask": lambda frame: pytest.importorskip("dask.dataframe").from_pandas(frame, npartitions=3),
}


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("metric", TABLES)
@pytest.mark.filterwarnings("ignore")  # what Dask says of itself
def test_frames(metric: str, engine: str, how: str) -> None:
    if how == "weights" and metric == "rmse":
        pytest.skip("of means alone")
    frame = TABLES[metric](300)
    assert unlike(in_memory(frame, metric, **HOW[how]), where_it_lies(ENGINES[engine](frame), metric, **HOW[how])) == {}


@pytest.fixture(scope="module")
def server() -> str:
    if not POSTGRES:
        pytest.skip("MLEE_TEST_POSTGRES names no server")
    pytest.importorskip("ibis.backends.postgres")
    engine = sa.create_engine(POSTGRES.replace("postgresql://", "postgresql+psycopg://"))
    words = labels(300).assign(**{name: labels(300)[name].map(str) for name in ("y", *NAMES)})
    truths = shares(300).assign(y=lambda made: made["y"] == 1)
    for name, frame in {"labels": labels(300), "words": words, "numbers": numbers(300), "truths": truths}.items():
        frame.to_sql(f"table_{name}", engine, if_exists="replace", index=False)
    engine.dispose()
    return POSTGRES


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(
    ("name", "made", "metric"),
    [
        ("labels", labels, "accuracy"),
        ("words", labels, "accuracy"),
        ("numbers", numbers, "mae"),
        ("truths", shares, "brier_score"),
        ("truths", shares, "log_loss"),
    ],
)
def test_postgresql(server: str, name: str, made: Any, metric: str, how: str) -> None:
    found = where_it_lies(f"table_{name}", metric, inside=server, **HOW[how])
    assert unlike(in_memory(made(300), metric, **HOW[how]), found) == {}


def test_postgresql_refuses_in_one_line(server: str) -> None:
    with pytest.raises(MleeError, match="no table 'table_nothing'"):
        compare_table("table_nothing", "y", NAMES, inside=server)
    with pytest.raises(MleeError, match="There is no column 'z'"):
        compare_table("table_labels", "z", NAMES, inside=server)
