"""A real kernel for the benchmarks: start it in a folder of its own, run cells, read what they print."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager


@dataclass
class Ran:
    """One cell: how it ended, what it printed, and how long the client waited."""

    status: str  # ok, error, or timeout
    error: str | None
    printed: str
    seconds: float
    traceback: str = ""


class Kernel:
    """A client of one kernel."""

    def __init__(self, manager: KernelManager, folder: Path) -> None:
        self.manager = manager
        self.folder = folder
        self.client: Any = manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    def kill(self) -> None:
        """End the kernel at once, as the kernel of an overloaded machine ends."""
        os.kill(self.manager.provisioner.pid, signal.SIGKILL)  # type: ignore[union-attr]
        while self.manager.is_alive():
            time.sleep(0.005)

    def run(self, code: str, timeout: float = 60, *, meanwhile: Callable[[], None] | None = None) -> Ran:
        """Run a cell and wait for its end; `meanwhile` is called every few milliseconds until then."""
        began = time.perf_counter()
        message = self.client.execute(code)
        printed: list[str] = []
        error: str | None = None
        traceback = ""
        while True:
            if meanwhile is not None:
                meanwhile()
            left = timeout - (time.perf_counter() - began)
            if left <= 0:
                return Ran("timeout", error, "".join(printed), time.perf_counter() - began)
            try:
                got = self.client.get_iopub_msg(timeout=left if meanwhile is None else min(left, 0.02))
            except Exception:  # queue.Empty: nothing came in time
                continue
            if got["parent_header"].get("msg_id") != message:
                continue
            content = got["content"]
            if got["msg_type"] == "stream":
                printed.append(content["text"])
            elif got["msg_type"] == "error":
                error, traceback = content["ename"], "\n".join(content["traceback"])
            elif got["msg_type"] == "status" and content["execution_state"] == "idle":
                seconds = time.perf_counter() - began
                return Ran("error" if error else "ok", error, "".join(printed), seconds, traceback)


@contextmanager
def kernel(variables: Mapping[str, str] | None = None) -> Iterator[Kernel]:
    """A kernel of this very Python, in a temporary project folder, with further environment variables."""
    with tempfile.TemporaryDirectory(prefix="mlee-bench-") as folder:
        Path(folder, "pyproject.toml").touch()
        manager = KernelManager(transport="ipc", ip=f"{folder}/k")
        manager.kernel_spec.argv[0] = sys.executable  # type: ignore[union-attr]
        root = str(Path(__file__).parent.parent)
        environment = {**os.environ, "IPYTHONDIR": f"{folder}/.ipython"}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        environment.pop("MLEE_STORE", None)
        environment.update(variables or {})
        manager.start_kernel(cwd=folder, env=environment)
        running = Kernel(manager, Path(folder))
        try:
            yield running
        finally:
            running.client.stop_channels()
            manager.shutdown_kernel(now=True)
