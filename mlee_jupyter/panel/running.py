"""Which candidate runs just now: told to the pages once it has run for a moment; what is over at once is not told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from mlee_jupyter.domain.text.names import label, whole
from mlee_jupyter.session.cell_timer import CellClock

SECONDS_BEFORE = 0.5


class AtWork:
    """Watches the clock of one session at a time.

    Args:
        tell: hears of a candidate that runs, in a thread of its own.
    """

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        self._tell = tell
        self._clock: CellClock | None = None
        self._due: threading.Timer | None = None

    def follow(self, clock: CellClock | None) -> None:
        """Watch this clock from now on; None: none."""
        if self._clock is not None:
            self._clock.on_enter = None
        self._clock = clock
        if clock is not None:
            clock.on_enter = self._entered

    def value(self) -> dict[str, Any] | None:
        """The candidate that has run for a moment, and for how long; None: none has."""
        candidate, seconds = self._now()
        if candidate is None or seconds < SECONDS_BEFORE:
            return None
        return {"candidate": whole(candidate), "label": label(candidate, 60), "seconds": round(seconds, 1)}

    def _now(self) -> tuple[str | None, float]:
        return (None, 0.0) if self._clock is None else self._clock.at_work()

    def _entered(self) -> None:
        if self._due is None:
            self._wait(SECONDS_BEFORE)

    def _wait(self, seconds: float) -> None:
        self._due = threading.Timer(seconds, self._late)
        self._due.daemon = True
        self._due.start()

    def _late(self) -> None:
        """Tell what runs; where another one has begun meanwhile, a little later."""
        with suppress(Exception):
            self._due = None
            candidate, seconds = self._now()
            if candidate is None:
                return
            if seconds < SECONDS_BEFORE:
                self._wait(SECONDS_BEFORE - seconds + 0.01)
            elif (value := self.value()) is not None:
                self._tell(value)
