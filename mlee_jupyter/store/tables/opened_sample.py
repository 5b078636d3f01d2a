"""What opening a sealed second sample found, as it may come from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from mlee_jupyter.domain import Confirmed

_NUMBERS = ("score", "low", "high")


def is_found(told: Any) -> bool:
    """Whether a value from outside is what `open_` writes."""
    if not isinstance(told, Mapping) or not isinstance(told.get("metric"), str):
        return False
    rows = told.get("confirmed")
    known = {f.name for f in fields(Confirmed)}
    return isinstance(rows, list) and all(isinstance(row, Mapping) and set(row) == known and _fits(row) for row in rows)


def _fits(row: Mapping[str, Any]) -> bool:
    words = all(isinstance(row[key], str) for key in ("candidate", "answers"))
    plain = [row[key] for key in _NUMBERS] + ([] if row["before"] is None else [row["before"]])
    return words and all(isinstance(value, int | float) and not isinstance(value, bool) for value in plain)
