"""The limit that a user named for a run: how it is asked for, and what is said of it afterwards."""

from __future__ import annotations

from datetime import timedelta

from mlee_jupyter.domain import durations
from mlee_jupyter.domain.errors import MleeError

from .stop import Stop

LATE_SECONDS = 1.0  # from here on past a hard limit, the user is told why
MOST_MINUTES = 1e6


def stop_of(name: str, minutes: float | None, hard: bool, *, flag: str = "--") -> Stop:
    """What stops a run of that name: its hard limit, and in any case the user's own interrupt.

    Args:
        name: the candidate's.
        minutes: the limit; without `hard` nothing is stopped at it.
        hard: whether the run ends at its limit.
        flag: how options are written where this was asked for.

    Raises:
        MleeError: no usable limit.
    """
    example = f"{flag}minutes 10" if flag else "minutes=10"
    if minutes is not None and not 0 < minutes < MOST_MINUTES:
        raise MleeError(f"{flag}minutes {minutes:g} is no limit.", f"Write {example}.")
    if not hard:
        return Stop()
    if minutes is None:
        raise MleeError(f"{flag}hard needs a limit.", f"Add {example}.")
    limit = durations.show(timedelta(minutes=minutes))
    return Stop(
        minutes * 60,
        lambda: print(
            f"{name} is past its {limit} and sits in one call that cannot be stopped from outside. "
            "It ends when that call returns, or when you restart the kernel."
        ),
    )


def over_lines(name: str, took: timedelta, minutes: float | None, stop: Stop) -> list[str]:
    """What is to be said of a run that took longer than its limit."""
    if minutes is None or took <= timedelta(minutes=minutes):
        return []
    said = f"{name} took {durations.show(took)} of its {durations.show(timedelta(minutes=minutes))}"
    if not stop.is_hard:
        return [f"{said}."]
    if stop.took_signals:
        return [f"{said}: it had taken the interrupt for itself."]
    if stop.late_seconds < LATE_SECONDS:
        slow = took - timedelta(minutes=minutes) > timedelta(seconds=LATE_SECONDS)
        return [f"{said}: the rest went into what it does when it is stopped."] if slow else []
    return [f"{said}: it was in one call that cannot be stopped from outside, and ended when that returned."]
