"""From a stop on, code of the user's that goes on as if nothing had happened is stopped again.

IPython swallows the interrupt of a shell command, and so do `except BaseException` and `suppress`. What handles the
stop (an except or finally block, the end of a with) may finish; whatever comes after it is stopped at its next step.
Python switches a trace function off when it raises, and a profile function likewise, and code may put its own in their
place: each switches the other on again.
"""

from __future__ import annotations

import dis
import functools
import inspect
import os
import sys
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

_WAITING = ("SEND", "YIELD_VALUE", "RESUME", "JUMP_BACKWARD_NO_INTERRUPT")  # what goes on is in the awaited one
_AWAITING = ("GET_AWAITABLE", "LOAD_CONST", *_WAITING, "END_SEND")
_SUSPENDS = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_NOT_THEIRS = (
    *(f"{sysconfig.get_paths()[key]}{os.sep}" for key in ("stdlib", "platstdlib", "purelib", "platlib")),
    f"{Path(__file__).parents[1]}{os.sep}",
    "<frozen ",
)
_CELLS = ("<ipython-input", "<stdin", "<python-input", "<timeit-src")  # timeit runs it in a module of its own


def is_theirs(frame: FrameType) -> bool:
    """Whether what runs there is a cell, a module of the user's or text that they run: no library, nothing of ours."""
    name = frame.f_code.co_filename
    if name.startswith(_CELLS):
        return True
    return _is_their_text(frame) if name.startswith("<") else _is_their_file(name)


def _is_their_file(name: str) -> bool:
    return not name.startswith(_NOT_THEIRS) and "site-packages" not in name and "dist-packages" not in name


def _is_their_text(frame: FrameType) -> bool:
    """Of what was compiled from a text (exec, %%time, a dataclass's methods), whose module it runs in.

    Where that says nothing (names of its own), a whole text is theirs, and what it defined is its caller's.
    """
    if frame.f_code.co_filename.startswith(_NOT_THEIRS):
        return False
    module = frame.f_globals.get("__name__")
    if module == "__main__":
        return True
    if module not in sys.modules:
        return frame.f_code.co_name == "<module>" or (frame.f_back is not None and is_theirs(frame.f_back))
    file = getattr(sys.modules[module], "__file__", None)
    return file is not None and _is_their_file(file)


class Insistence:
    """Raises in the user's code of this thread at each step that does not handle the stop, from `begin` to `end`.

    Args:
        fault: makes what is raised.
        applies: whether what runs now is the run that was stopped (a loop has other tasks).
    """

    def __init__(self, fault: Callable[[], BaseException], applies: Callable[[], bool]) -> None:
        self._fault = fault
        self._applies = applies
        self._on = False
        self._before: tuple[Any, Any] = (None, None)  # a tracer and a profiler
        self._handled: list[BaseException] = []

    def enter(self) -> None:
        """The run begins: what watches now is on again after it; a profiler of the run's own ends with it."""
        self._before = sys.gettrace(), sys.getprofile()

    def begin(self, frames: Iterable[FrameType]) -> None:
        """Start, or start once more; `frames` are running or suspended ones that were entered before."""
        if not self._on:  # a run around this one insists too
            now = sys.gettrace(), sys.getprofile()
            self._before = now if all(map(_insists, now)) else self._before
        self._on = True
        self._handled += _chain(sys.exc_info()[1])  # handled since before the stop: that is no answer to it
        self._trace(frames)
        sys.setprofile(self._profile)

    def end(self) -> None:
        """Leave tracing as it was."""
        if self._on:
            self._on = False
            _give_back(sys.settrace, self._before[0])
            _give_back(sys.setprofile, self._before[1])
            self._handled.clear()

    def _trace(self, frames: Iterable[FrameType]) -> None:
        for frame in frames:
            if is_theirs(frame):
                frame.f_trace, frame.f_trace_opcodes = self._step, True
        sys.settrace(self._call)

    def _goes_on(self) -> bool:
        """Whether the stop is not what is being handled now."""
        handled = _chain(sys.exc_info()[1])
        return not any(all(one is not old for old in self._handled) for one in handled) and self._applies()

    def _call(self, frame: FrameType, _: str, __: object) -> Any:
        if not self._on or not is_theirs(frame):
            return None
        frame.f_trace_opcodes = True
        return self._step

    def _step(self, frame: FrameType, event: str, _: object) -> Any:
        if not self._on:
            return None
        if not _insists(sys.getprofile()):  # it raised, or the code has a profiler
            sys.setprofile(self._profile)
        if event in ("line", "opcode") and _may_raise(frame) and self._goes_on():
            raise self._fault()
        return self._step

    def _profile(self, frame: FrameType, event: str, _: object) -> None:
        if not self._on:
            return
        if not _insists(sys.gettrace()):
            self._trace(outwards(frame))
        calls = event == "call" and not frame.f_code.co_flags & _SUSPENDS  # those are called when they are resumed too
        caller = frame if event == "c_call" else frame.f_back if calls else None
        if caller is not None and is_theirs(caller) and _may_raise(caller) and self._goes_on():
            raise self._fault()


def _insists(watcher: Any) -> bool:
    """Whether a tracer or profiler is one of these here."""
    return isinstance(getattr(watcher, "__self__", None), Insistence)


def _give_back(put: Callable[[Any], None], watcher: Any) -> None:
    """Put a tracer or profiler where it was; one written in C, as cProfile's, is no function and is switched on."""
    put(None)
    if hasattr(watcher, "enable"):
        watcher.enable()
    elif watcher is not None:
        put(watcher)


def outwards(frame: FrameType | None) -> Iterable[FrameType]:
    """A frame and those that called it."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def _chain(fault: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while fault is not None and fault not in chain:
        chain.append(fault)
        fault = fault.__context__
    return chain


def _may_raise(frame: FrameType) -> bool:
    """Whether an exception here leaves no handler and no context's end behind that was about to run."""
    code = frame.f_code
    if frame.f_lineno is None or frame.f_lasti in _between(code):
        return False
    return not any(one.f_lasti in _ends(one.f_code) for one in outwards(frame) if is_theirs(one))


@functools.cache
def _between(code: CodeType) -> frozenset[int]:
    """Where handlers begin (what is handled is known one step later), functions begin, and others are waited for."""
    between = ("PUSH_EXC_INFO", *_WAITING)
    return frozenset(step.offset for step in dis.get_instructions(code) if step.opname in between)


@functools.cache
def _ends(code: CodeType) -> frozenset[int]:
    """The steps that end a with: three times None and a call, and an await for an asynchronous one."""
    steps = [step for step in dis.get_instructions(code) if step.opname not in ("CACHE", "PRECALL", "EXTENDED_ARG")]
    found: list[int] = []
    for place in range(len(steps) - 3):
        nones, call = steps[place : place + 3], steps[place + 3]
        if call.opname == "CALL" and all(s.opname.startswith("LOAD_") and s.argval is None for s in nones):
            found += range(nones[0].offset, call.offset + 1)
            for step in steps[place + 4 :]:
                if step.opname not in _AWAITING:
                    break
                found.append(step.offset)
    return frozenset(found)
