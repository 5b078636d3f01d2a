"""What a run started and a stop leaves behind: child processes, and the pools that would replace them."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import psutil

TERMINATE_SECONDS = 0.5  # from asking a process to end until it is ended
ROUNDS = 6
ONCE_MORE_SECONDS = 0.05
POOL_SECONDS = 2.0  # a pool joins its own threads
_CLOCK = getattr(time, "CLOCK_BOOTTIME", None)
_TICK = 0.02  # processes' births are known to a hundredth of a second
_TRACKER, _FORK_SERVER = "resource_tracker", "multiprocessing.forkserver"  # Python's own servants; later cells use them


class Started:
    """The child processes that began since this was made, with those that they began."""

    def __init__(self) -> None:
        self._since = time.time() if _CLOCK is None else time.clock_gettime(_CLOCK)
        self._seen: set[psutil.Process] = set()

    def look(self) -> None:
        """Note the processes that run now: once their parent has ended, nothing shows whose they were."""
        since = self._since if _CLOCK is None else psutil.boot_time() + self._since
        for process in [*psutil.Process().children(recursive=True), *_orphans()]:
            with suppress(psutil.Error):
                if process.create_time() >= since - _TICK and not _is_servant(process):
                    self._seen.add(process)

    def end(self) -> None:
        """Ask those processes to end, and end those that do not; one may have started another meanwhile."""
        quiet = False
        for _ in range(ROUNDS):
            self.look()
            if processes := [p for p in tuple(self._seen) if _runs(p)]:
                quiet = False
                self._end(processes)
            elif quiet:
                return
            else:  # what one of them started as it ended is seen a moment later
                quiet = True
                time.sleep(ONCE_MORE_SECONDS)

    @staticmethod
    def _end(processes: list[psutil.Process]) -> None:
        _end_pools({process.pid for process in processes})
        for ask in (psutil.Process.terminate, psutil.Process.kill):
            for process in processes:
                with suppress(psutil.Error):
                    ask(process)
            until = time.monotonic() + TERMINATE_SECONDS
            while (processes := [p for p in processes if _runs(p)]) and time.monotonic() < until:
                time.sleep(0.01)
            if not processes:
                return


def _orphans() -> list[psutil.Process]:
    """Processes of our own group whose parent has ended."""
    if not hasattr(os, "getpgid"):
        return []
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.ppid() == 1 and process.pid != os.getpid() and os.getpgid(process.pid) == os.getpgid(0):
                found.append(process)
    return found


def _runs(process: psutil.Process) -> bool:
    """Whether it still does; nothing is waited for, because its exit status belongs to whoever started it."""
    with suppress(psutil.Error):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def _is_servant(process: psutil.Process) -> bool:
    """Whether it serves this process; a fork server's own children look like it, and do the user's work."""
    words = " ".join(process.cmdline())
    return _TRACKER in words or (_FORK_SERVER in words and process.ppid() == os.getpid())


def _end_pools(pids: set[int]) -> None:
    """Terminate multiprocessing's pools of such processes, which would start others in their place."""
    module = sys.modules.get("multiprocessing.pool")
    if module is None:
        return
    for thing in gc.get_objects():
        if issubclass(type(thing), module.Pool) and any(w.pid in pids for w in _workers(thing)):
            ending = threading.Thread(target=thing.terminate, daemon=True)
            ending.start()
            ending.join(POOL_SECONDS)


def _workers(pool: Any) -> list[Any]:
    return [worker for worker in getattr(pool, "_pool", ()) if hasattr(worker, "pid")]
