"""Where a table is, as one types it: a file, many files, or a table of a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from typing import Any

from mlee_jupyter.domain.errors import MleeError

from .table_frame import NEEDS, lacking, told_by_the_engine

PARQUET = (".parquet", ".pq")
TEXT = {".csv": ",", ".tsv": "\t"}


@contextmanager
def open_source(name: str, inside: str | None = None) -> Iterator[Any]:
    """A table that can be read while this is open.

    Args:
        name: a CSV, TSV or Parquet file, a pattern of Parquet files or a folder of them; or a table's name, with its
            database.
        inside: the database: a DuckDB file, or an address that Ibis knows, as postgresql://host/shop.

    Raises:
        MleeError: it is not there, or cannot be read.
    """
    if inside is None:
        with _file(name) as table:
            yield table
        return
    database = _database(inside)
    try:
        with told_by_the_engine():
            yield _table_of(name, database)
    finally:
        database.disconnect()


@contextmanager
def _file(name: str) -> Iterator[Any]:
    place = Path(name)
    many = f"{name.rstrip('/')}/**/*.parquet" if place.is_dir() else name
    if Path(many).suffix.lower() in PARQUET:
        with _parquet(name, many) as table:
            yield table
        return
    if place.suffix.lower() not in TEXT:
        raise MleeError(f"{name} is no CSV or Parquet file.", "Of a database: mlee ab read TABLE --in shop.duckdb")
    if not place.is_file():
        raise _no_file(name)
    try:
        import pyarrow as pa
        from pyarrow import csv
    except ImportError:
        raise lacking("Files are read by pyarrow") from None
    try:
        table = csv.read_csv(place, parse_options=csv.ParseOptions(delimiter=TEXT[place.suffix.lower()]))
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError) as fault:
        raise MleeError(f"{name} cannot be read: {str(fault)[:200]}", "Check the file.") from None
    yield table


@contextmanager
def _parquet(name: str, pattern: str) -> Iterator[Any]:
    """Read row group by row group, so that the files may be larger than memory."""
    if not Path(pattern).is_file() and not glob(pattern, recursive=True):
        raise _no_file(name)
    try:
        import duckdb
    except ImportError:
        raise lacking("Parquet files are read by DuckDB") from None
    with duckdb.connect() as memory:
        memory.execute("set preserve_insertion_order = false")
        try:
            table = memory.read_parquet(pattern)
        except duckdb.Error as fault:
            said = str(fault).partition("\n")[0][:200]
            raise MleeError(f"{name} cannot be read: {said}", "Check the file.") from None
        with told_by_the_engine():
            yield table


def _no_file(name: str) -> MleeError:
    return MleeError(f"There is no file {name}.", "Check the path.")


def _database(inside: str) -> Any:
    try:
        import ibis
    except ImportError:
        raise lacking("Databases are read by Ibis") from None
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
