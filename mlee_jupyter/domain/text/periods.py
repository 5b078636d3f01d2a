"""How often something happens by the calendar: "weekly", "12h", "3 days". A day has 24 hours here."""

from __future__ import annotations

import re

from mlee_jupyter.domain.errors import MleeError

HOUR, DAY = 3600.0, 86400.0
MONTH = 730 * HOUR  # a twelfth of a year
_WORDS = {
    "hourly": HOUR,
    "daily": DAY,
    "nightly": DAY,
    "weekly": 7 * DAY,
    "monthly": MONTH,
    "quarterly": 3 * MONTH,
    "yearly": 12 * MONTH,
    "never": float("inf"),
}
_UNITS = {"s": 1.0, "m": 60.0, "h": HOUR, "d": DAY, "w": 7 * DAY}
_NUMBERED = re.compile(
    r"(\d{1,6}(?:\.\d{1,6})?) ?(s|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?|months?)", re.IGNORECASE
)


def period_seconds(text: str) -> float:
    """Seconds from one time to the next; infinite for "never".

    Raises:
        MleeError: no such word, or nothing at all.
    """
    word = " ".join(text.lower().split())
    if word in _WORDS:
        return _WORDS[word]
    found = _NUMBERED.fullmatch(word)
    if found is not None and float(found[1]) > 0:
        unit = MONTH if found[2].startswith("month") else _UNITS[found[2][0]]
        return float(found[1]) * unit
    raise MleeError(f"{text[:40]!r} is no time that comes again.", 'Write "weekly", "12h" or "3 days".')


def period_or_none(text: str | None) -> float | None:
    """The same of what was written earlier; None where nothing was, or nothing that is a period."""
    try:
        return None if text is None else period_seconds(text)
    except MleeError:
        return None


def named_period(text: str | None) -> float | None:
    """Seconds of the first such word in free text, as in "weekly batch"; None where there is none."""
    words = re.findall(r"[a-z]+", (text or "").lower())
    return next((_WORDS[word] for word in words if word in _WORDS and word != "never"), None)


def period_text(seconds: float) -> str:
    """In words: "once a day", "every 2 hours"."""
    for word, named in (("an hour", HOUR), ("a day", DAY), ("a week", 7 * DAY), ("a month", MONTH)):
        if abs(seconds - named) < 0.01 * named:
            return f"once {word}"
    for unit, name in ((MONTH, "months"), (DAY, "days"), (HOUR, "hours"), (60.0, "minutes"), (1.0, "seconds")):
        if seconds >= unit:
            return f"every {seconds / unit:.3g} {name}"
    return f"every {1000 * seconds:.3g} ms"
