"""The bounds of the hostile cases see what they are for, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from .world import ROOT, environment, too_much

SECONDS = 1.0  # the bound of these, for the sake of time; the cases have more
ENOUGH = 60.0  # where the room is to be what strikes, however slowly the machine gives memory

LOOPS = {
    "a loop without end": ("while True:\n    pass", "s of the processor"),
    "a loop that nothing interrupts": ("sum(range(10**12))", "ended the process"),
    "a loop in a child": (
        "import os, time\nif not os.fork():\n    while time.process_time() < 2:\n        1\n    os._exit(0)\nos.wait()",
        "s of the processor",
    ),
}
LARGE = {
    "600 MB": ("x = b'1' * (600 * 2**20)", "MB"),
    "600 MB, let go again": ("x = b'1' * (600 * 2**20)\ndel x", "MB"),
    "all the memory, and what stops it caught": (
        "x = []\ntry:\n    while True:\n        x.append(b'1' * 2**20)\nexcept MemoryError:\n    x.clear()",
        "MB",
    ),
    "more than there is": ("x = b'1' * 2**40", "MemoryError"),
}
SMALL = {
    "nothing": "pass",
    "a third of the room": "x = b'1' * (170 * 2**20)",
    "what is mapped and never used": "import mmap\nx = mmap.mmap(-1, 600 * 2**20)",
    "a wait": "import time\ntime.sleep(0.5)",
    "a child": "import subprocess, sys\nsubprocess.run([sys.executable, '-c', '1'], check=True)",
}


def taken(code: str, seconds: float) -> str:
    """What the bounds say of a program, if anything."""
    program = (
        f"import json, sys\nfrom tests.hostile import child\nchild.SECONDS = {seconds}\nchild.listen()\n"
        "print(json.dumps(child.run(lambda: exec(sys.argv[1], {}))))"
    )
    command = [sys.executable, "-c", program, code]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(ROOT), capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        return f"ended the process ({done.returncode})"
    answer = json.loads(done.stdout)
    return str(answer["fault"]) or too_much(answer, seconds)


@pytest.mark.slow
@pytest.mark.parametrize(("code", "says"), LOOPS.values(), ids=LOOPS)
def test_too_long_is_seen(code: str, says: str) -> None:
    assert says in taken(code, SECONDS)


@pytest.mark.slow
@pytest.mark.parametrize(("code", "says"), LARGE.values(), ids=LARGE)
def test_too_large_is_seen(code: str, says: str) -> None:
    assert says in taken(code, ENOUGH)


@pytest.mark.parametrize("code", SMALL.values(), ids=SMALL)
def test_what_is_fair_is_let_be(code: str) -> None:
    assert not taken(code, ENOUGH)
