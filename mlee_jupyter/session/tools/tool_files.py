"""Files that a tool's client names: tables and notebooks in the server's folder, read and never run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlee_jupyter.bridges.tables import read_table
from mlee_jupyter.domain.errors import MleeError, did_you_mean

_LARGEST_NUMBER = 1e150  # whose square is a number still


def inside(folder: Path, name: str) -> Path:
    """The file of that name in a folder.

    Args:
        folder: the server's.
        name: relative to it, or absolute and within it.

    Raises:
        MleeError: it lies elsewhere; whether it is there is not told.
    """
    try:
        place = (folder / name).resolve()
        within = place.is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        within = False
    if not within:
        raise MleeError(f"{name[:80]!r} is outside the server's folder.", "Name a file in it.")
    return place


def rows_told(told: Mapping[str, Any], folder: Path, rows: str, file: str, column: str) -> Any:
    """Rows that were passed, or a column of a table that was named; None where neither was.

    Args:
        told: a tool's arguments.
        folder: the server's.
        rows: the argument that holds rows.
        file: the argument that names a table instead.
        column: the argument that names its column.

    Raises:
        MleeError: both, no such file or column, or no one column.
    """
    if rows in told and file in told:
        raise MleeError(f"There are both {rows} and {file}.", "Pass one of them.")
    if rows in told:
        _demand_plain(told[rows], rows)
        return told[rows]
    if file not in told:
        return None
    table = read_table(inside(folder, told[file]))
    named = told.get(column) or (str(table.columns[0]) if len(table.columns) == 1 else None)
    if named is None or named not in table.columns:
        near = did_you_mean(named or "", table.columns)
        raise MleeError(f"Which column of {told[file][:80]}?", f"{near}Pass {column}.")
    return table[named].to_numpy()


def _demand_plain(values: list[Any], name: str) -> None:
    """Text, numbers that are finite, or lists of such numbers, all of one length."""
    width = len(values[0]) if values and isinstance(values[0], list) else None
    for place, one in enumerate(values):
        if width is None:
            fits = isinstance(one, str | bool) or _is_number(one)
        else:
            fits = isinstance(one, list) and len(one) == width and all(map(_is_number, one))
        if not fits:
            raise MleeError(
                f"{name}[{place}] is no value of a row.", "Pass text or finite numbers, a list of them for scores."
            )


def _is_number(one: Any) -> bool:
    return isinstance(one, int | float) and abs(one) < _LARGEST_NUMBER
