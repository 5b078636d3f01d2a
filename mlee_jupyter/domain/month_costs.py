"""What running a candidate costs a month, low and high, and what of it cannot be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

MODES = ("batch", "on demand", "real-time", "stream", "device")


class CostPart(NamedTuple):
    """One thing that is paid for, in money a month."""

    what: str
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthCost:
    """One candidate's; without parts nothing can be said, and `missing` says why."""

    mode: str | None = None  # one of MODES
    parts: tuple[CostPart, ...] = ()
    currency: str = ""
    missing: tuple[str, ...] = ()  # what is not known, each with what can therefore not be said
    value: float | None = None  # declared, a month, where it is in the same currency

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
