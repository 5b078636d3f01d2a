"""The small hook on IPython's events that feeds the clock; it writes nothing and costs a few microseconds.

Cells that run back to back are one span; spans wait in memory until a magic, the flusher thread or the end of
the kernel takes them to the store.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from mlee_jupyter.domain import Span

from .cell_place import CellPlace

FLUSH_SECONDS = 30.0


class CellClock:
    """Remembers when cells of this kernel ran, and calls back when a share of the box is used up.

    Args:
        kernel: what tells this kernel from others; new after a restart.
        idle_seconds: gaps from this on are not working time.
        wall: seconds since 1970; an argument so that tests can turn it.
    """

    def __init__(self, kernel: str, idle_seconds: float, wall: Callable[[], float] = time.time) -> None:
        self.kernel = kernel
        self.candidate: str | None = None  # whose cell is running
        self._entered: float | None = None  # since when its code runs
        self._idle = idle_seconds
        self._wall = wall
        self._began: float | None = None
        self._spans: list[list[Any]] = []  # [start, end, candidate]; only the last one still grows
        self._lock = threading.Lock()
        self.left: float | None = None  # active seconds until `on_limit` is due; None: no limit ahead
        self.on_limit: Callable[[], None] | None = None
        self.on_begin: Callable[[], None] | None = None  # of every cell
        self.on_end: Callable[[], None] | None = None
        self.on_enter: Callable[[], None] | None = None  # a candidate's work begins
        self.sent: Callable[[], float | None] = lambda: None  # when the front end sent the running cell, by its clock
        self.place: Callable[[], CellPlace | None] = lambda: None  # which cell runs
        self.written = wall()  # when the running code was fixed at the latest; a script's was as it began
        self._skew: float | None = None  # how much later this clock is than the front end's, at the most
        self.running = False  # only while an experiment's time runs

    # -- IPython's events -------------------------------------------------------------------------

    def pre_run_cell(self, _cell: object = None) -> None:
        """A cell begins."""
        self._began = self.written = self._wall()
        self.candidate = None
        if self.on_begin is not None:
            self.on_begin()
        if (sent := self.sent()) is not None:  # a queued cell was written before those ahead of it had run
            late = self._began - sent
            self._skew = late if self._skew is None else min(self._skew, late)
            self.written = sent + self._skew

    def post_run_cell(self, _result: object = None) -> None:
        """A cell ended; `_result` may be None (a cancelled async cell), the begin may be missing (the first cell)."""
        if self.on_end is not None:
            self.on_end()
        began, self._began = self._began, None
        if began is None or not self.running:
            return
        spent = self._add(began, self._wall(), self.candidate)
        if self.left is not None:
            self.left -= spent
            if self.left <= 0 and self.on_limit is not None:
                self.left = None
                self.on_limit()

    # -- what the session asks --------------------------------------------------------------------

    def enter(self, candidate: str | None) -> None:
        """From here on the running cell works for this candidate (None: for nobody in particular)."""
        if self.running and self._began is not None and candidate != self.candidate:
            now = self._wall()
            spent = self._add(self._began, now, self.candidate)
            if self.left is not None:
                self.left -= spent
            self._began = now
        self.candidate, self._entered = candidate, self._wall()
        if candidate is not None and self.on_enter is not None:
            self.on_enter()

    def came_back(self) -> None:
        """The candidate's code is through; the rest of the cell, its record, counts for it too."""
        self._entered = None

    def at_work(self) -> tuple[str | None, float]:
        """The candidate whose code runs, and for how many seconds now."""
        candidate, entered = self.candidate, self._entered
        if candidate is None or entered is None or not self.is_in_cell:
            return None, 0.0
        return candidate, max(0.0, self._wall() - entered)

    @property
    def is_in_cell(self) -> bool:
        """Whether a cell runs, and its time counts."""
        return self.running and self._began is not None

    def touch(self) -> None:
        """Something is done between cells, in a panel: what was thought until now was work."""
        if self.running and self._began is None:
            now = self._wall()
            self._add(now, now, None)

    def start(self) -> None:
        """Time runs from now on; the cell that says so counts from here."""
        if not self.running:
            self.running = True
            self._began = self._wall()

    def set_idle(self, seconds: float) -> None:
        """Gaps from this on are not working time, from now on."""
        self._idle = seconds

    def stop(self) -> None:
        """Time stops; the cell that says so counts until here."""
        if self.running:
            if self._began is not None:
                self._add(self._began, self._wall(), self.candidate)
                self._began = None
            self.running = False

    def pending(self) -> list[Span]:
        """Spans the store may not have yet, with the cell that is running now; the newest one may still grow."""
        with self._lock:
            spans = [tuple(span) for span in self._spans]
        if self.running and self._began is not None:
            spans.append((self._began, self._wall(), self.candidate))
        return [Span(kernel=self.kernel, candidate=c, start=_utc(s), end=_utc(e)) for s, e, c in spans]

    def settle(self, stored: Sequence[Span]) -> None:
        """Forget what the store has; the newest finished span stays, for it may still grow."""
        with self._lock:
            done = {span.start for span in stored}
            self._spans = [s for s in self._spans[:-1] if _utc(s[0]) not in done] + self._spans[-1:]

    def clear(self) -> None:
        """Forget all spans: another experiment begins."""
        with self._lock:
            self._spans.clear()

    def _add(self, start: float, end: float, candidate: str | None) -> float:
        """Take in one cell; give back the active seconds it added, its gap included."""
        end = max(start, end)
        with self._lock:
            last = self._spans[-1] if self._spans else None
            gap = start - last[1] if last else self._idle
            near = gap < self._idle
            if last and near and last[2] == candidate:
                last[1] = max(last[1], end)
            else:
                self._spans.append([start, end, candidate])
        return end - start + (max(gap, 0.0) if near else 0.0)


class Flusher:
    """A daemon thread that takes spans to the store now and then, so that a killed kernel loses seconds only."""

    def __init__(self, flush: Callable[[], None], seconds: float = FLUSH_SECONDS) -> None:
        self._flush = flush
        self._seconds = seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mlee-flusher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a last flush is the caller's."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            self._flush()


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
