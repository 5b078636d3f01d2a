"""How runs end that raised, and how a fault of our own is said: in one line, and no further."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from mlee_jupyter.domain import RunOutcome
from mlee_jupyter.domain.errors import MleeError, StoreError, TimeBoxExceeded, TimeBoxExpired

if TYPE_CHECKING:
    from mlee_jupyter.stopping import Stop


REPORT_TO = "https://github.com/mlee-jupyter/mlee_jupyter/issues"
Item = TypeVar("Item")
shield_faults = True  # tests switch it off, so that a fault of ours fails them


@contextmanager
def faults_said(but: type[MleeError] | None = None) -> Iterator[None]:
    """A fault of ours prints one line and goes no further: it never costs a user's result or breaks a cell.

    Args:
        but: bad input that the caller still wants to see raised; a store that cannot be written is none.
    """
    try:
        yield
    except TimeBoxExceeded:
        raise  # no fault: a limit that was asked for
    except StoreError as fault:
        print(fault)
    except MleeError as fault:
        if but is not None and isinstance(fault, but):
            raise
        print(fault)
    except Exception as fault:
        if not shield_faults:
            raise
        print(f"{fault_line(fault)} Your variables are as they were.")


def read_or_refused(read: Callable[[], list[Item]]) -> list[Item] | MleeError:
    """What a run handed over, read while it may still be stopped; or why it cannot be used, for when it has ended."""
    __tracebackhide__ = True
    found: list[Item] = []
    try:
        with faults_said(but=MleeError):
            found = read()
    except MleeError as refused:
        return refused
    return found


def fault_line(fault: Exception) -> str:
    """A fault of ours, in one line."""
    text = f"{type(fault).__name__}: {' '.join(str(fault).split())[:160]}"
    return f"mlee met a fault of its own ({text}); please report it: {REPORT_TO}."


def ending_of(fault: BaseException, stop: Stop | None = None) -> tuple[RunOutcome, str]:
    """How a run that raised ended, and what is stored of why.

    A run that was stopped may end in anything: its code or a library turned the stop into an error of its own.
    """
    if stop is not None and stop.outcome is not None:
        return stop.outcome, error_text(stop.fault())
    return outcome_of(fault), error_text(fault)


def outcome_of(fault: BaseException) -> RunOutcome:
    """How a run that raised ended, by its exception."""
    if isinstance(fault, TimeBoxExpired | TimeBoxExceeded):
        return RunOutcome.OUT_OF_TIME
    import asyncio

    interrupted = isinstance(fault, KeyboardInterrupt | asyncio.CancelledError)
    return RunOutcome.INTERRUPTED if interrupted else RunOutcome.ERROR


def error_text(fault: BaseException) -> str:
    """Type and message of what a run raised, short enough to store."""
    return f"{type(fault).__name__}: {fault}"[:2000]
