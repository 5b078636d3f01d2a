"""The row index of a pandas object, and its fingerprint, so that rows in another order can be refused."""

from __future__ import annotations

import hashlib
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
    theirs = index_hash(rows)
    return theirs is not None and theirs != index_hash(truth)


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
