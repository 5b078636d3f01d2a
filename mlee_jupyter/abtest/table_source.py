"""Where a table is, as one types it: a file, or a table of a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mlee_jupyter.domain.errors import MleeError

from .arm_table import NEEDS

PARQUET = (".parquet", ".pq")
DRIVERS = ("duckdb", "_duckdb", "psycopg", "ibis", "pyarrow", "sqlite3", "MySQLdb", "snowflake", "google", "pyspark")
TEXT = {".csv": ",", ".tsv": "\t"}


@contextmanager
def open_source(name: str, inside: str | None = None) -> Iterator[Any]:
    """A table that can be read while this is open.

    Args:
        name: a CSV, TSV or Parquet file; or a table's name, with its database.
        inside: the database: a DuckDB file, or an address that Ibis knows, as postgresql://host/shop.

    Raises:
        MleeError: it is not there, or cannot be read.
    """
    if inside is None:
        yield _file(name)
        return
    database = _database(inside)
    try:
        yield _table_of(name, database)
    except Exception as fault:
        if type(fault).__module__.partition(".")[0] not in DRIVERS:
            raise
        said = str(fault).partition("\n")[0][:200]
        raise MleeError(f"The database refused: {said}", "Check the table, and what you may read of it.") from None
    finally:
        database.disconnect()


def _file(name: str) -> Any:
    place = Path(name)
    if place.suffix.lower() not in (*PARQUET, *TEXT):
        raise MleeError(f"{name} is no CSV or Parquet file.", "Of a database: mlee ab read TABLE --in shop.duckdb")
    if not place.is_file():
        raise MleeError(f"There is no file {name}.", "Check the path.")
    try:
        import pyarrow as pa
        from pyarrow import csv, parquet
    except ImportError:
        raise _lacking() from None
    try:
        if place.suffix.lower() in PARQUET:
            return parquet.read_table(place)
        return csv.read_csv(place, parse_options=csv.ParseOptions(delimiter=TEXT[place.suffix.lower()]))
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError) as fault:
        raise MleeError(f"{name} cannot be read: {str(fault)[:200]}", "Check the file.") from None


def _database(inside: str) -> Any:
    try:
        import ibis
    except ImportError:
        raise _lacking() from None
    shown = re.sub(r"//[^/@]*@", "//", inside)[:80]  # without user and password
    if "://" not in inside and not Path(inside).is_file():
        raise MleeError(f"There is no database {shown}.", "Name a DuckDB file, or an address: postgresql://host/shop")
    try:
        return ibis.connect(inside) if "://" in inside else ibis.duckdb.connect(inside, read_only=True)
    except Exception as fault:  # every driver has errors of its own
        raise MleeError(f"{shown} cannot be opened: {type(fault).__name__}.", f"Check the address; {NEEDS}") from None


def _table_of(name: str, database: Any) -> Any:
    schema, _, table = name.rpartition(".")
    try:
        return database.table(table, database=schema or None)
    except Exception as fault:
        said = type(fault).__name__
        raise MleeError(f"The database has no table {name[:60]!r} ({said}).", "Check its name.") from None


def _lacking() -> MleeError:
    return MleeError("A/B tests are read by tea-tasting, which is not installed.", f"Install it: {NEEDS}")
