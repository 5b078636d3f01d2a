"""Which class each column of scores is of: names count, and what contradicts the truth is refused.

A matrix without names has a column per class of the truth, in the order of the sorted labels, as scikit-learn gives
it. A frame whose columns are named by the classes, an estimator with `classes_`, or a list of classes says it itself;
then classes that only training knew are welcome as well. Positions (0, 1, 2, ... of a fresh pandas frame, column_0 of
a polars one) are no names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import as_column, as_shares, shown

from .probabilities import SUM_TOLERANCE
from .traits import Target

_POLARS_POSITION = re.compile(r"column_\d+")
_ASK = "Name them: classes=model.classes_ (in a cell --classes), or pass a DataFrame with columns=model.classes_."


def named_columns(values: Any) -> tuple[Any, list[Any] | None]:
    """The values as something with rows, and the names of its columns; None where there are none.

    Args:
        values: a pandas, polars or pyarrow table, a structured array, a dict of columns, or anything else.

    Raises:
        MleeError: names in several levels.
    """
    library = type(values).__module__.partition(".")[0]
    if library == "pandas" and hasattr(values, "columns"):
        if values.columns.nlevels > 1:
            raise MleeError("The columns of scores are named in several levels.", "Keep the level of the classes.")
        return values, list(values.columns)
    if library == "polars" and hasattr(values, "get_columns"):
        positions = all(_POLARS_POSITION.fullmatch(name) for name in values.columns)
        return values, None if positions else list(values.columns)
    if hasattr(values, "column_names") and hasattr(values, "columns"):  # an Arrow table
        return _side_by_side([np.asarray(column) for column in values.columns]), list(values.column_names)
    if isinstance(values, np.ndarray) and values.dtype.names:
        return _side_by_side([values[name] for name in values.dtype.names]), list(values.dtype.names)
    if isinstance(values, Mapping) and values:
        return _side_by_side([as_column(column, shown(name)) for name, column in values.items()]), list(values)
    return values, None


def _side_by_side(columns: Sequence[Any]) -> np.ndarray:
    if len({len(column) for column in columns}) > 1:
        raise MleeError("The columns of scores have different lengths.", "Pass one row per case.")
    return np.column_stack(columns)


def listed_classes(classes: Any) -> list[Any]:
    """Classes that someone named, such as an estimator's `classes_`.

    Args:
        classes: one label per column of scores.

    Raises:
        MleeError: not a list of labels.
    """
    if isinstance(classes, str) or classes is None:
        raise MleeError("classes names one class per column of scores.", "Write classes=model.classes_.")
    names = as_column(classes, "classes").tolist()
    if not names:
        raise MleeError("classes is empty.", "Write classes=model.classes_.")
    return list(names)


def of_a_class(name: Any, target: Target) -> bool:
    """Whether a single column's name is one of two classes in text, and so says which class it scores.

    Args:
        name: of the column.
        target: the prepared truth.
    """
    return isinstance(name, str) and len(target.labels) == 2 and name in target.labels


def by_class(rows: np.ndarray, classes: Sequence[Any] | None, target: Target) -> np.ndarray:
    """Scores as a column per class of the truth, in the order of its labels; classes it has none of come after them.

    A single column carries the class it is of from here on: of two classes it becomes two columns (1 - p and p, or -s
    and s), of many the others' columns are 0. What is no such score is given back as it is.

    Args:
        rows: canonical scores, (n,) or (n, columns).
        classes: the class of each column; None: those of the truth in order, or of one column the positive one.
        target: the prepared truth.

    Raises:
        MleeError: other classes than the truth's, one of them missing, or more columns than classes without a name.
    """
    if rows.ndim == 1:
        return _one_column(rows, classes, target)
    count = len(target.labels)
    if classes is not None and are_positions(classes, target.labels):
        classes = None
    if classes is None or not count:
        if count and rows.shape[1] != count:
            raise MleeError(f"{rows.shape[1]} columns of scores for {count} classes in the truth.", _ASK)
        return rows
    if len(classes) != rows.shape[1]:
        raise MleeError(f"{len(classes)} classes for {rows.shape[1]} columns of scores.", "Name each column's class.")
    places = _matched(classes, target.labels)
    order = [place for place in places if place is not None]
    missing = [label for label, place in zip(target.labels, places, strict=True) if place is None]
    others = [place for place in range(len(classes)) if place not in order]
    if others and (missing or not _are_probabilities(rows)):
        raise MleeError(
            f"The columns are named {_some([classes[place] for place in others])}; the truth's classes are "
            f"{_some(target.labels)}.",
            "Name the columns by the classes, or pass plain values in the order of the sorted labels.",
        )
    if missing:
        raise MleeError(f"No column is named {_some(missing)}, a class of the truth.", "Give each class its column.")
    return np.ascontiguousarray(rows[:, [*order, *others]])


def _one_column(rows: np.ndarray, classes: Sequence[Any] | None, target: Target) -> np.ndarray:
    if rows.dtype == object or target.facts.needs not in ("labels", "scores") or len(target.labels) < 2:
        return rows
    count, place = len(target.labels), target.positive
    if count == 2 and place is None:
        place = 1
    if classes is not None:
        if len(classes) != 1:
            raise MleeError(f"{len(classes)} classes for one column of scores.", "Name the class it is of.")
        (named,) = _matched_back(classes, target.labels)
        if named is None:
            raise MleeError(f"The column is named {_some(classes)}, no class of the truth.", "Name its class.")
        if count > 2 and named != place:
            raise MleeError(
                f"The column is of {_some(classes)}, not of the positive class.", "Pass a column per class."
            )
        place = named
    if place is None:
        return rows
    scores = rows.astype(np.float64)
    shares = as_shares(scores)
    scores = scores if shares is None else shares
    if count > 2:
        if not target.facts.ranks:
            return rows
        alone = np.zeros((len(scores), count))
        alone[:, place] = scores
        return alone
    if shares is None and not target.facts.ranks:
        return rows
    both = np.empty((len(scores), 2))
    both[:, place] = scores
    both[:, 1 - place] = -scores if shares is None else 1 - scores
    return both


def _matched(classes: Sequence[Any], labels: Sequence[Any]) -> list[int | None]:
    """For each label the place of its column; as they are, else as text where that can be meant in one way only.

    Raises:
        MleeError: a class named twice, or text and numbers that can be matched in several ways.
    """
    for key in (_exact, _as_text):
        named, known = [key(name) for name in classes], [key(label) for label in labels]
        if key is _exact and len(set(named)) < len(named):
            twice = next(name for name, k in zip(classes, named, strict=True) if named.count(k) > 1)
            raise MleeError(f"Two columns are named {_some([twice])}.", "Give each class one column.")
        if not set(named) & set(known):
            continue
        if len(set(named)) < len(named) or len(set(known)) < len(known):
            raise MleeError(
                f"The columns {_some(classes)} can be read as {_some(labels)} in several ways.",
                "Name them by the truth's own labels.",
            )
        return [named.index(k) if k in named else None for k in known]
    return [None] * len(labels)


def _matched_back(classes: Sequence[Any], labels: Sequence[Any]) -> list[int | None]:
    """For each column the place of its label."""
    found = _matched(classes, labels)
    return [found.index(place) if place in found else None for place in range(len(classes))]


def _exact(label: Any) -> tuple[str, Any]:
    plain = label.item() if isinstance(label, np.generic) else label
    if isinstance(plain, str):
        return "text", str(plain)
    return ("number", float(plain)) if isinstance(plain, bool | int | float) else ("other", repr(plain))


def _as_text(label: Any) -> str:
    kind, value = _exact(label)
    if kind == "number":
        return f"{value:g}" if value != int(value) else str(int(value))
    text = str(value).strip()
    if text.lower() in ("true", "false"):
        return str(int(text.lower() == "true"))
    try:
        return _as_text(float(text))
    except (ValueError, OverflowError):
        return text


def _are_probabilities(rows: np.ndarray) -> bool:
    return as_shares(rows) is not None and bool(np.abs(rows.sum(axis=1) - 1).max() <= SUM_TOLERANCE)


def _some(names: Sequence[Any], most: int = 4) -> str:
    said = ", ".join(shown(repr(n.item() if isinstance(n, np.generic) else n), 20) for n in names[:most])
    return f"{said}, ..." if len(names) > most else said


def are_positions(classes: Sequence[Any], labels: Sequence[Any]) -> bool:
    """Whether classes are 0, 1, 2, ... and no labels of the truth: positions, or codes of the sorted labels.

    Args:
        classes: the name of each column.
        labels: the truth's, sorted.
    """
    counted = [_exact(name) for name in classes] == [("number", float(place)) for place in range(len(classes))]
    return counted and any(place is None for place in _matched(classes, labels))
