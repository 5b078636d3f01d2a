"""A folder of prediction files, or one file: a column a model, and the right answers among them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from mlee_jupyter.domain.audits import Asked, Tried, Try
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import clean, listed

from .score_tables import unique
from .tables import ENDINGS, column_of, read_table

TRUTHS = ("truth", "y_true", "y_test", "target", "label", "labels", "actual")
_PREDICTIONS = ("prediction", "predictions", "pred", "y_pred", "predicted", "score", "scores", "y_score", "proba", "0")
_IDS = ("id", "row_id", "rowid", "index", "unnamed: 0")
_MOST_FILES = 2000


def files_in(folder: Path) -> list[Path]:
    """The tables in a folder, by name.

    Args:
        folder: that is there.

    Raises:
        MleeError: none, or too many.
    """
    found = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and not path.name.startswith(".")
    )
    if not found or len(found) > _MOST_FILES:
        raise MleeError(
            f"{folder} holds {len(found):,} tables ({listed(ENDINGS)}).",
            "Name a folder of prediction files, or a file; for MLflow write mlflow:URI.",
        )
    return found


def truth_column(table: pd.DataFrame, asked: Asked) -> str | None:
    """The column of right answers; None where no name says so.

    Args:
        table: any.
        asked: what was typed.
    """
    if asked.truth is not None:
        return asked.truth if asked.truth in table.columns else None
    found = [column for column in table.columns if column.strip().lower() in TRUTHS]
    return found[0] if len(found) == 1 else None


def from_predictions(tables: Mapping[str, pd.DataFrame], asked: Asked, place: str, name: str) -> Tried:
    """The models' answers on the same rows.

    Args:
        tables: by the file's name without its ending.
        asked: what was typed.
        place: where it was read.
        name: what to call it.

    Raises:
        MleeError: no truth, two that differ, or rows that do not fit together.
    """
    held = {stem: column for stem, table in tables.items() if (column := truth_column(table, asked)) is not None}
    if not held:
        raise MleeError("No column of right answers was found.", f"Name it: --truth COLUMN ({_columns(tables)}).")
    ids = asked.id or _common_id(tables)
    aligned = {stem: _aligned(table, ids, stem) for stem, table in tables.items()}
    first = next(iter(held))
    truth = aligned[first][held[first]]
    for stem, table in aligned.items():
        if len(table) != len(truth) or (ids is not None and not table.index.equals(truth.index)):
            raise MleeError(
                f"{clean(stem, 40)} has {len(table):,} rows{'' if ids is None else ' of other ids'}, the truth "
                f"{len(truth):,}.",
                "Predict on the same rows, or name the column that says which is which: --id COLUMN.",
            )
        if stem in held and not table[held[stem]].equals(truth):
            raise MleeError(
                f"{clean(stem, 40)} holds other right answers than {clean(first, 40)}.", "Judge them apart."
            )
    groups, tries = None, []
    for stem, table in aligned.items():
        if asked.groups is not None and asked.groups in table.columns:
            groups = table[asked.groups]
        left = [c for c in table.columns if c not in (held.get(stem), ids, asked.groups)]
        for column in left:
            label = stem if len(left) == 1 and column.strip().lower() in _PREDICTIONS else column
            tries.append(Try(name=clean(label, 60), rows=table[column]))
    if asked.groups is not None and groups is None:
        column_of(next(iter(tables.values())), asked.groups, "--groups")
    if not tries:
        raise MleeError("There is a truth and no predictions.", "Add a column for each model.")
    remarks = [] if asked.truth else [f"Right answers: the column {clean(held[first], 40)}"]
    remarks += [f"Rows were matched by {ids}" if ids else "Rows were matched by their order"] * (len(tables) > 1)
    return Tried(
        kind="predictions", thing="model", place=place, name=name, tries=tuple(unique(tries)), metric=asked.metric,
        truth=truth, groups=groups, remarks=tuple(remarks),
    )  # fmt: skip


def read_folder(folder: Path, asked: Asked) -> Tried:
    """The prediction files of a folder.

    Args:
        folder: that is there.
        asked: what was typed.

    Raises:
        MleeError: see `from_predictions` and `read_table`.
    """
    tables = {path.stem: read_table(path) for path in files_in(folder)}
    return from_predictions(tables, asked, str(folder), folder.absolute().name)


def _common_id(tables: Mapping[str, pd.DataFrame]) -> str | None:
    """A column that says which row is which, in every file."""
    for column in next(iter(tables.values())).columns:
        if column.strip().lower() in _IDS and all(column in table.columns for table in tables.values()):
            return column
    return None


def _aligned(table: pd.DataFrame, ids: str | None, stem: str) -> pd.DataFrame:
    if ids is None:
        return table.reset_index(drop=True)
    keys = column_of(table, ids, "--id")
    if not keys.is_unique:
        raise MleeError(f"{clean(stem, 40)} has several rows of one {ids}.", "Give each row its own.")
    return table.set_index(ids, drop=True).sort_index()


def _columns(tables: Mapping[str, pd.DataFrame]) -> str:
    names = dict.fromkeys(column for table in tables.values() for column in table.columns)
    return f"there are {listed(list(names), most=8)}"
