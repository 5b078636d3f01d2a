"""A fold that was limited in another thread leaves nothing behind in the interpreter."""

from __future__ import annotations

import subprocess
import sys

import pytest

AFTERWARDS = """
import sys, threading, time
from mlee_jupyter.session.race.fold_run import _limited
from mlee_jupyter.domain.errors import TimeBoxExpired

ended = []
def fold(seconds):
    try:
        with _limited(seconds):
            until = time.monotonic() + WORK
            while time.monotonic() < until:
                pass
        ended.append("done")
    except TimeBoxExpired:
        ended.append("stopped")

for _ in range(5):
    thread = threading.Thread(target=fold, args=(LIMIT,))
    thread.start()
    thread.join()

def called():
    return 1

sys.setprofile(lambda *_: None)
called()
sys.setprofile(None)
print(*sorted(set(ended)))
"""


@pytest.mark.parametrize(("limit", "work", "said"), [(30, 0.01, "done"), (0.05, 20, "stopped"), (0.0105, 0.0105, None)])
def test_a_profiler_still_works(limit: float, work: float, said: str | None) -> None:
    code = AFTERWARDS.replace("LIMIT", str(limit)).replace("WORK", str(work))
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert said is None or done.stdout.split() == [said]
