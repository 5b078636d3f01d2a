"""Stops a run at its limit, and remembers that it was stopped, by the limit or by hand; the kernel lives on.

No single primitive stops everything. An awaiting cell is cancelled as a task; if its loop does not answer in
50 ms, or the cell is synchronous, SIGINT is sent to the main thread and our handler raises. A KeyboardInterrupt
must never reach an event loop (it would end the kernel), so asynchronous cells get an ordinary exception.
Whoever swallows the exception (IPython does, for shell commands) is stopped again at the next step, and what the
run started is ended. Where code took the signal for itself, the fault is laid into its thread. One call that never
returns to the interpreter cannot be stopped; that is said.
"""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from types import FrameType, TracebackType
from typing import Any, Self

from mlee_jupyter.domain import RunOutcome
from mlee_jupyter.domain.errors import MleeError, TimeBoxExceeded, TimeBoxExpired

from .insisting import Insistence, outwards
from .laid import lay_into, take_back
from .started import Started
from .unbroken import interrupt_main, is_put_off

ANSWER_SECONDS = 0.05  # how long an event loop may take before it counts as busy
AGAIN_SECONDS = 1.0  # between further tries, for code that swallowed the first one
TRIES = 5
ENTERING_SECONDS = 0.001
CLEANING_SECONDS = 0.25  # from the limit until what the run started is ended; subprocess.run waits as long
SAVING_SECONDS = 1.0  # the same after an interrupt by hand
SHELLS_INTERRUPTED = 130


def _nothing() -> None:
    """Say nothing."""


class Stop:
    """A context in which a synchronous body, or one awaited through `run_async`, can be stopped for good.

    Args:
        seconds: the limit, from entering the context; None: only interrupts by hand stop it.
        on_stuck: called from the watching thread when a try went unanswered for a second.

    Raises:
        MleeError: entered with a limit outside the main thread, where signals cannot be received.
    """

    def __init__(self, seconds: float | None = None, on_stuck: Callable[[], None] = _nothing) -> None:
        self._seconds = seconds
        self._on_stuck = on_stuck
        self._done = threading.Event()
        self._answered = threading.Event()
        self._sending = threading.Lock()  # no signal may be on its way when our handler is taken down
        self._pid = os.getpid()
        self._entered = False
        self._armed = False
        self._by_hand = False
        self._due = False
        self.took_signals = False  # the body did, so that the fault was laid into the main thread
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()  # that were there before
        self._previous: Any = None
        self._outer: Stop | None = None
        self._insistence = Insistence(self.fault, self._is_stepping)
        self.late_seconds = 0.0  # how far past the limit the body first answered, or ended

    @property
    def is_hard(self) -> bool:
        """Whether the run ends at a limit."""
        return self._seconds is not None

    @property
    def outcome(self) -> RunOutcome | None:
        """How the run was stopped, by its own limit, by that of a run around it, or by hand; None: it was not."""
        if self._by_hand:
            return RunOutcome.INTERRUPTED
        if self._due:
            return RunOutcome.OUT_OF_TIME
        return self._outer.outcome if self._outer is not None else None

    @property
    def is_copy(self) -> bool:
        """Whether this is a child that the run forked: the run is its parent's, who stops and records it."""
        return os.getpid() != self._pid

    def fault(self) -> BaseException:
        """What a stopped run ends in."""
        if self._by_hand:
            return KeyboardInterrupt("stopped by hand") if self._loop is None else asyncio.CancelledError()
        if not self._due and self._outer is not None:
            return self._outer.fault()
        return (TimeBoxExpired if self._loop is None else TimeBoxExceeded)(self._words())

    def __enter__(self) -> Self:
        if threading.current_thread() is not threading.main_thread():
            if self._seconds is not None:
                raise MleeError(
                    "--hard can stop cells of the kernel's main thread only.", "Run the cell without --hard."
                )
            return self
        global _innermost
        self._outer, _innermost = _innermost, self
        self._started = Started()
        self._deadline = time.monotonic() + (self._seconds or 0)
        self._system = os.system
        os.system = _noticing(self._system)  # type: ignore[assignment]
        self._blocked = _blocks_interrupts()
        self._previous = signal.signal(signal.SIGINT, self._handle)
        self._insistence.enter()
        self._entered = True
        if self._seconds is not None:
            threading.Thread(target=self._watch, args=(self._seconds,), name="mlee-hard-stop", daemon=True).start()
        self._armed = True  # the last of all: what is raised in here would leave our handler behind
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._entered:
            return
        try:
            self._leave()
        except (TimeBoxExpired, KeyboardInterrupt) as late:  # it arrived on the way
            self._leave()
            if self.outcome is None:
                raise late from None
        if self.is_copy or self.outcome is None:
            return
        if fault is None or not _can_be_told(fault):
            raise self.fault() from None

    def _leave(self) -> None:
        """Put everything back; once more where it was broken off."""
        global _innermost
        self._armed = False
        self._insistence.end()
        if self.is_hard and not self.is_copy and time.monotonic() >= self._deadline:
            self._due = True  # one call held the interpreter, and its thread had no turn since that returned
        if not self.is_copy:  # nor has a copy the thread that sends
            with self._sending:
                self._done.set()
            time.sleep(0)  # one that was sent before arrives here, where our handler still takes it
            if self.took_signals:
                take_back()
        signal.signal(signal.SIGINT, self._previous)
        if _blocks_interrupts() and not self._blocked:  # else no later run could be stopped
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        os.system = self._system
        _innermost = self._outer
        if self.is_copy:
            return
        self._note_late()
        if self._by_hand or self._due:  # else a run around this one ends what began, where no further try meets it
            self._started.end()

    async def run_async(self, body: Awaitable[Any]) -> Any:
        """Await the body inside the limit.

        Raises:
            TimeBoxExceeded: the limit was reached.
        """
        __tracebackhide__ = True
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self._tasks = asyncio.all_tasks(self._loop)
        try:
            return await body
        except TimeBoxExpired as expired:
            raise TimeBoxExceeded(*expired.args) from None
        except asyncio.CancelledError:
            if not self._due or self._by_hand or self._task is None:
                raise  # the user's own interrupt
            self._task.uncancel()
            raise TimeBoxExceeded(self._words()) from None
        finally:
            self._armed = False
            self._insistence.end()
            if self.outcome is not None:
                self._cancel_tasks()

    def _note_late(self) -> None:
        if self._seconds is not None and not self.late_seconds:
            self.late_seconds = max(0.0, time.monotonic() - self._deadline)

    def _words(self) -> str:
        return f"stopped at its limit of {(self._seconds or 0) / 60:g} min, as asked"

    # ------------------------------------------------------------------ in the main thread

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.is_copy:
            if self._loop is not None:  # of the parent, and nobody's here
                raise KeyboardInterrupt
            if callable(self._previous):
                self._previous(number, frame)
            return
        if not self._due:
            self._pass_on(number, frame)
            return
        if frame is not None and frame.f_code is Stop.__exit__.__code__:
            return  # the run is over: it is on its way to say so, and must arrive
        if self._answered.is_set() or not self._armed:
            return
        self._note_late()
        self._answered.set()
        self._started.look()  # what a command began is hard to find once that is gone
        self._insist(frame)
        if self._loop is None:
            raise TimeBoxExpired(self._words())
        stepping = asyncio.current_task(self._loop)
        if stepping is self._task:
            raise TimeBoxExpired(self._words())
        if stepping is not None:
            raise TimeBoxExceeded(self._words())

    def _pass_on(self, number: int, frame: FrameType | None) -> None:
        """The user's interrupt, or the limit of a run around this one: as if we were not there, but remembered."""
        if not callable(self._previous):
            return
        if frame is not None and frame.f_code is Stop.__exit__.__code__ and self._loop is None:
            self._by_hand = True
            return
        if not self._armed or (self._outer is not None and self._outer._due):
            self._previous(number, frame)
            return
        if self._loop is not None:
            self._note(frame)
            if self._previous is signal.default_int_handler:
                self._loop.call_soon_threadsafe(self._cancel)
            else:
                self._previous(number, frame)
                self._loop.call_soon_threadsafe(_nothing)  # wakes the loop, which a kernel's own handler forgets
            return
        try:
            self._previous(number, frame)
            return
        except BaseException as raised:
            fault = raised
        self._note(frame)  # out here, where the interrupt is not being handled yet
        raise fault

    def _note(self, frame: FrameType | None) -> None:
        if not self._by_hand:
            self._by_hand = True
            threading.Thread(target=self._end_started, args=(SAVING_SECONDS,), daemon=True).start()
        self._started.look()
        self._insist(frame)

    def _insist(self, frame: FrameType | None) -> None:
        self._insistence.begin([*outwards(frame), *_suspended(self._task)])

    def _is_stepping(self) -> bool:
        return self._loop is None or asyncio.current_task(self._loop) is self._task

    def _cancel(self) -> None:
        self._note_late()
        self._answered.set()
        self._started.look()
        if self._armed and self._task is not None:
            self._insist(sys._getframe())
            self._task.cancel()

    def _cancel_tasks(self) -> None:
        """End the tasks that began while the body ran."""
        for task in asyncio.all_tasks(self._loop) - self._tasks:
            if task is not self._task:
                task.cancel()

    # ------------------------------------------------------------------ in threads beside it

    def _watch(self, seconds: float) -> None:
        if self._done.wait(seconds):
            return
        self._due = True
        while not self._armed and not self._done.wait(ENTERING_SECONDS):
            pass
        for tried in range(TRIES):
            self._answered.clear()
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._cancel)
                self._clean_up(tried)
                if self._answered.wait(ANSWER_SECONDS):
                    if self._done.wait(AGAIN_SECONDS):
                        return
                    continue
            with self._sending:
                if self._done.is_set():
                    return
                interrupt_main()  # first of all: of what holds the interpreter this thread has one turn at its end
            self._clean_up(tried)
            if self._done.wait(AGAIN_SECONDS):
                return
            if not self._answered.is_set() and not is_put_off() and not self._reach_past_signals():
                break
            if self._done.is_set():
                return
        self._on_stuck()

    def _clean_up(self, tried: int) -> None:
        """See to it, once, that what the run started is ended soon."""
        if tried == 0:
            self._started.look()
            threading.Thread(target=self._end_started, args=(CLEANING_SECONDS,), daemon=True).start()

    def _reach_past_signals(self) -> bool:
        """Where the body took the signal for itself: lay the fault into its thread. False: signals are ours still."""
        main = threading.main_thread().ident
        is_ours = getattr(signal.getsignal(signal.SIGINT), "__func__", None) is Stop._handle
        if self._loop is not None or main is None or is_ours:
            return False
        with self._sending:
            if not self._done.is_set():
                self.took_signals = True
                lay_into(main, TimeBoxExpired)
        self._done.wait(AGAIN_SECONDS)
        return True

    def _end_started(self, patience: float) -> None:
        """End what a body that still runs waits for."""
        if not self._done.wait(patience):
            self._started.end()


_innermost: Stop | None = None


def _blocks_interrupts() -> bool:
    return hasattr(signal, "pthread_sigmask") and signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def _can_be_told(fault: BaseException) -> bool:
    """Whether it has a text: that of %%bash has none where the command was killed before it had a status."""
    try:
        return isinstance(str(fault), str)
    except Exception:
        return False


def _noticing(system: Callable[[Any], int]) -> Callable[[Any], int]:
    """os.system while a body runs: it ignores SIGINT itself, so that only the command's end shows an interrupt."""
    if os.name != "posix":
        return system

    @functools.wraps(system)
    def run(command: Any) -> int:
        status = system(command)
        if os.waitstatus_to_exitcode(status) in (-signal.SIGINT, SHELLS_INTERRUPTED) and _innermost is not None:
            signal.raise_signal(signal.SIGINT)
        return status

    run.__module__ = "os"  # pickled by its name, a worker finds its own
    return run


def _suspended(task: asyncio.Task[Any] | None) -> Iterable[FrameType]:
    """The frames of a task that waits, from the outermost one inwards."""
    awaited = task.get_coro() if task is not None else None
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)
        if frame is not None:
            yield frame
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None)
