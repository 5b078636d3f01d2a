"""Who follows the open experiment while a cell runs: all of them are shown the same look at the same moment.

A look that the session takes anyway, after each record, is passed on: at once, or, where the last one is too young, the
newest of those that came meanwhile when its time has come. The slowest of the watchers sets the pace, so no two places
of the page ever differ. Nobody watching costs nothing, and nothing here may raise into a user's cell.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mlee_jupyter.domain import Evidence, Finding

followers: list[Callable[[Any], None]] = []  # told of every session that this process makes
SOONEST = 0.01  # seconds; a timer that fires early is set once more


class Watcher(Protocol):
    """A place that shows the experiment."""

    def wait(self) -> float:
        """Seconds until it may show something again; 0 or less: now."""

    def show(self, evidence: Evidence, findings: Sequence[Finding]) -> None:
        """Show it; in whatever thread the look was taken, or in a thread of the watching."""


class Watching:
    """The watchers of one session."""

    def __init__(self) -> None:
        self.seen = -1  # uses of the session that every watcher knows of, or is about to be shown
        self._watchers: list[Watcher] = []
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._due: threading.Timer | None = None
        self._newest: tuple[Evidence, Sequence[Finding]] | None = None

    def __bool__(self) -> bool:
        return bool(self._watchers)

    def add(self, watcher: Watcher) -> None:
        """Show it what is looked at from now on."""
        self._watchers.append(watcher)

    def remove(self, watcher: Watcher) -> None:
        """Show it nothing more."""
        with suppress(ValueError):
            self._watchers.remove(watcher)

    def wait(self) -> float:
        """Seconds until all of them may show something again."""
        return max((one.wait() for one in tuple(self._watchers)), default=0.0)

    def tell(
        self, evidence: Evidence, findings: Sequence[Finding], uses: int, *, shown_by: Watcher | None = None
    ) -> None:
        """Pass on a look at the open experiment.

        Args:
            evidence: as it stands.
            findings: every rule's answer.
            uses: the session's, when it looked.
            shown_by: who shows it already.
        """
        if not self._watchers or os.getpid() != self._pid:  # a forked worker: the page is not its own
            return
        with suppress(Exception):
            self.seen = uses
            with self._lock:
                self._newest = (evidence, findings)
                wait = 0.0 if shown_by is not None else self.wait()
                if wait > 0:
                    self._set(wait)
                    return
                self._newest = None
            self._show(evidence, findings, shown_by)

    def _set(self, wait: float) -> None:
        if self._due is None:
            self._due = threading.Timer(max(wait, SOONEST), self._late)
            self._due.daemon = True
            self._due.start()

    def _late(self) -> None:
        """Show the newest of what came too early."""
        with suppress(Exception):
            with self._lock:
                self._due, newest = None, self._newest
                if newest is None:
                    return
                if (wait := self.wait()) > 0:
                    self._set(wait)
                    return
                self._newest = None
            self._show(*newest, None)

    def _show(self, evidence: Evidence, findings: Sequence[Finding], shown_by: Watcher | None) -> None:
        for watcher in tuple(self._watchers):
            if watcher is not shown_by:
                with suppress(Exception):
                    watcher.show(evidence, findings)
