"""Durations as people write and read them: "90m", "3 h 40"."""

from __future__ import annotations

import re
import time
from datetime import timedelta

from .errors import MleeError

HOURS_A_DAY = 8.0
_UNITS = {"d": "d", "h": "h", "m": "m", "min": "m", "s": "s"}
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(d|h|min|m|s)\s*", re.IGNORECASE)


def parse(text: str, hours_a_day: float = HOURS_A_DAY) -> timedelta:
    """Read a budget such as "90m", "6h", "1h30m" or "3d" (a day is `hours_a_day` working hours).

    Raises:
        MleeError: not such a duration, or not longer than nothing.
    """
    position, whole = 0, timedelta()
    while position < len(text) and (part := _PART.match(text, position)):
        amount, unit = float(part[1]), _UNITS[part[2].lower()]
        hours = {"d": hours_a_day, "h": 1.0, "m": 1 / 60, "s": 1 / 3600}[unit]
        try:
            whole += timedelta(hours=amount * hours)
        except OverflowError:
            break
        position = part.end()
    if position < len(text) or not whole:
        raise MleeError(f"{text[:40]!r} is not a duration.", "Write 90m, 6h, 1h30m or 3d.")
    return whole


def show(duration: timedelta) -> str:
    """A duration as people say it: "45 s", "10 min", "3 h 40", "6 h"; working hours, never days."""
    seconds = max(0, round(duration.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d}" if minutes else f"{hours} h"


def timed(began: float) -> timedelta:
    """Time since `began`, a reading of time.perf_counter()."""
    return timedelta(seconds=time.perf_counter() - began)
