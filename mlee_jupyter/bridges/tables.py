"""Tables in files, read without running anything: csv, tsv, json, parquet; never a pickle."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.domain.text.names import listed

ENDINGS = (".csv", ".tsv", ".json", ".parquet")
_RUNS_CODE = (".pkl", ".pickle", ".joblib", ".npy", ".pt", ".skops")
_LARGEST = 500 * 2**20  # bytes
_WRITE = "Write it as a table: DataFrame.to_csv(FILE)."


def read_table(path: Path) -> pd.DataFrame:
    """The table in a file, its columns named by text.

    Args:
        path: ending in .csv, .tsv, .json or .parquet.

    Raises:
        MleeError: no such file, no such kind, damaged, or empty; one line.
    """
    ending = path.suffix.lower()
    if ending in _RUNS_CODE:
        raise MleeError(f"{path.name} is a kind of file that may run code when it is opened.", _WRITE)
    if ending not in ENDINGS:
        raise MleeError(f"{path.name} is no table that is read here.", f"Name a file ending in {listed(ENDINGS)}.")
    try:
        content = files.read(path, most=_LARGEST)
    except FileNotFoundError:
        beside = path.parent.iterdir() if path.parent.is_dir() else ()
        raise MleeError(f"There is no file {path}.", did_you_mean(path.name, [p.name for p in beside])) from None
    except OSError as fault:
        raise MleeError(f"{path} cannot be read: {fault.strerror}.", "Name another one.") from None
    return parse_table(content, ending, path.name)


def parse_table(content: bytes, ending: str, name: str) -> pd.DataFrame:
    """The table of a file's bytes.

    Args:
        content: the bytes.
        ending: what the file's name ends in, with its dot.
        name: how a message calls it.

    Raises:
        MleeError: damaged, or empty.
    """
    try:
        table = {".csv": _csv, ".tsv": _csv, ".json": _json, ".parquet": _parquet}[ending](content)
    except MleeError:
        raise
    except ImportError:
        raise MleeError(
            f"{name} is parquet, which pyarrow reads.", 'Install it: pip install "mlee_jupyter[audit]"'
        ) from None
    except Exception as fault:  # pandas and pyarrow raise a dozen kinds on damaged files
        said = " ".join(str(fault).split())[:120] or type(fault).__name__
        raise MleeError(f"{name} is no {ending[1:]} table: {said}.", _WRITE) from None
    table.columns = [str(column) for column in table.columns]
    if not table.columns.is_unique:
        twice = table.columns[table.columns.duplicated()][0]
        raise MleeError(f"{name} has several columns {twice[:40]!r}.", "Give each its own name.")
    if table.empty:
        raise MleeError(f"{name} has no rows.", "Name a table with a row for each try.")
    return table


def _csv(content: bytes) -> pd.DataFrame:
    head = content[:10_000].decode("utf-8-sig", "replace").partition("\n")[0]
    separator = max(",;\t", key=head.count)
    return pd.read_csv(io.BytesIO(content), sep=separator, encoding="utf-8-sig")


def _json(content: bytes) -> pd.DataFrame:
    value = files.parse_json(content.decode("utf-8-sig"))
    if isinstance(value, dict) and isinstance(value.get("data"), list) and isinstance(value.get("columns"), list):
        return pd.DataFrame(value["data"], columns=value["columns"])
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return pd.DataFrame(value)
    if isinstance(value, dict) and value:
        columns = {name: _column(entry) for name, entry in value.items()}
        if len({len(column) for column in columns.values()}) == 1:
            return pd.DataFrame(columns)
    raise MleeError("The json holds no table.", "Write DataFrame.to_json(FILE), or a list with an object for each try.")


def _column(entry: Any) -> Sequence[Any]:
    if isinstance(entry, dict):
        return list(entry.values())
    if isinstance(entry, list):
        return [json.dumps(one) if isinstance(one, list) else one for one in entry]
    raise MleeError("The json holds no table.", "Write DataFrame.to_json(FILE), or a list with an object for each try.")


def _parquet(content: bytes) -> pd.DataFrame:
    return pd.read_parquet(io.BytesIO(content), engine="pyarrow")


def column_of(table: pd.DataFrame, name: str, option: str) -> pd.Series[Any]:
    """A column that was asked for.

    Args:
        table: where it should be.
        name: of the column.
        option: with which it was named.

    Raises:
        MleeError: there is none of that name.
    """
    if name not in table.columns:
        near = did_you_mean(name, list(table.columns)) or f"There are {listed(list(table.columns), most=8)}. "
        raise MleeError(f"There is no column {name[:40]!r}.", f"{near}Write {option} COLUMN.")
    return table[name]
