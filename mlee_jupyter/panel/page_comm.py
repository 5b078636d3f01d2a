"""The wire to the notebook page: a comm, whole snapshots one way, asks the other way.

An ordinary cell costs one comparison. Only after a cell in which something of ours was used, and only while a page
listens, a snapshot is made: in the kernel's own loop when the cell is over, at most once a second, and less often where
making it takes long. Nothing here may raise into a user's cell.

JupyterLab may send comm messages to a subshell, a thread of its own; here everything is done in the main thread.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from .code_fingerprints import Fingerprints

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from mlee_jupyter.domain import NotebookFacts
    from mlee_jupyter.session.session import Session

TARGET = "mlee"
SECONDS_BETWEEN = 1.0
MOST_SECONDS_BETWEEN = 10.0
MOST_SHARE = 0.05  # of the kernel's time that snapshots may take

_link: PageLink | None = None


def load(shell: InteractiveShell) -> None:
    """Listen for pages."""
    global _link
    if _link is None:
        with suppress(Exception):
            _link = PageLink(shell)


def unload() -> None:
    """Listen no longer."""
    global _link
    if _link is not None:
        with suppress(Exception):
            _link.close()
    _link = None


class PageLink:
    """The pages that listen to this kernel."""

    def __init__(self, shell: InteractiveShell) -> None:
        from comm import create_comm, get_comm_manager

        self._shell = shell
        self._comms: dict[str, Any] = {}  # by id: pages that listen
        self._seen = 0  # uses of the session that the pages know of
        self._sent: dict[str, Any] = {}  # the last snapshot without its time
        self._sent_at = -MOST_SECONDS_BETWEEN
        self._spent = 0.0  # CPU seconds of the last one
        self._pause = SECONDS_BETWEEN
        self._due: asyncio.TimerHandle | None = None
        self._path: tuple[str, str | None] | None = None  # the notebook's path and the server's root, as the page says
        self._viewed: str | None = None  # the experiment a page showed last, where none is open in this kernel
        self._idle: timedelta | None = None
        self._text: NotebookFacts | None = None
        self._session: Callable[[], Session | None] | None = None  # known from its first use on
        self._behind: object = None
        self._fingerprints = Fingerprints()
        try:
            self._loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None
        get_comm_manager().register_target(TARGET, self._opened)
        shell.events.register("post_run_cell", self._after_cell)
        # tells pages that are open already; a page that opens later finds it by its target's name
        self._beacon = create_comm(target_name=TARGET, data={"version": 1, "kind": "here"})
        self._beacon.on_msg(lambda message: self._received(self._beacon, message))
        self._beacon.on_close(lambda _: self._comms.pop(self._beacon.comm_id, None))
        if os.environ.get("JPY_SESSION_NAME"):
            # a notebook of a Jupyter server, so its page is open: what it says waits behind all cells that wait to be
            # run, and a long one of them should not begin unseen; a page without our extension closes the comm
            self._comms[self._beacon.comm_id] = self._beacon

    def close(self) -> None:
        """Take everything back that was registered."""
        from comm import get_comm_manager

        get_comm_manager().unregister_target(TARGET, self._opened)
        with suppress(ValueError):
            self._shell.events.unregister("post_run_cell", self._after_cell)
        if self._due is not None:
            self._due.cancel()
        for comm in {self._beacon.comm_id: self._beacon, **self._comms}.values():
            comm.close()
        self._comms.clear()

    # -- from the page ----------------------------------------------------------------------------

    def _opened(self, comm: Any, message: dict[str, Any]) -> None:
        comm.on_msg(lambda later: self._received(comm, later))
        comm.on_close(lambda _: self._comms.pop(comm.comm_id, None))
        self._received(comm, message)

    def _received(self, comm: Any, message: dict[str, Any]) -> None:
        """Anything a page sends."""
        if self._loop is None or threading.current_thread() is threading.main_thread():
            self._handle(comm, message)
        else:
            self._loop.call_soon_threadsafe(self._handle, comm, message)

    def _handle(self, comm: Any, message: dict[str, Any]) -> None:
        """Do what a page says; what cannot be understood is left alone."""
        with suppress(Exception):
            said = message["content"]["data"]
            kind = said.get("kind")
            if kind == "hello":
                self._comms[comm.comm_id] = comm
                self._hello(said)
                self._push(comm)
            elif kind == "saved":
                self._read_notebook()
                self._soon()
            elif kind == "ask":
                self._answer(comm, said)

    def _hello(self, said: dict[str, Any]) -> None:
        path, root, idle = said.get("path"), said.get("root"), said.get("idle_minutes")
        if isinstance(path, str):
            self._path = (path, root if isinstance(root, str) else None)
        if isinstance(said.get("experiment"), str):
            self._viewed = said["experiment"]
        self._idle = timedelta(minutes=idle) if isinstance(idle, int | float) and 0 < idle < 1e5 else None
        self._read_notebook()

    def _read_notebook(self) -> None:
        """The notebook's text as it was saved, for the rules that look at it; what cannot be read is left out."""
        from mlee_jupyter.session.notebook_text import text_of

        file = self._notebook()
        self._text = None if file is None else text_of(file)

    def _notebook(self) -> str | None:
        from mlee_jupyter.session import current

        from .notebook_path import notebook_file

        here = current.session_if_any()
        known = here.notebook if here is not None else current.notebook(self._shell)
        return known if self._path is None else notebook_file(*self._path, known)

    def _answer(self, comm: Any, said: dict[str, Any]) -> None:
        from .requests import answer

        number = said.get("id")
        reply = answer(
            said, lambda doing: comm.send({"version": 1, "kind": "progress", "id": number, "text": str(doing)[:400]})
        )
        comm.send({"version": 1, "kind": "reply", "id": number, **reply})
        self._look()

    # -- to the pages -----------------------------------------------------------------------------

    def _after_cell(self, _result: object = None) -> None:
        """A cell ended; where something of ours was used in it, look after its reply is on the way."""
        if not self._comms:
            return
        if self._session is None:
            current = sys.modules.get("mlee_jupyter.session.current")
            if current is None:  # nothing of ours was used yet
                return
            self._session = current.session_if_any
        here = self._session()
        if here is not None and here.uses != self._seen:
            with suppress(Exception):
                asyncio.get_running_loop().call_soon(self._look)

    def _go_behind(self, clock: object) -> None:
        """Let the clock's hook go first: what it says at a limit belongs to this cell."""
        if clock is not self._behind:
            self._behind = clock
            self._shell.events.unregister("post_run_cell", self._after_cell)
            self._shell.events.register("post_run_cell", self._after_cell)

    def _look(self) -> None:
        """Send a snapshot if something of ours was used since the last one; wait where that one is too young."""
        from mlee_jupyter.session import current

        here = current.session_if_any()
        if here is not None and here.uses != self._seen:
            self._soon()

    def _soon(self) -> None:
        """Send a snapshot when the last one is old enough. What a page asked for came at once, and does not count."""
        if self._due is not None:
            return
        wait = self._sent_at + self._pause - time.monotonic()
        if wait <= 0:
            self._push()
            return
        try:
            self._due = asyncio.get_running_loop().call_later(wait, self._push)
        except RuntimeError:
            self._push()

    def _push(self, asked: Any = None) -> None:
        """Make a snapshot and send it: to all pages where it says something new, else only to the one that asked."""
        self._due = None
        began = time.thread_time()
        try:
            value = self._snapshot()
        except Exception as fault:
            value = {"version": 1, "kind": "fault", "text": f"{type(fault).__name__}: {fault}"[:400]}
        before, self._spent = self._spent, time.thread_time() - began
        usual = min(before, self._spent)  # the first one imports, and judges what no cell has judged yet
        self._pause = min(MOST_SECONDS_BETWEEN, max(SECONDS_BETWEEN, usual / MOST_SHARE))
        content = {**value, "now": None}
        pages = [asked] if asked is not None else []
        if content != self._sent:
            pages = list(self._comms.values())
            self._sent = content
            if asked is None:
                self._sent_at = time.monotonic()
        for comm in pages:
            with suppress(Exception):
                comm.send(value)

    def _snapshot(self) -> dict[str, Any]:
        from mlee_jupyter.session import current

        from .snapshot import empty, snapshot

        self._session = current.session_if_any
        here, notebook = current.session_if_any(), self._notebook()
        if here is None and self._viewed is not None and current.store_exists():
            here = current.session()
        if here is not None:
            self._go_behind(here.cells)
            if notebook is not None:
                here.notebook = notebook
            if self._idle is not None:
                here.suggest_idle_limit(self._idle)
            name = here.current or self._known(here)
            if name is not None:
                evidence = here.evidence(None if name == here.current else name)
                findings = listed = here.findings(evidence)
                if self._text is not None:
                    listed = here.findings(replace(evidence, notebook=self._text))
                self._seen = here.uses
                return snapshot(
                    evidence,
                    findings,
                    is_open=name == here.current,
                    idle_limit=here.settings.idle_limit,
                    notebook=notebook,
                    codes=self._fingerprints.of(here.store, name),
                    listed=listed,
                    notices=(here.store.notice,) if here.store.notice else (),
                )
            self._seen = here.uses
        return empty(datetime.now(UTC), self._notebook_findings(), notebook=notebook)

    def _known(self, here: Session) -> str | None:
        """The experiment that the page showed last, if the store has it."""
        if self._viewed is None or here.store.find_experiment(self._viewed) is None:
            return None
        return self._viewed

    def _notebook_findings(self) -> tuple[Any, ...]:
        from mlee_jupyter.domain import settings
        from mlee_jupyter.session.notebook_check import judge_notebook

        return () if self._text is None else judge_notebook(self._text, settings.read())
