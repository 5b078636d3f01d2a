"""A real kernel, and a page that talks to it: what the JupyterLab extension does, without a browser."""

from __future__ import annotations

import os
import queue
import sys
import time
import uuid
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager

ROOT = str(Path(__file__).parents[2])


class Wire:
    """One kernel with one client; every comm message that comes by is kept."""

    def __init__(self, folder: Path, **variables: str) -> None:
        (folder / "pyproject.toml").touch()
        self.folder = folder
        self.manager = KernelManager(transport="ipc", ip=f"{folder}/k")
        self.manager.kernel_spec.argv[0] = sys.executable  # type: ignore[union-attr]
        environment = {**os.environ, "IPYTHONDIR": f"{folder}/.ipython"}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (ROOT, os.environ.get("PYTHONPATH"))))
        for name in ("MLEE_STORE", "JPY_SESSION_NAME"):
            environment.pop(name, None)
        environment.update(variables)
        self.manager.start_kernel(cwd=str(folder), env=environment)
        self.client: Any = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)
        self.comms: list[tuple[float, str, dict[str, Any]]] = []  # when, which comm, what

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code: str, cell: str | None = None) -> str:
        """Run a cell, of that id; gives back what it printed, or the name of its error."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": True}
        sent = self.client.session.msg("execute_request", content, metadata={"cellId": cell} if cell else {})
        self.client.shell_channel.send(sent)
        message = sent["header"]["msg_id"]
        printed: list[str] = []
        while True:
            got = self._next(60)
            assert got is not None, f"{code!r} did not end"
            mine = got["parent_header"].get("msg_id") == message
            if mine and got["msg_type"] == "stream":
                printed.append(got["content"]["text"])
            elif mine and got["msg_type"] == "error":
                printed.append(got["content"]["ename"])
            elif mine and got["msg_type"] == "status" and got["content"]["execution_state"] == "idle":
                return "".join(printed)

    def listen(self, seconds: float) -> None:
        """Take in what comes by for a while."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._next(left)

    def _next(self, seconds: float) -> dict[str, Any] | None:
        try:
            got: dict[str, Any] = self.client.get_iopub_msg(timeout=seconds)
        except queue.Empty:
            return None
        if got["msg_type"] in ("comm_msg", "comm_open"):
            self.comms.append((time.monotonic(), got["content"]["comm_id"], got["content"]["data"]))
        return got

    def send(self, kind: str, **content: Any) -> None:
        self.client.shell_channel.send(self.client.session.msg(kind, content))

    def page(self, **hello: Any) -> Page:
        return Page(self, hello)


class Page:
    """A page that said hello on a comm of its own."""

    def __init__(self, wire: Wire, hello: dict[str, Any]) -> None:
        self.wire = wire
        self.comm = uuid.uuid4().hex
        self._asked = 0
        data = {"version": 1, "kind": "hello", **hello}
        wire.send("comm_open", comm_id=self.comm, target_name="mlee", data=data)

    def got(self, kind: str) -> list[dict[str, Any]]:
        return [data for _, comm, data in self.wire.comms if comm == self.comm and data.get("kind") == kind]

    def wait(self, kind: str, number: int = 1, seconds: float = 30) -> dict[str, Any]:
        """The message of that kind with that number, counted from one."""
        until = time.monotonic() + seconds
        while len(self.got(kind)) < number:
            assert time.monotonic() < until, (kind, number, self.got("fault"))
            self.wire._next(0.2)
        return self.got(kind)[number - 1]

    def say(self, **data: Any) -> None:
        self.wire.send("comm_msg", comm_id=self.comm, data={"version": 1, **data})

    def ask(self, what: str, **data: Any) -> dict[str, Any]:
        """Ask, and wait for the reply."""
        self._asked += 1
        self.say(kind="ask", id=self._asked, ask=what, **data)
        return self.wait("reply", self._asked, seconds=120)
