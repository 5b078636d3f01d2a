"""Stops of real code in this very thread; the table over a real kernel is in test_stopped_in_kernel.py."""

from __future__ import annotations

import asyncio
import code
import cProfile
import json
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, contextmanager, suppress

import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain import RunOutcome
from mlee_jupyter.domain.errors import MleeError, TimeBoxExceeded, TimeBoxExpired
from mlee_jupyter.session import current
from mlee_jupyter.stopping import Stop

LIMIT = 0.2


def never() -> None:
    raise AssertionError("nothing was stuck")


def busy() -> None:
    while True:
        pass


def swallowing() -> None:
    while True:
        try:
            sum(range(1000))
        except Exception:
            continue


SYNC: dict[str, Callable[[], object]] = {
    "a loop": busy,
    "a sleep": lambda: time.sleep(30),
    "a loop that swallows exceptions": swallowing,
    "a child process": lambda: subprocess.run([sys.executable, "-c", "import time; time.sleep(30)"], check=False),
    "a lock": lambda: threading.Event().wait(30),
}


@pytest.mark.parametrize("work", SYNC.values(), ids=SYNC)
def test_a_synchronous_body_ends_at_its_limit(work: Callable[[], object]) -> None:
    before = signal.getsignal(signal.SIGINT)
    began = time.monotonic()
    with pytest.raises(TimeBoxExpired, match="stopped at its limit"), Stop(LIMIT, never):
        work()
    assert time.monotonic() - began < 10
    assert signal.getsignal(signal.SIGINT) is before


async def waiting() -> None:
    await asyncio.sleep(30)


async def busy_async() -> None:
    busy()


async def gathered() -> None:
    await asyncio.gather(asyncio.sleep(30), asyncio.sleep(30))


@pytest.mark.parametrize("work", [waiting, busy_async, gathered], ids=lambda work: work.__name__)
def test_an_asynchronous_body_ends_at_its_limit_with_its_loop_alive(work: Callable[[], object]) -> None:
    async def cell() -> str:
        with Stop(LIMIT, never) as stop:
            await stop.run_async(work())  # type: ignore[arg-type]
        return "not reached"

    async def kernel() -> str:
        with pytest.raises(TimeBoxExceeded):
            await asyncio.ensure_future(cell())
        await asyncio.sleep(0.01)
        return "alive"

    assert asyncio.run(kernel()) == "alive"


def test_what_ends_in_time_is_left_alone_and_so_is_what_follows() -> None:
    with Stop(0.1, never):
        done = sum(range(10))
    time.sleep(0.3)
    assert done == 45


def test_the_users_own_interrupt_still_is_one() -> None:
    def interrupt() -> None:
        time.sleep(0.1)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt) as caught, Stop(30, never):
        interrupt()
    assert not isinstance(caught.value, TimeBoxExpired)


def test_outside_the_main_thread_it_says_that_it_cannot() -> None:
    said: list[str] = []

    def elsewhere() -> None:
        try:
            with Stop(1, never):
                pass
        except MleeError as fault:
            said.append(str(fault))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert "main thread" in said[0]


SWALLOWS = """
def swallow():
    try:
        time.sleep(20)
    except KeyboardInterrupt:
        return "stale"
def off():
    swallow()
    sys.settrace(None)
    sys.setprofile(None)
"""
GOES_ON = {
    "a handler": ("try:\n  time.sleep(20)\nexcept BaseException:\n  log('1')\nlog('BAD')", "1"),
    "a handler in a loop": ("while True:\n  try: time.sleep(20)\n  except BaseException: pass", ""),
    "suppress": ("with suppress(BaseException): time.sleep(20)\nlog('BAD')", ""),
    "suppress in a loop": ("while True:\n  with suppress(BaseException): time.sleep(20)", ""),
    "a library": ("swallow()\nlog('BAD')", ""),
    "a library, on one line": ("swallow(); log('BAD')", ""),
    "a library's value": ("log(swallow())", ""),
    "a loop on one line": ("for _ in range(3): log('1'); swallow()", "1"),
    "a comprehension": ("[swallow() for _ in range(3)]", ""),
    "a call back": ("list(map(lambda _: swallow(), range(3)))", ""),
    "three levels": ("while True:\n  try: middle()\n  except: pass", ""),
    "what cleans up may": ("try:\n  time.sleep(20)\nfinally:\n  log('1')\n  log('2')", "12"),
    "and so may a context": ("with opened(): swallow(); log('BAD')", "1"),
    "and an exit": ("with Exit():\n  swallow()\n  log('BAD')", "12"),
    "a context that ends as if nothing had been": ("with Exit():\n  swallow()\nlog('BAD')", "12"),
    "a stack of them": ("with ExitStack() as stack:\n  stack.enter_context(Exit())\n  swallow()\nlog('BAD')", "12"),
    "a fault met in the handler": (
        "try: time.sleep(20)\nexcept BaseException:\n  try: 1 / 0\n  except ArithmeticError: log('1')\n  log('2')",
        "12",
    ),
    "inside another handler": ("try: 1 / 0\nexcept ZeroDivisionError:\n  swallow()\n  log('BAD')", ""),
}
HELPERS = """
def inner():
    while True:
        try: time.sleep(20)
        except: pass
def both():
    swallow()
    log('BAD')
def middle():
    while True:
        try: inner()
        except: pass
@contextmanager
def opened():
    try: yield
    finally: log("1")
class Exit:
    def __enter__(self): pass
    def __exit__(self, *_):
        log("1")
        log("2")
"""


@pytest.mark.parametrize("by_hand", [False, True], ids=["limit", "hand"])
@pytest.mark.parametrize(("body", "said"), GOES_ON.values(), ids=GOES_ON)
def test_what_swallows_a_stop_does_not_go_on(body: str, said: str, by_hand: bool) -> None:
    goes_on(body, said, by_hand)


MADE = {  # who compiles what runs below the cell, and the module it runs in
    "%%time": ("<timed exec>", {"__name__": "__main__"}),
    "%%timeit": ("<magic-timeit>", {"__name__": "__main__"}),
    "timeit": ("<timeit-src>", {"__name__": "timeit"}),
    "exec": ("<string>", {"__name__": "__main__"}),
    "exec with names of its own": ("<string>", {}),
    "exec under a name of its own": ("<string>", {"__name__": "a_name_of_mine"}),
    "exec in a module of the user's": ("<string>", {"__name__": __name__}),
}


@pytest.mark.parametrize(("file", "module"), MADE.values(), ids=MADE)
def test_what_is_made_at_run_time_does_not_go_on_either(file: str, module: dict[str, object]) -> None:
    goes_on("for _ in range(2):\n  log('1')\n  swallow()\n  log('BAD')", "1", file=file, more=module)


def test_what_a_library_makes_at_run_time_is_the_librarys() -> None:
    body = """
made.update(log=log, swallow=swallow)
exec("swallow(); log('1'); log('2')", made)
log('BAD')
"""
    goes_on(body, "12", more={"made": {"__name__": "json"}})


def test_nor_does_a_console_of_the_librarys() -> None:
    body = "interpreter.locals.update(log=log, swallow=swallow)\ninterpreter.runcode(text)\nlog('BAD')"
    text = compile("log('1'); swallow(); log('BAD')", "<console>", "exec")
    with suppress(KeyboardInterrupt):
        goes_on(body, "1", more={"interpreter": code.InteractiveInterpreter(), "text": text})


WATCHED = {  # who takes the place of what insists, and whether that is before or after the stop
    "cProfile": "profile = cProfile.Profile()\nprofile.runcall(swallow); log('BAD')",
    "cProfile, of theirs": "cProfile.Profile().runcall(both)\nlog('BAD')",
    "cProfile that stays on": "cProfile.Profile().enable()\nswallow()\nlog('BAD')",
    "a profile function": "sys.setprofile(lambda *_: None)\nswallow()\nlog('BAD')",
    "a trace function": "sys.settrace(lambda *_: None)\nswallow()\nlog('BAD')",
    "both taken off": "off()\nlog('BAD')",
}


@pytest.mark.parametrize("by_hand", [False, True], ids=["limit", "hand"])
@pytest.mark.parametrize("body", WATCHED.values(), ids=WATCHED)
def test_what_watches_the_code_keeps_no_stop_off(body: str, by_hand: bool) -> None:
    goes_on(body, "", by_hand, more={"cProfile": cProfile})


def test_a_profile_from_before_the_run_is_on_again_after_it() -> None:
    profile = cProfile.Profile()
    profile.enable()
    try:
        with suppress(KeyboardInterrupt), Stop():
            signal.raise_signal(signal.SIGINT)
        json.dumps({})
    finally:
        profile.disable()
    assert sys.getprofile() is None
    assert any(entry.code is json.dumps.__code__ for entry in profile.getstats() if not isinstance(entry.code, str))


def goes_on(
    body: str, said: str, by_hand: bool = True, *, file: str = "<ipython-input-2>", more: Mapping[str, object] = {}
) -> None:
    log: list[str] = []
    names = {
        "time": time,
        "suppress": suppress,
        "ExitStack": ExitStack,
        "contextmanager": contextmanager,
        "log": log.append,
        "sys": sys,
    }
    exec(compile(SWALLOWS, f"{os.__file__}", "exec"), names)  # as a library
    exec(compile(HELPERS, "<ipython-input-1>", "exec"), names)
    stop = Stop(None if by_hand else LIMIT)
    if by_hand:
        threading.Timer(LIMIT, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt), stop:
        exec(compile(body, file, "exec"), {**names, **more})
    assert "".join(log) == said
    assert stop.outcome is (RunOutcome.INTERRUPTED if by_hand else RunOutcome.OUT_OF_TIME)
    assert sys.getprofile() is sys.gettrace() is None


def test_a_run_inside_a_run_ends_with_the_limit_of_the_outer_one() -> None:
    outer, inner = Stop(LIMIT), Stop(20)

    def runs() -> None:
        with suppress(TimeBoxExpired), inner:
            time.sleep(20)
        raise AssertionError("went on")

    with pytest.raises(TimeBoxExpired), outer:
        runs()
    assert outer.outcome is inner.outcome is RunOutcome.OUT_OF_TIME


async def ends() -> list[str]:
    log: list[str] = []

    class Exit:
        async def __aenter__(self) -> None: ...

        async def __aexit__(self, *_: object) -> None:
            await asyncio.sleep(0)
            log.append("closed")

    async def body() -> None:
        async with Exit():
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(20)
        log.append("BAD")

    with pytest.raises(TimeBoxExceeded), Stop(LIMIT) as stop:
        await stop.run_async(body())
    return log


def test_an_asynchronous_context_may_end() -> None:
    assert asyncio.run(ends()) == ["closed"]


def test_a_handler_of_the_users_own_is_theirs() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        with Stop() as stop:
            signal.raise_signal(signal.SIGINT)
            heard.append(0)
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [signal.SIGINT, 0]
    assert stop.outcome is None


def test_os_system_stays_what_pickle_finds() -> None:
    with Stop():
        sent = pickle.dumps(os.system)
    assert pickle.loads(sent) is os.system


@pytest.mark.skipif(not hasattr(os, "fork"), reason="it forks")
@pytest.mark.parametrize("pressed", [False, True], ids=["ends", "is interrupted"])
def test_a_forked_copy_knows_that_the_run_is_its_parents(pressed: bool) -> None:
    """It stops nothing of the parent's, it ends on its own interrupt, and the parent's run goes on."""
    before = signal.getsignal(signal.SIGINT)
    child, ended, met = 0, "as told", Stop()
    try:
        with met:
            child = os.fork()
            if child == 0 and pressed:
                signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        ended = "interrupted"
    if child == 0:
        expected = "interrupted" if pressed else "as told"
        os._exit(0 if met.is_copy and ended == expected and signal.getsignal(signal.SIGINT) is before else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert not met.is_copy
    assert met.outcome is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="it forks")
@pytest.mark.parametrize("raises", [False, True], ids=["ends", "raises"])
def test_a_run_that_forked_is_recorded_once(alone: None, raises: bool) -> None:
    exp = mlee.start("forks", budget="6h")
    child = 0
    with suppress(ValueError), exp.candidate("one") as run:
        child = os.fork()
        if raises:
            raise ValueError("in both")
        run.record(0.9)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    assert [result.candidate for result in current.session().records().results] == ["one"]


HOLDING = ("re.match('(a+)+$', 'a' * 24 + 'b')", "len(bin(7 ** 3_000_000))", "3 ** 2_500_000", "sum(range(30_000_000))")


@pytest.mark.parametrize("call", HOLDING)
def test_a_call_that_holds_the_interpreter_past_the_limit_ends_the_run(call: str) -> None:
    """Its thread has had no turn when the call returns: however little is left to do, the run is out of time."""
    for _ in range(5):
        stop = Stop(0.005)
        with pytest.raises(TimeBoxExpired), stop:
            exec(f"{call}\nn = 1\nm = n + n\n", {"re": re})
        assert stop.outcome is RunOutcome.OUT_OF_TIME


def test_after_such_a_call_nothing_more_is_done() -> None:
    done: list[int] = []
    for _ in range(10):
        with suppress(TimeBoxExpired), Stop(0.02):
            exec(
                "re.match('(a+)+$', 'a' * 24 + 'b')\nfor n in range(3):\n    done.append(n)\n", {"re": re, "done": done}
            )
    assert len(done) <= 10, "at most the call at hand is finished, not the rest of the cell"


def test_a_run_that_blocks_signals_leaves_the_next_one_stoppable() -> None:
    with suppress(TimeBoxExpired), Stop(0.2):
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        busy()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    signal.pthread_sigmask(signal.SIG_UNBLOCK, signal.valid_signals())
