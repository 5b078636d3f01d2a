"""The hard time box on real code in this very thread; the table over a real kernel is in benchmarks/."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from mlee_jupyter.errors import MleeError, TimeBoxExceeded, TimeBoxExpired
from mlee_jupyter.hard_stop import HardStop

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
    with pytest.raises(TimeBoxExpired, match="stopped at its limit"), HardStop(LIMIT, never):
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
        with HardStop(LIMIT, never) as stop:
            await stop.run_async(work())  # type: ignore[arg-type]
        return "not reached"

    async def kernel() -> str:
        with pytest.raises(TimeBoxExceeded):
            await asyncio.ensure_future(cell())
        await asyncio.sleep(0.01)
        return "alive"

    assert asyncio.run(kernel()) == "alive"


def test_what_ends_in_time_is_left_alone_and_so_is_what_follows() -> None:
    with HardStop(0.1, never):
        done = sum(range(10))
    time.sleep(0.3)
    assert done == 45


def test_the_users_own_interrupt_still_is_one() -> None:
    def interrupt() -> None:
        time.sleep(0.1)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt) as caught, HardStop(30, never):
        interrupt()
    assert not isinstance(caught.value, TimeBoxExpired)


def test_outside_the_main_thread_it_says_that_it_cannot() -> None:
    said: list[str] = []

    def elsewhere() -> None:
        try:
            with HardStop(1, never):
                pass
        except MleeError as fault:
            said.append(str(fault))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert "main thread" in said[0]
