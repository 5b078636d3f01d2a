"""A table with a row for each try: scikit-learn's cv_results_, an export of Weights & Biases, any leaderboard."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from mlee_jupyter.domain.audits import Asked, Tried, Try
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import clean, cut, listed

from .score_names import find_score, metric_in
from .tables import column_of

_SPLIT = re.compile(r"split(\d+)_test_(.+)")
_NAMES = ("name", "model", "candidate", "run", "run name", "run_name", "algorithm", "method", "estimator", "team",
          "teamname", "submission", "id")  # fmt: skip
_TIMES = ("created", "created_at", "createdat", "start_time", "submitted", "date")
_STATES = ("state", "status")
_GOOD = ("finished", "complete", "completed", "ok", "success", "succeeded")


def is_search(table: pd.DataFrame) -> bool:
    """Whether it is the cv_results_ of a search.

    Args:
        table: any.
    """
    tried = any(column == "params" or column.startswith("param_") for column in table.columns)
    return tried and any(_SPLIT.fullmatch(column) for column in table.columns)


def test_scores(columns: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """The columns of test scores by what they score, each with its fold.

    Args:
        columns: of cv_results_.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for column in columns:
        if match := _SPLIT.fullmatch(column):
            found.setdefault(match[2], []).append((int(match[1]), column))
    return found


def from_search(table: pd.DataFrame, asked: Asked, place: str, name: str) -> Tried:
    """The settings of a search with their fold scores.

    Args:
        table: cv_results_.
        asked: what was typed.
        place: where it was read.
        name: what to call it.

    Raises:
        MleeError: several scores, none of them named.
    """
    by_score = test_scores(table.columns)
    if asked.score is not None:
        asked_name = asked.score.removeprefix("mean_test_")
        score = find_score(list(by_score), replace(asked, score=asked_name), "setting")
    else:
        score = find_score(list(by_score), asked, "setting")
    columns = [column for _, column in sorted(by_score[score.name])]
    folds = table[columns].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    tries = []
    for label, row in zip(_settings(table), folds, strict=True):
        whole = bool(np.isfinite(row).all())
        lacking = "" if whole else "failed in a fold"
        tries.append(Try(name=label, folds=tuple(map(float, row)) if whole else (), lacking=lacking))
    metric = score.metric if score.name != "score" else asked.metric
    return Tried(
        kind="scikit-learn search", thing="setting", place=place, name=name, tries=tuple(unique(tries)),
        score=score.name, metric=metric,
    )  # fmt: skip


def from_leaderboard(table: pd.DataFrame, asked: Asked, place: str, name: str) -> Tried:
    """The rows of any table of scores.

    Args:
        table: a row for each try.
        asked: what was typed.
        place: where it was read.
        name: what to call it.

    Raises:
        MleeError: no score, or several of which none is named.
    """
    numbers = {column: _numbers(table[column]) for column in table.columns}
    kept = [column for column, values in numbers.items() if values is not None and _may_be_score(column, values)]
    if asked.score is not None:
        column_of(table, asked.score, "--score")
        kept.append(asked.score)
    score = find_score(list(dict.fromkeys(kept)), asked, "row")
    values = numbers[score.name]
    if values is None:
        raise MleeError(f"The column {score.name[:40]!r} holds no numbers.", "Write --score COLUMN.")
    labels, remark = _labels(table, asked, score.name)
    states = next((table[c].astype(str) for c in table.columns if c.lower() in _STATES), None)
    tries = []
    for place_, (label, value) in enumerate(zip(labels, values, strict=True)):
        state = "" if states is None else str(states.iloc[place_]).strip().lower()
        if state and state not in _GOOD and state != "nan":
            tries.append(Try(name=label, lacking=clean(state, 30)))
        elif not math.isfinite(value):
            tries.append(Try(name=label, lacking=f"without {clean(score.name, 40)}"))
        else:
            tries.append(Try(name=label, score=float(value)))
    order = _order(table)
    if order is not None:
        tries = [tries[position] for position in order]
    return Tried(
        kind="table of scores", thing="row", place=place, name=name, tries=tuple(unique(tries)), score=score.name,
        metric=score.metric, in_order=order is not None, remarks=remark,
    )  # fmt: skip


def unique(tries: Sequence[Try]) -> list[Try]:
    """The tries, each under a name of its own: the second "svm" is "svm (2)".

    Args:
        tries: as they were kept.
    """
    seen: dict[str, int] = {}
    found = []
    taken = {one.name for one in tries}
    for one in tries:
        seen[one.name] = seen.get(one.name, 0) + 1
        name = one.name
        while seen[one.name] > 1 and name in taken:
            name = f"{one.name} ({seen[one.name]})"
            seen[one.name] += name in taken
        taken.add(name)
        found.append(replace(one, name=name))
    return found


def _settings(table: pd.DataFrame) -> list[str]:
    columns = [column for column in table.columns if column.startswith("param_")]
    if not columns:
        return [cut(clean(value), 60) for value in table["params"]]
    texts = {column: table[column].map(_value) for column in columns}
    varied = [column for column in columns if texts[column].nunique(dropna=False) > 1] or columns
    rows = zip(*(texts[column] for column in varied), strict=True)
    heads = [column.removeprefix("param_") for column in varied]
    return [
        cut(clean(", ".join(f"{h}={v}" for h, v in zip(heads, row, strict=True) if v)), 60) or "as it is"
        for row in rows
    ]


def _value(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _numbers(column: pd.Series[Any]) -> np.ndarray | None:
    if column.dtype == bool:
        return None
    text = column.astype(str).str.strip().str.removesuffix("%") if not pd.api.types.is_numeric_dtype(column) else column
    found = pd.to_numeric(text, errors="coerce").to_numpy(dtype=float)
    return found if np.isfinite(found).any() and np.isfinite(found).sum() >= column.notna().sum() / 2 else None


def _may_be_score(column: str, values: np.ndarray) -> bool:
    """A known metric, or fractions; never a rank, a count or a time."""
    if metric_in(column) is not None:
        return True
    inside = values[np.isfinite(values)]
    return "time" not in column.lower() and not column.lower().startswith(("std_", "rank")) and bool((inside % 1).any())


def _labels(table: pd.DataFrame, asked: Asked, score: str) -> tuple[list[str], tuple[str, ...]]:
    if asked.names is not None:
        return [clean(value, 60) or "(no name)" for value in column_of(table, asked.names, "--names")], ()
    named = [column for name in _NAMES for column in table.columns if column.strip().lower() == name]
    text = [c for c in table.columns if c != score and not pd.api.types.is_numeric_dtype(table[c])]
    column = next(iter(named), text[0] if len(text) == 1 else None)
    if column is None or column == score:
        more = f"; columns of text: {listed(text)}, take one with --names" if text else ""
        return [f"row {place}" for place in range(1, len(table) + 1)], (f"Rows are called by their number{more}",)
    return [clean(value, 60) or "(no name)" for value in table[column]], ()


def _order(table: pd.DataFrame) -> np.ndarray | None:
    """Places from the oldest to the newest, where a column says when."""
    for column in table.columns:
        if column.lower() in _TIMES:
            when = pd.to_datetime(table[column], errors="coerce", utc=True, format="mixed")
            if when.notna().all():
                return np.asarray(np.argsort(when.to_numpy(), kind="stable"))
    return None
