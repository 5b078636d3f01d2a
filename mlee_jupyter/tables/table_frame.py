"""A table as one lazy frame, whoever made it, and what all who read one ask of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.domain.text.names import clean, listed

NEEDS = 'pip install "mlee_jupyter[ab]"'
# of whose faults the table's reader is told, instead of being shown a trace through our own code
ENGINES = (
    "duckdb", "_duckdb", "psycopg", "ibis", "pyarrow", "sqlite3", "MySQLdb", "snowflake", "google", "pyspark", "py4j",
    "dask", "distributed", "polars", "narwhals",
)  # fmt: skip


def as_frame(source: Any) -> Any:
    """A table as a lazy frame of narwhals.

    Args:
        source: a DataFrame of pandas, polars, pyarrow, Dask or Spark, a relation of DuckDB, a table of Ibis, or a dict
            of columns.

    Raises:
        MleeError: it is no table, or what reads it is not installed.
    """
    try:
        import narwhals as nw
    except ImportError:
        raise lacking("Tables are read by narwhals") from None
    if isinstance(source, Mapping):
        import pandas as pd

        try:
            source = pd.DataFrame(dict(source))
        except ValueError:
            raise MleeError("The table's columns differ in length.", "Give a DataFrame.") from None
    try:
        return nw.from_native(source).lazy()
    except TypeError:
        kind = type(source).__name__
        raise MleeError(f"A {kind} is no table.", "Give a DataFrame, a DuckDB relation or an Ibis table.") from None


def demand_columns(names: Sequence[str], asked: Sequence[str]) -> None:
    """Refuse what asks for columns that are not there.

    Args:
        names: that the table has.
        asked: that are wanted.

    Raises:
        MleeError: one is missing, with the nearest of the others.
    """
    for name in asked:
        if name not in names:
            hint = did_you_mean(str(name), names) or f"There are: {listed([clean(one, 30) for one in names], most=6)}. "
            raise MleeError(f"There is no column {str(name)[:40]!r}.", hint)


def as_float(name: str, kind: Any) -> Any:
    """A column as a float; PostgreSQL makes no number of yes and no by itself.

    Args:
        name: of the column.
        kind: its type, as the frame's schema has it.
    """
    import narwhals as nw

    column = nw.col(name)
    if kind == nw.Boolean:
        column = nw.when(column).then(1).otherwise(nw.when(~column).then(0))
    return column.cast(nw.Float64)


def as_flag(claim: Any) -> Any:
    """1 where a claim holds, 0 elsewhere.

    Args:
        claim: an expression that is true or false.
    """
    import narwhals as nw

    return nw.when(claim).then(1).otherwise(0)


def computed_once(frame: Any, n: int) -> Any:
    """The frame with its expressions computed once a row, not again in every sum that uses them.

    PostgreSQL copies what a subquery computes into each of its uses, unless there is a limit on it.

    Args:
        frame: lazy.
        n: its rows.
    """
    native = frame.to_native()
    if type(native).__module__.partition(".")[0] != "ibis" or native.get_backend().name != "postgres":
        return frame
    return frame.head(n)


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """What a lazy frame holds, computed where it lies.

    Args:
        frame: of few rows.
    """
    found: list[dict[str, Any]] = frame.collect().to_arrow().to_pylist()
    return found


@contextmanager
def told_by_the_engine() -> Iterator[None]:
    """What an engine refuses, as one line.

    Raises:
        MleeError: in place of any fault of an engine's own.
    """
    try:
        yield
    except Exception as fault:
        if type(fault).__module__.partition(".")[0] not in ENGINES:
            raise
        said = re.sub(r"//[^/@\s]*@", "//", str(fault).strip().partition("\n")[0])[:200]
        raise MleeError(f"The database refused: {said}", "Check the table, and what you may read of it.") from None


def lacking(what: str) -> MleeError:
    """That a library is not installed.

    Args:
        what: is done by which, as a sentence begins.
    """
    return MleeError(f"{what}, which is not installed.", f"Install it: {NEEDS}")
