"""The source that was named: another tool's store, a table, or a folder of predictions."""

from __future__ import annotations

import os
from pathlib import Path

from mlee_jupyter.domain.audits import Asked, Tried
from mlee_jupyter.domain.errors import MleeError

from .addresses import without_password
from .mlflow_runs import read_mlflow
from .optuna_trials import read_optuna
from .prediction_files import from_predictions, read_folder, truth_column
from .score_tables import from_leaderboard, from_search, is_search
from .tables import read_table


def read_source(source: str, asked: Asked) -> Tried:
    """What was tried, as it is kept there.

    Args:
        source: mlflow:URI, optuna:URL, a table's file, or a folder.
        asked: what was typed besides.

    Raises:
        MleeError: nothing that can be read is there; one line, without passwords.
    """
    tool, _, address = source.partition(":")
    if tool == "mlflow":
        return read_mlflow(address, asked)
    if tool == "optuna":
        return read_optuna(address, asked)
    if "://" in source or source.endswith((".db", ".sqlite", ".sqlite3")):
        shown = without_password(source)
        url = shown if "://" in shown else f"sqlite:///{shown}"
        raise MleeError(f"Whose store is {shown}?", f"Write mlflow:{url} or optuna:{url}.")
    path = Path(source)
    try:
        is_folder = path.is_dir()
    except (OSError, ValueError):
        raise MleeError(f"{source[:60]!a} is no name that a file can have.", "Name another one.") from None
    if is_folder:
        if os.path.isfile(path / "0" / "meta.yaml") or path.name == "mlruns":
            raise MleeError(f"{path} is MLflow's.", f"Write mlflow:{path}")
        return read_folder(path, asked)
    table = read_table(path)
    if is_search(table):
        return from_search(table, asked, str(path), path.stem)
    if asked.truth is not None or (asked.score is None and truth_column(table, asked) is not None):
        return from_predictions({path.stem: table}, asked, str(path), path.stem)
    return from_leaderboard(table, asked, str(path), path.stem)
