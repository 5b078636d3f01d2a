"""From a stop on, code of the user's that goes on as if nothing had happened is stopped again.

IPython swallows the interrupt of a shell command, and so do `except BaseException` and `suppress`. What handles the
stop (an except or finally block, the end of a with) may finish; whatever comes after it is stopped at its next step.
Python switches a trace function off when it raises, and a profile function likewise: each switches the other on again.
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
    "<",  # what libraries make at run time; <frozen ...>
)
_CELLS = ("<ipython-input", "<stdin", "<python-input")


def is_theirs(code: CodeType) -> bool:
    """Whether the code is a cell or a module of the user's: no library, and nothing of ours."""
    name = code.co_filename
    if name.startswith(_CELLS):
        return True
    return not name.startswith(_NOT_THEIRS) and "site-packages" not in name and "dist-packages" not in name


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
        self._before: tuple[Any, Any] = (None, None)
        self._handled: list[BaseException] = []

    def begin(self, frames: Iterable[FrameType]) -> None:
        """Start, or start once more; `frames` are running or suspended ones that were entered before."""
        if not self._on:
            self._before = sys.gettrace(), sys.getprofile()
        self._on = True
        self._handled += _chain(sys.exc_info()[1])  # handled since before the stop: that is no answer to it
        self._trace(frames)
        sys.setprofile(self._profile)

    def end(self) -> None:
        """Leave tracing as it was."""
        if self._on:
            self._on = False
            sys.settrace(self._before[0])
            sys.setprofile(self._before[1])
            self._handled.clear()

    def _trace(self, frames: Iterable[FrameType]) -> None:
        for frame in frames:
            if is_theirs(frame.f_code):
                frame.f_trace, frame.f_trace_opcodes = self._step, True
        sys.settrace(self._call)

    def _goes_on(self) -> bool:
        """Whether the stop is not what is being handled now."""
        handled = _chain(sys.exc_info()[1])
        return not any(all(one is not old for old in self._handled) for one in handled) and self._applies()

    def _call(self, frame: FrameType, _: str, __: object) -> Any:
        if not self._on or not is_theirs(frame.f_code):
            return None
        frame.f_trace_opcodes = True
        return self._step

    def _step(self, frame: FrameType, event: str, _: object) -> Any:
        if not self._on:
            return None
        if sys.getprofile() is None:
            sys.setprofile(self._profile)
        if event in ("line", "opcode") and _may_raise(frame) and self._goes_on():
            raise self._fault()
        return self._step

    def _profile(self, frame: FrameType, event: str, _: object) -> None:
        if not self._on:
            return
        if sys.gettrace() is None:
            self._trace(outwards(frame))
        calls = event == "call" and not frame.f_code.co_flags & _SUSPENDS  # those are called when they are resumed too
        caller = frame if event == "c_call" else frame.f_back if calls else None
        if caller is not None and is_theirs(caller.f_code) and _may_raise(caller) and self._goes_on():
            raise self._fault()


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
    return not any(one.f_lasti in _ends(one.f_code) for one in outwards(frame) if is_theirs(one.f_code))


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
