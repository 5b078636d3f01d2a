"""Stopped means stopped: every form of running code, at a hard limit and by hand, in a real kernel.

Each form works for 30 seconds more, notes that it has begun, and would then hand over stale predictions.
"""

from __future__ import annotations

import itertools
import os
import textwrap
import time
from collections.abc import Iterator

import psutil
import pytest

from benchmarks.kernels import Kernel, kernel

SLEEP = f"30.{os.getpid():07d}"  # known from those of other tests
PREPARE = """
%load_ext mlee_jupyter
import asyncio, functools, multiprocessing, os, subprocess, sys, threading, time
from concurrent import futures
from contextlib import suppress
import joblib
import numpy as np
import mlee_jupyter as mlee
from mlee_jupyter.session import current
y_test = np.arange(400) % 2
stale = y_test.copy()
server = multiprocessing.get_context("forkserver")
server.Process(target=os.getpid).start()
exp = mlee.start("boxed", budget="6h", truth=y_test, metric="accuracy")
A = np.ones((200, 200))
def begun():
    open("begun", "w").close()
def work(_=None):
    begun()
    subprocess.run(["sleep", "SLEEP"])
def spin(_=None):
    begun()
    until = time.monotonic() + 30
    while time.monotonic() < until:
        pass
async def wait_long():
    begun()
    await asyncio.sleep(30)
went_on = functools.partial(open, "went_on", "w")  # no code of the cell's, in which the stop would be met
"""
SHELL = f"touch begun && sleep {SLEEP} && echo done"
FORMS = {
    "!": f"!{SHELL}",
    "x = !": f"log = !{SHELL}",
    "!!": f"!!{SHELL}",
    "a loop of !": f"for _ in range(3):\n    !{SHELL}",
    "a loop of ! in one line": f"for _ in range(3): get_ipython().system({SHELL!r})",
    "a loop of x = !": f"logs = []\nfor _ in range(3):\n    log = !{SHELL}\n    logs.append(log)",
    "two in one line": f"get_ipython().getoutput({SHELL!r}); went_on()",
    "%sx": f"%sx {SHELL}",
    "%system": f"%system {SHELL}",
    "! of a group": f"!(trap '' TERM HUP INT; touch begun; sleep {SLEEP}; echo done)",
    "%%bash": f'get_ipython().run_cell_magic("bash", "", {SHELL!r})',
    "%%bash that may fail": f'get_ipython().run_cell_magic("bash", "--no-raise-error", {SHELL!r})',
    "%%bash that traps": (
        f'get_ipython().run_cell_magic("bash", "", "trap \\"\\" INT TERM; touch begun; sleep {SLEEP}")'
    ),
    "%%sh": f'get_ipython().run_cell_magic("sh", "", {SHELL!r})',
    "%%script": f'get_ipython().run_cell_magic("script", "bash", {SHELL!r})',
    "a loop below %%time": f"%%time\nfor _ in range(3):\n    log = !{SHELL}\n    went_on()",
    "suppress below %%time": "%%time\nwith suppress(KeyboardInterrupt):\n    spin()",
    "%time in a function": f"def timed():\n    %time get_ipython().system({SHELL!r})\n    went_on()\ntimed()",
    "below %%prun": f"%%prun -q\n!{SHELL}",
    "below %%timeit": f"%%timeit -n 3 -r 1\n!{SHELL}",
    "exec": f"exec({f'get_ipython().system({SHELL!r}); went_on()'!r})",
    "get_ipython().system": f"get_ipython().system({SHELL!r})",
    "system_raw": f"get_ipython().system_raw({SHELL!r})",
    "subprocess.run": f"subprocess.run({SHELL!r}, shell=True)",
    "subprocess.call": f"subprocess.call({SHELL!r}, shell=True)",
    "check_output": f"subprocess.check_output({SHELL!r}, shell=True)",
    "Popen.wait": f"subprocess.Popen({SHELL!r}, shell=True).wait()",
    "Popen that is polled": f"p = subprocess.Popen({SHELL!r}, shell=True)\nwhile p.poll() is None: time.sleep(0.01)",
    "os.system": f"os.system({SHELL!r})",
    "os.popen": f"os.popen({SHELL!r}).read()",
    "multiprocessing.Pool": "with multiprocessing.Pool(2) as pool:\n    pool.map(work, range(4))",
    "a Pool left open": "pool = multiprocessing.Pool(2)\npool.map(work, range(4))",
    "Process.join": "p = multiprocessing.Process(target=work)\np.start()\np.join()",
    "ProcessPoolExecutor": "with futures.ProcessPoolExecutor(2) as pool:\n    list(pool.map(work, range(4)))",
    "forkserver's Process": "p = server.Process(target=time.sleep, args=[30])\np.start()\nbegun()\np.join()",
    "more sleepers than workers": (
        "with futures.ProcessPoolExecutor(2, mp_context=server) as pool:\n"
        "    pool.submit(os.getpid).result()\n    begun()\n    list(pool.map(time.sleep, [30] * 4))"
    ),
    "os.fork": "child = os.fork()\nwork()\nos.waitpid(child, 0)",
    "ThreadPoolExecutor": "with futures.ThreadPoolExecutor(2) as pool:\n    list(pool.map(spin, range(2)))",
    "a thread": "t = threading.Thread(target=spin)\nt.start()\nt.join()",
    "joblib": f"joblib.Parallel(n_jobs=2)(joblib.delayed(os.system)('touch begun; sleep {SLEEP}') for _ in range(4))",
    "joblib threads": "joblib.Parallel(n_jobs=2, prefer='threads')(joblib.delayed(spin)() for _ in range(4))",
    "await": "await wait_long()",
    "gather": "await asyncio.gather(wait_long(), wait_long())",
    "a task": "task = asyncio.create_task(wait_long())\nawait asyncio.sleep(30)",
    "an await that swallows": "for _ in range(3):\n    try: await wait_long()\n    except BaseException: pass",
    "a child process that is awaited": (
        f"process = await asyncio.create_subprocess_shell({SHELL!r})\nawait process.wait()"
    ),
    "a busy cell that awaits": "await asyncio.sleep(0)\nspin()",
    "a loop in a thread": "t = threading.Thread(target=asyncio.run, args=[wait_long()]); t.start()\nt.join()",
    "time.sleep": "begun()\ntime.sleep(30)",
    "a Python loop": "spin()",
    "numpy": "begun()\nfor _ in range(100_000): A @ A",
    "except KeyboardInterrupt": "try:\n    work()\nexcept KeyboardInterrupt:\n    pass",
    "except BaseException in a loop": "while True:\n    try:\n        spin()\n    except BaseException:\n        pass",
    "suppress": "with suppress(BaseException):\n    spin()",
    "suppress in a loop": "while True:\n    with suppress(KeyboardInterrupt):\n        time.sleep(begun() or 30)",
    "turned into another error": "try:\n    spin()\nexcept KeyboardInterrupt:\n    raise ValueError('no') from None",
    "cleaning up": ("try:\n    work()\nfinally:\n    time.sleep(0.05)\n    open('cleaned', 'w').close()"),
}
PRESSES = {"ThreadPoolExecutor": 2}  # the first one is spent on waiting for its threads, as in Python itself
MINUTES = {"joblib": 0.1, "more sleepers than workers": 0.1}  # its workers begin later than that
WAYS = ("limit", "hand")
OUTCOMES = {"limit": "out of time", "hand": "interrupted"}


@pytest.fixture(scope="module")
def running() -> Iterator[Kernel]:
    with kernel() as made:
        ran = made.run(PREPARE.replace("SLEEP", SLEEP))
        assert ran.error is None, ran.traceback
        yield made


def as_magic(body: str, way: str, name: str, minutes: float = 0.01) -> str:
    return (
        f"%%mlee_candidate {name} {f'--minutes {minutes} --hard' if way == 'limit' else ''}\n{body}\nwent_on()\nstale"
    )


def as_context(body: str, way: str, name: str) -> str:
    limit = ", minutes=0.01, hard=True" if way == "limit" else ""
    inside = textwrap.indent(f"{body}\nwent_on()\nrun.record(stale)", "    ")
    return f"with exp.candidate({name!r}{limit}) as run:\n{inside}"


_number = itertools.count()


def stopped(running: Kernel, cell: str, way: str, name: str, most_presses: int = 1) -> str:
    """Run the cell, stop it, and hold the kernel to what a stop means; gives back what was shown."""
    marks = {mark: running.folder / mark for mark in ("begun", "went_on")}
    for mark in marks.values():
        mark.unlink(missing_ok=True)
    presses = 0

    def interrupt() -> None:
        nonlocal presses
        if way == "hand" and presses < most_presses and marks["begun"].exists():
            time.sleep(0.1 if presses == 0 else 1.5)
            presses += 1
            running.manager.interrupt_kernel()

    ran = running.run(cell, meanwhile=interrupt, timeout=50)
    after = running.run(
        "print([str(r.outcome) for r in current.session().records().results"
        f" if r.candidate == {name!r}], 6 * 7, threading.active_count() < 60)"
    )
    shown = ran.printed + ran.traceback
    assert ran.status == "error", f"not stopped: {shown}"
    assert after.printed.strip() == f"['{OUTCOMES[way]}'] 42 True", (after.printed, shown)
    assert marks["begun"].exists(), shown
    assert not marks["went_on"].exists(), f"the rest ran: {shown}"
    assert "fault of its own" not in shown, shown
    assert "'Profile' object" not in shown, shown
    sleeping = [p.pid for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", SLEEP] and _lives(p)]
    assert not sleeping, sleeping
    assert not (left := left_behind(running)), left
    return shown


def left_behind(running: Kernel) -> list[psutil.Process]:
    """The kernel's processes but for Python's own servants, which are its children."""
    kernels = psutil.Process(running.manager.provisioner.pid)  # type: ignore[union-attr]
    return [
        process
        for process in kernels.children(recursive=True)
        if _lives(process) and not (process.ppid() == kernels.pid and _is_servant(process))
    ]


def _is_servant(process: psutil.Process) -> bool:
    words = " ".join(process.cmdline())
    return "resource_tracker" in words or "forkserver" in words


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", FORMS)
def test_a_stopped_cell_is_stopped(running: Kernel, form: str, way: str) -> None:
    name = f"n{next(_number)}"
    stopped(running, as_magic(FORMS[form], way, name, MINUTES.get(form, 0.01)), way, name, PRESSES.get(form, 1))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", ["!", "%%bash", "os.system", "time.sleep", "except BaseException in a loop"])
def test_a_stopped_block_is_stopped(running: Kernel, form: str, way: str) -> None:
    name = f"n{next(_number)}"
    stopped(running, as_context(FORMS[form], way, name), way, name)


TAKEN = {  # by the body, so that only its own limit reaches it: an interrupt by hand is ignored, as it asked for
    "ignored": "signal.SIG_IGN",
    "handled by its own": "lambda *_: None",
}


@pytest.mark.parametrize("handler", TAKEN.values(), ids=TAKEN)
def test_a_cell_that_takes_the_signals_is_stopped(running: Kernel, handler: str) -> None:
    body = f"import signal\nfor one in (2, 10, 12, 14, 15): signal.signal(one, {handler})\nspin()"
    name = f"n{next(_number)}"
    shown = stopped(running, as_magic(body, "limit", name), "limit", name)
    assert "one call" not in shown, shown
    profiled = running.run("sys.setprofile(lambda *_: None)\nbegun()\nsys.setprofile(None)\nprint('profiled')")
    assert profiled.printed.strip() == "profiled"


HANDED = {  # works when it is read, after the cell's last line
    "a model that predicts": "class Handed:\n    def predict(self, X):\n        WORK\n        return stale\n",
    "an array that is made when it is read": (
        "class Handed:\n    def __array__(self, *given, **named):\n        WORK\n        return stale\n"
    ),
}
WORKS = {"Python": "spin()", "a call": "begun(); time.sleep(30)", "a process": "work()"}


DOORS = ("magic", "awaiting", "context")
READ = [  # every other one by hand
    case
    for place, case in enumerate(itertools.product(DOORS, HANDED, WORKS, WAYS))
    if case[-1] == "limit" or place % 4 == 1
]


@pytest.mark.parametrize(("door", "handed", "work", "way"), READ, ids=[", ".join(case) for case in READ])
def test_what_is_handed_over_is_read_within_the_limit(
    running: Kernel, door: str, handed: str, work: str, way: str
) -> None:
    name = f"n{next(_number)}"
    running.run(f"{HANDED[handed].replace('WORK', WORKS[work])}features = np.zeros((400, 1))")
    limit = "--minutes 0.01 --hard" if way == "limit" else ""
    first = "await asyncio.sleep(0)\n" if door == "awaiting" else ""
    cell = f"%%mlee_candidate {name} {limit} --features features\n{first}Handed()"
    if door == "context":
        limit = ", minutes=0.01, hard=True" if way == "limit" else ""
        cell = f"with exp.candidate({name!r}, features='features'{limit}) as run:\n    run.record(Handed())"
    stopped(running, cell, way, name)


def test_what_a_shell_left_behind_is_not_recorded(running: Kernel) -> None:
    """Three candidates whose training runs outside of Python, each with something stale to hand over."""
    running.run("np.save('stale.npy', stale)")
    for number, training in enumerate(
        ("!sleep 15 && echo finished", "log = !sleep 15", 'get_ipython().run_cell_magic("bash", "", "sleep 15")')
    ):
        ran = running.run(f"%%mlee_candidate outside{number} --minutes 0.01 --hard\n{training}\nnp.load('stale.npy')")
        assert "was stopped at its limit" in ran.printed
    kept = running.run(
        "print({str(r.outcome) for r in current.session().records().results if 'outside' in r.candidate})"
    )
    assert kept.printed.strip() == "{'out of time'}"
    assert running.run("%%mlee_candidate inside\nstale").error is None


def test_what_a_fork_server_began_before_runs_on(running: Kernel) -> None:
    """Its own servant and what it works at since before the run are nobody's leavings."""
    running.run("before = server.Process(target=time.sleep, args=[60])\nbefore.start()")
    time.sleep(0.1)  # a birth is known to a hundredth of a second
    cell = "%%mlee_candidate beside --minutes 0.05 --hard\nmeanwhile = server.Process(target=time.sleep, args=[60])\n"
    ran = running.run(cell + "meanwhile.start()\nmeanwhile.join()")
    after = running.run("print(before.is_alive(), meanwhile.is_alive())\nbefore.terminate(); before.join()")
    assert "was stopped at its limit" in ran.printed
    assert after.printed.strip() == "True False"


def test_without_hard_a_limit_stops_nothing(running: Kernel) -> None:
    ran = running.run("%%mlee_candidate patient --minutes 0.001\n!sleep 0.3\nstale")
    assert ran.error is None
    assert "patient took" in ran.printed
