"""Numbers as people read them: per cent and points for scores in 0..1, four significant digits otherwise."""

from __future__ import annotations

import math
from datetime import timedelta

from mlee_jupyter.domain import durations

UNKNOWN = "–"
_SHARE_AT_MOST = 10  # what is far beyond 1 is no share, and would be told in per cent by mistake


def number(value: object) -> float | None:
    """A finite float, or None: JSON knows no NaN and no infinity."""
    if value is None:
        return None
    finite = float(value)  # type: ignore[arg-type]  # numpy scalars too
    return finite if math.isfinite(finite) else None


def whole_number(value: object) -> int | None:
    """An int from an int of any make, or None."""
    finite = number(value)
    return None if finite is None else int(finite)


def score_text(value: float | None, bounded: bool, *, unit: bool = False) -> str:
    """A score: 0.9943 is "99.4" (or "99.4%" with its unit) where bounded, "3.213" is itself otherwise.

    A score short of perfect never reads 100.0, one above nothing never 0.0.
    """
    finite = number(value)
    if finite is None:
        return UNKNOWN
    if not bounded or abs(finite) > _SHARE_AT_MOST:
        return _significant(finite)
    shown = "0.0"
    for decimals in (1, 2, 3, 4):
        shown = f"{100 * finite:.{decimals}f}"
        if (float(shown) == 100) == (finite == 1) and (float(shown) == 0) == (finite == 0):
            break
    return ("0.0" if float(shown) == 0 else shown) + ("%" if unit else "")


def target_text(value: float | None, bounded: bool) -> str:
    """A score somebody named, as they would say it: "95%", "0.35"."""
    finite = number(value)
    if finite is None:
        return ""
    return f"{100 * finite:.4g}%" if bounded else _significant(finite, zeros=False)


def range_text(low: float | None, high: float | None, bounded: bool, *, joint: str = "–") -> str:
    """An interval in a table: "98.0–99.8"; with " to " where a minus sign could be mistaken for the dash."""
    if number(low) is None or number(high) is None:
        return UNKNOWN
    shown_low, shown_high = score_text(low, bounded), score_text(high, bounded)
    if shown_low.startswith("-") or shown_high.startswith("-") or "e" in shown_low + shown_high:
        joint = " to "
    return f"{shown_low}{joint}{shown_high}"


def gain_text(value: float | None, bounded: bool) -> str:
    """A difference: "2 points", "0.2 points", "1 point" where bounded, "0.0123" otherwise."""
    finite = number(value)
    if finite is None:
        return UNKNOWN
    if not bounded or abs(finite) > _SHARE_AT_MOST:
        return _significant(finite, zeros=False)
    points = _points(finite)
    return f"{points} point" if points == "1" else f"{points} points"


def gains_text(low: float | None, high: float | None, bounded: bool) -> str:
    """A range of differences, in points where bounded: "0.9 to 4.0", "up to 4.0" when it starts at nothing."""
    low, high = number(low), number(high)
    if high is None:
        return UNKNOWN
    shown = [_above_nothing(100 * x) if bounded else _significant(x, zeros=False) for x in (max(0.0, low or 0.0), high)]
    return f"up to {shown[1]}" if not low or low <= 0 else f"{shown[0]} to {shown[1]}"


def gains_apart(one: float | None, other: float | None, bounded: bool) -> tuple[str, str]:
    """Two differences that a sentence holds against each other: with more digits where rounding makes them one."""
    said = gain_text(one, bounded), gain_text(other, bounded)
    first, second = number(one), number(other)
    if said[0] != said[1] or first is None or second is None or first == second:
        return said
    for digits in range(2, 16):
        texts = [f"{(100 * x if bounded else x):.{digits}g}" for x in (first, second)]
        if texts[0] != texts[1]:
            unit = " points" if bounded else ""
            return f"{texts[0]}{unit}", f"{texts[1]}{unit}"
    return said


def _above_nothing(points: float) -> str:
    """One decimal, or as many as it takes to tell it from 0."""
    for decimals in (1, 2, 3, 4):
        if float(shown := f"{points:.{decimals}f}") != 0 or points == 0:
            return shown
    return f"{points:.1g}"


def _points(share: float) -> str:
    shown = f"{100 * share:.1f}".removesuffix(".0")
    if float(shown) != 0:
        return shown
    return "0" if share == 0 else "less than 0.1"


def _significant(value: float, digits: int = 4, *, zeros: bool = True) -> str:
    size = abs(value)
    if value == 0:
        return "0"
    if size >= 10 ** (digits - 1):
        return f"{value:,.0f}" if size < 1e12 else f"{value:.{digits - 1}e}"
    if size < 1e-4:
        return f"{value:.{digits - 1}e}"
    shown = f"{value:#.{digits}g}".rstrip(".")
    return shown if zeros or "." not in shown else shown.rstrip("0").rstrip(".")


def rows_text(rows: float | None) -> str:
    """A planned number of rows at two digits, rounded up: 2,834 is "2,900"; no number that nobody will ever have."""
    if rows is None or rows != rows or rows <= 0:
        return UNKNOWN
    if rows > 1e9:
        return "over a billion"
    whole = math.ceil(rows - 1e-9)
    step = 10 ** max(0, len(str(whole)) - 2)
    return f"{-(-whole // step) * step:,}"


def rounded(value: float, digits: int = 2) -> str:
    """A number at so many significant digits, without exponent or needless zeros: 0.3, 1.1, 13, 2,400."""
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    if abs(value) >= 1e9 or decimals > 8:
        return f"{value:.{digits - 1}e}"
    text = f"{round(value, digits - 1 - math.floor(math.log10(abs(value)))):,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_text(amount: float) -> str:
    """An amount in whatever currency: "3,000", "40", "1.25"."""
    return f"{amount:,.0f}" if abs(amount) >= 100 or amount == int(amount) else f"{amount:,.2f}"


def money_range_text(low: float, high: float, currency: str = "") -> str:
    """A likely cost: "40 to 90 USD", "under 1 USD"; to two digits, as nobody knows it better."""
    unit = f" {currency}" if currency else ""
    if high < 1:
        return f"under 1{unit}"
    ends = [money_text(_two_digits(end)) if end >= 1 else "under 1" for end in (low, high)]
    return f"{ends[0]}{unit}" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}{unit}"


def _two_digits(amount: float) -> float:
    return float(f"{amount:.2g}")


def bytes_text(size: float | None) -> str:
    """Room that something takes: "6 KB", "5.9 MB", "1.2 GB"; a thousand bytes are a KB."""
    finite = number(size)
    if finite is None:
        return ""
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if finite >= unit:
            return f"{finite / unit:,.{1 if finite < 10 * unit else 0}f} {name}"
    return f"{math.ceil(finite / 1e3):,} KB"


def answer_text(seconds: float | None) -> str:
    """The time to answer one row: "0.05 ms", "12 ms", "1.2 s"."""
    finite = number(seconds)
    if finite is None:
        return ""
    if finite < 5e-6:
        return "<0.01 ms"
    if finite < 1:
        return f"{1000 * finite:.{2 if finite < 0.001 else 1 if finite < 0.01 else 0}f} ms"
    if finite >= 1e9:  # no time that anybody measured
        return f"{finite:.0e} s"
    return f"{finite:.1f} s" if finite < 60 else durations.show(timedelta(seconds=finite))


def time_text(duration: timedelta | None) -> str:
    """Working time: "55 min", "3 h 40"."""
    return "" if duration is None else durations.show(duration)
