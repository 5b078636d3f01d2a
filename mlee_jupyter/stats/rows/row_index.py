"""The row index of a pandas object, and its fingerprint, so that rows in another order can be refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np


def index_of(values: Any) -> Any:
    """The pandas index of a Series or DataFrame; None for everything that has none.

    Args:
        values: anything at all.
    """
    if type(values).__module__.partition(".")[0] != "pandas":
        return None
    return getattr(values, "index", None)


def index_hash(values: Any) -> str | None:
    """A fingerprint of the row index, the same for equal indexes of other integer or time widths.

    Comes back None where there is no index, or only the positions 0..n-1: then rows are matched by position.

    Args:
        values: anything at all.
    """
    index = index_of(values)
    if index is None:
        return None
    kind, content = _content(index)
    if kind == "integers" and np.array_equal(np.frombuffer(content, np.int64), np.arange(len(index))):
        return None
    return hashlib.sha256(kind.encode() + b"\0" + content).hexdigest()


def index_mismatch(truth: Any, rows: Any) -> bool:
    """Whether predictions carry a row index that is not the truth's.

    Positions 0..n-1 on the predictions' side are what `pd.Series(model.predict(X))` gives: no claim about rows.

    Args:
        truth: the right answers, as they came.
        rows: predictions, as they came.
    """
    if index_of(truth) is None:
        return False
    own, theirs = index_hash(truth), index_hash(rows)
    if theirs is None:
        return own is not None and _was_sorted(index_of(truth), index_of(rows))
    return theirs != own


def _was_sorted(own: Any, theirs: Any) -> bool:
    """Whether positions 0..n-1 are labels of their own, as sort_index() leaves them, and `own` holds them in disorder.

    A RangeIndex is what pandas counts anew, and says nothing.
    """
    if theirs is None or type(theirs).__name__ == "RangeIndex" or len(theirs) != len(own):
        return False
    return _holds_positions(own)


def _holds_positions(index: Any) -> bool:
    kind, content = _content(index)
    return kind == "integers" and np.array_equal(np.sort(np.frombuffer(content, np.int64)), np.arange(len(index)))


def index_contradicts(truth: Any, others: Any) -> bool:
    """Whether what stands beside the rows (features, groups, weights) surely belongs to other rows, or another order.

    More is asked than of predictions, whose index says what they answer: labels of one kind on both sides that are
    not the same, or the very positions of a truth in another order. A truth that was counted anew, or features with
    keys of their own, say nothing.

    Args:
        truth: the right answers, as they came.
        others: one entry a row, as they came.
    """
    own, theirs = index_of(truth), index_of(others)
    if own is None or theirs is None:
        return False
    mine, hashed = index_hash(truth), index_hash(others)
    if hashed is None:
        return mine is not None and _was_sorted(own, theirs)
    if mine is None:
        return len(theirs) == len(own) and _holds_positions(theirs)
    return hashed != mine and _content(theirs)[0] == _content(own)[0]


def first_of_another_order(columns: Mapping[str, Any]) -> tuple[str, str] | None:
    """Two columns whose row indexes differ; None where all that have one agree. Positions 0..n-1 say nothing.

    Args:
        columns: by name, as they came.
    """
    first = next((name for name, values in columns.items() if index_hash(values) is not None), None)
    if first is None:
        return None
    return next(((first, name) for name, v in columns.items() if index_mismatch(columns[first], v)), None)


def _content(index: Any) -> tuple[str, bytes]:
    if hasattr(index, "as_unit") and hasattr(index, "asi8"):  # times: nanoseconds since 1970, UTC
        return "times", np.asarray(index.as_unit("ns").asi8, dtype=np.int64).tobytes()
    plain = index.to_numpy()
    if plain.dtype.kind in "iu" and (plain.dtype.kind == "i" or not plain.size or plain.max() < 2**63):
        return "integers", plain.astype(np.int64).tobytes()
    if plain.dtype.kind == "f":
        return "numbers", plain.astype(np.float64).tobytes()
    # the length before each entry keeps ["a", "b"] and ["a, b"] apart
    entries = (str(entry) if isinstance(entry, str) else repr(entry) for entry in plain.tolist())
    return "text", "".join(f"{len(entry)}:{entry}" for entry in entries).encode("utf-8", "surrogatepass")
