"""What no stop breaks: a transaction is finished first, and the stop comes at its end."""

from __future__ import annotations

import _thread
import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

MOST_PUT_OFF = 2  # stops; whoever asks a third time waits for something that does not end
PATIENCE_SECONDS = 1.0  # with what waits, for a store that another program holds; then it is asked again and again
AGAIN_SECONDS = 0.05


@contextlib.contextmanager
def unbroken() -> Iterator[None]:
    """What is done inside is not stopped, by hand or at a limit: the stop is raised at its end, a third one at once.

    In the main thread, where stops arrive; inside another of these nothing is new.
    """
    previous = signal.getsignal(signal.SIGINT)
    here = threading.current_thread() is threading.main_thread()
    if not here or not callable(previous) or is_put_off():
        yield
        return
    pressed: list[int] = []
    left, sending = threading.Event(), threading.Lock()

    def insist() -> None:
        while not left.wait(PATIENCE_SECONDS if len(pressed) < MOST_PUT_OFF else AGAIN_SECONDS):
            with sending:
                if not left.is_set():
                    interrupt_main()

    def later(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        if len(pressed) == 1:
            threading.Thread(target=insist, daemon=True).start()
        if len(pressed) > MOST_PUT_OFF and callable(previous):
            previous(number, frame)

    later.puts_off = True  # type: ignore[attr-defined]
    signal.signal(signal.SIGINT, later)
    try:
        yield
    finally:
        with sending:
            left.set()
        if signal.getsignal(signal.SIGINT) is later:
            signal.signal(signal.SIGINT, previous)
        if pressed:
            signal.raise_signal(signal.SIGINT)


def is_put_off() -> bool:
    """Whether a stop that is sent now would wait."""
    return bool(getattr(signal.getsignal(signal.SIGINT), "puts_off", False))


def interrupt_main() -> None:
    """Interrupt the main thread, whatever it waits for."""
    if hasattr(signal, "pthread_kill") and (main := threading.main_thread().ident) is not None:
        signal.pthread_kill(main, signal.SIGINT)  # wakes a sleep or a wait, which interrupt_main does not
    _thread.interrupt_main()  # reaches the handler after os.system too, which lets the process ignore SIGINT
