"""Stops a cell at a limit its user asked for, with the kernel alive.

No single primitive stops everything. An awaiting cell is cancelled as a task; if its loop does not answer in
50 ms, or the cell is synchronous, SIGINT is sent to the main thread and our handler raises. A KeyboardInterrupt
must never reach an event loop (it would end the kernel), so asynchronous cells get an ordinary exception.
One call that never returns to the interpreter cannot be stopped; that is said.
"""

from __future__ import annotations

import _thread
import asyncio
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from types import FrameType, TracebackType
from typing import Any, Self

from .errors import MleeError, TimeBoxExceeded, TimeBoxExpired

ANSWER_SECONDS = 0.05  # how long an event loop may take before it counts as busy
AGAIN_SECONDS = 1.0  # between further tries, for code that swallowed the first one
TRIES = 5


class HardStop:
    """A context in which a synchronous body, or one awaited through `run_async`, ends at its limit.

    Args:
        seconds: the limit, from entering the context.
        on_stuck: called from the watching thread when a try went unanswered for a second.

    Raises:
        MleeError: entered outside the main thread, where signals cannot be received.
    """

    def __init__(self, seconds: float, on_stuck: Callable[[], None]) -> None:
        self._seconds = seconds
        self._on_stuck = on_stuck
        self._done = threading.Event()
        self._answered = threading.Event()
        self._sending = threading.Lock()  # no signal may be on its way when our handler is taken down
        self._armed = False
        self._due = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None
        self._previous: Any = None
        self.late_seconds = 0.0  # how far past the limit the body ended

    def __enter__(self) -> Self:
        if threading.current_thread() is not threading.main_thread():
            raise MleeError("--hard can stop cells of the kernel's main thread only.", "Run the cell without --hard.")
        self._deadline = time.monotonic() + self._seconds
        self._previous = signal.signal(signal.SIGINT, self._handle)
        self._armed = True
        threading.Thread(target=self._watch, name="mlee-hard-stop", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._armed = False
        with self._sending:
            self._done.set()
        time.sleep(0)  # one that was sent before arrives here, where our handler still takes it
        signal.signal(signal.SIGINT, self._previous)
        self.late_seconds = max(0.0, time.monotonic() - self._deadline)

    async def run_async(self, body: Awaitable[Any]) -> Any:
        """Await the body inside the limit.

        Raises:
            TimeBoxExceeded: the limit was reached.
        """
        __tracebackhide__ = True
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        try:
            return await body
        except TimeBoxExpired as expired:
            raise TimeBoxExceeded(*expired.args) from None
        except asyncio.CancelledError:
            if not self._due or self._task is None:
                raise  # the user's own interrupt
            self._task.uncancel()
            raise TimeBoxExceeded(self._words()) from None
        finally:
            self._armed = False

    def _words(self) -> str:
        return f"stopped at its limit of {self._seconds / 60:g} min, as asked"

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if not self._due:
            if callable(self._previous):
                self._previous(number, frame)  # the user's interrupt, as if we were not there
            return
        self._answered.set()
        if not self._armed:
            return
        if self._loop is None:
            raise TimeBoxExpired(self._words())
        stepping = asyncio.current_task(self._loop)
        if stepping is self._task:
            raise TimeBoxExpired(self._words())
        if stepping is not None:
            raise TimeBoxExceeded(self._words())

    def _cancel(self) -> None:
        self._answered.set()
        if self._armed and self._task is not None:
            self._task.cancel()

    def _watch(self) -> None:
        if self._done.wait(self._seconds):
            return
        self._due = True
        for _ in range(TRIES):
            self._answered.clear()
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._cancel)
                if self._answered.wait(ANSWER_SECONDS):
                    if self._done.wait(AGAIN_SECONDS):
                        return
                    continue
            with self._sending:
                if self._done.is_set():
                    return
                _interrupt_main()
            if self._done.wait(AGAIN_SECONDS):
                return
            if not self._answered.is_set():
                break
        self._on_stuck()


def _interrupt_main() -> None:
    if hasattr(signal, "pthread_kill") and (main := threading.main_thread().ident) is not None:
        signal.pthread_kill(main, signal.SIGINT)  # also wakes a sleep or a wait, which interrupt_main does not
    else:
        _thread.interrupt_main()
