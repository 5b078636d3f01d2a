"""Runs commands in folders that mean harm, in one process: prints what came of each and what each took.

`python -m tests.hostile.child FILE`: FILE holds a JSON list of {"folder": ..., "command": [...]}. Each is stopped at
its seconds of the processor, and at twice its room, so that who caught the MemoryError is known by what it took.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOM = 500 * 2**20  # bytes that one may add
SECONDS = 5.0  # of the processor for one, children included: a fraction of one will do, a hang or a square breaks it
PATIENCE = 120  # seconds by the clock: for what waits and uses no processor


class HungError(BaseException):
    """A watchdog barked."""


def bark(number: int, _: object) -> None:
    raise HungError(f"{SECONDS:g} s of the processor" if number == signal.SIGPROF else f"{PATIENCE} s by the clock")


def listen() -> None:
    for one in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(one, bark)


def used() -> float:
    """Seconds of the processor so far: of this process, and of the children that ended."""
    own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in (own, children))


def memory(word: str) -> int:
    """Bytes of this process: VmSize are mapped, VmRSS resident, VmHWM resident at the most."""
    return int(Path("/proc/self/status").read_text().partition(f"{word}:")[2].split()[0]) * 1024


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Room for one more, and the watchdogs."""
    resource.setrlimit(resource.RLIMIT_AS, (memory("VmSize") + 2 * ROOM, resource.RLIM_INFINITY))
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(used() + 3 * SECONDS), resource.RLIM_INFINITY)
    )  # no signal is heard in C
    Path("/proc/self/clear_refs").write_text("5")  # the most resident counts from here
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def run(work: Callable[[], object]) -> dict[str, Any]:
    """What came of it, and what it took."""
    out, err = io.StringIO(), io.StringIO()
    before, resident, fault, code = used(), memory("VmRSS"), "", None
    try:
        with watched(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = work()
    except SystemExit as end:
        code = end.code
    except BaseException as end:
        fault = f"{type(end).__name__}: {str(end)[:300]}"
    took = {"seconds": used() - before, "bytes": memory("VmHWM") - resident}
    return {"code": code, "out": out.getvalue(), "err": err.getvalue(), "fault": fault, **took}


def main(file: str) -> None:
    from mlee_jupyter import report, store  # noqa: F401
    from mlee_jupyter.cli import main as cli
    from mlee_jupyter.convert import package  # noqa: F401
    from mlee_jupyter.session import faults

    faults.shield_faults = False
    listen()
    for order in json.loads(Path(file).read_text()):
        os.chdir(order["folder"])
        answer = run(functools.partial(cli.main, order["command"]))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
