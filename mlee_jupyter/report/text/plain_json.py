"""Plain JSON from whatever a rule or a judgement holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from mlee_jupyter.domain.text.names import clean

JSON = dict[str, Any]  # a board and its parts: str, int, float, bool, None, list and dict only

_MOST = 100  # entries kept of a list or mapping among a finding's facts
_DEEP = 4


def plain(value: Any, depth: int = _DEEP) -> Any:
    """A value JSON can hold: numbers finite, times as ISO text, durations in seconds, the rest as clean text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, date):
        return iso(value)
    if depth > 0 and isinstance(value, Mapping):
        return {clean(key): plain(entry, depth - 1) for key, entry in list(value.items())[:_MOST]}
    if depth > 0 and isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes):
        return [plain(entry, depth - 1) for entry in list(value)[:_MOST]]
    item = getattr(value, "item", None)
    if depth > 0 and callable(item) and getattr(value, "size", 1) == 1:
        return plain(item(), 0)
    return clean(value)


def iso(moment: date | None) -> str | None:
    """ISO 8601; times keep their offset."""
    return (
        None
        if moment is None
        else moment.isoformat(timespec="seconds")
        if isinstance(moment, datetime)
        else moment.isoformat()
    )
