"""What a planned candidate is thought to take: as it was written, and in working hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from . import durations
from .errors import MleeError


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """One planned candidate as the charter has it; durations as typed, to compare cells by."""

    candidate: str
    first_try: str | None = None  # "3h": until it has a result
    build: str | None = None  # "15d": until it can be used, once it was chosen
    source: str | None = None  # where the idea is from: blog, paper, docs, own
    simplicity: int | None = None  # 1 is simplest
    gain: float | None = None  # hoped for over the others, in the metric's units


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimated:
    """The same in working time."""

    first_try: timedelta | None = None
    build: timedelta | None = None
    source: str | None = None
    simplicity: int | None = None
    gain: float | None = None


def estimates_in_hours(
    estimates: Iterable[Estimate], hours_a_day: float = durations.HOURS_A_DAY
) -> dict[str, Estimated]:
    """The estimates by candidate; a day is `hours_a_day` working hours."""
    return {
        one.candidate: Estimated(
            first_try=_time(one.first_try, hours_a_day),
            build=_time(one.build, hours_a_day),
            source=one.source,
            simplicity=one.simplicity,
            gain=one.gain,
        )
        for one in estimates
    }


def _time(text: str | None, hours_a_day: float) -> timedelta | None:
    if text is None:
        return None
    try:
        return durations.parse(text, hours_a_day)
    except MleeError:
        return None  # from a file that somebody wrote: an estimate that cannot be read is none


@dataclass(frozen=True, kw_only=True, slots=True)
class PastBox:
    """A time box that has ended."""

    budget: timedelta  # as first set, above 0
    took: timedelta  # active time, above 0
