"""An exception laid into a thread, where a signal does not reach: it is raised there at the next step of its code."""

from __future__ import annotations

import ctypes
import threading


def lay_into(thread: int, exception: type[BaseException]) -> None:
    """Have it raised in the thread of that ident; in place of one that is on its way."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception))


def take_back() -> None:
    """Catch whatever is on its way into the calling thread.

    CPython can take one back, with NULL, but 3.11 then looks for it ever after, and whatever is profiled or debugged
    later never ends. So another one is laid in its place and caught here.
    """
    try:
        lay_into(threading.get_ident(), _Last)
        while True:  # until it is here, which is at once
            pass
    except _Last:
        pass


class _Last(BaseException):
    """Nothing; it takes the place of an exception that is on its way."""
