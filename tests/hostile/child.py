"""Runs commands in folders that mean harm, in one process that may neither hang nor grow: prints what came of each.

`python -m tests.hostile.child FILE`: FILE holds a JSON list of {"folder": ..., "command": [...]}.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

ROOM = 500 * 2**20  # bytes that all of them may add
PATIENCE = 60  # seconds: a very generous watchdog for what takes a fraction of one


class HungError(BaseException):
    """The watchdog barked."""


def bark(*_: object) -> None:
    raise HungError


def run(folder: str, command: list[str]) -> dict[str, Any]:
    from mlee_jupyter.cli import main as cli

    os.chdir(folder)
    out, err = io.StringIO(), io.StringIO()
    begun, fault, code = time.monotonic(), "", None
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.main(command)
    except SystemExit as end:
        code = end.code
    except BaseException as end:
        fault = f"{type(end).__name__}: {str(end)[:300]}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    seconds = time.monotonic() - begun
    return {"code": code, "out": out.getvalue(), "err": err.getvalue(), "fault": fault, "seconds": seconds}


def main(file: str) -> None:
    from mlee_jupyter import report, store  # noqa: F401
    from mlee_jupyter.convert import package  # noqa: F401
    from mlee_jupyter.session import current

    current.shield_faults = False
    signal.signal(signal.SIGALRM, bark)
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + ROOM, mapped + ROOM))
    for order in json.loads(Path(file).read_text()):
        sys.stdout.write(json.dumps(run(order["folder"], order["command"])) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
