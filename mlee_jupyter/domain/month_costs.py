"""What running a candidate costs a month, low and high, and what of it cannot be said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

_WORDS = (  # of a mode as somebody writes it, the more special first
    ("device", r"devices?|edge|phones?|browser|embedded"),
    ("on demand", r"serverless|on[- ]demand|functions?|lambda"),
    ("stream", r"stream(?:s|ing|ed)?"),
    ("real-time", r"real[- ]?time|online|live|api|service|interactive"),
    ("batch", r"batch(?:es)?|hourly|daily|nightly|weekly|monthly|quarterly|yearly|offline|scheduled"),
)


def mode_of(words: str | None) -> str | None:
    """Which of the five ways to serve is meant by a mode in free text, as "weekly batch"; None where it names none."""
    said = words or ""
    return next((mode for mode, of in _WORDS if re.search(rf"\b(?:{of})\b", said, re.IGNORECASE)), None)


class CostPart(NamedTuple):
    """One thing that is paid for, in money a month."""

    what: str
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthCost:
    """One candidate's; without parts nothing can be said, and `missing` says why."""

    mode: str | None = None  # one of the five: see mode_of
    parts: tuple[CostPart, ...] = ()
    currency: str = ""
    as_of: str = ""  # the month of the oldest price in it
    missing: tuple[str, ...] = ()  # what is not known, each with what can therefore not be said
    value: float | None = None  # declared, a month, where it is in the same currency
    in_batch: tuple[float, float] | None = None  # the same answers in batches, where they are used once a day or less

    @property
    def low(self) -> float:
        """The least that is likely."""
        return sum(part.low for part in self.parts)

    @property
    def high(self) -> float:
        """The most that is likely."""
        return sum(part.high for part in self.parts)

    @property
    def known(self) -> bool:
        """Whether there is a figure at all."""
        return bool(self.parts)
