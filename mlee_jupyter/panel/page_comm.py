"""The wire to the notebook page: a comm, whole snapshots one way, asks the other way.

An ordinary cell costs one comparison. Only where something of ours was used, and only while a page listens, a snapshot
is made: in the midst of a cell after each record, as the live board, or in the kernel's own loop when the cell is over;
at most once a second, and less often where making it takes long. Nothing here may raise into a user's cell.

JupyterLab may send comm messages to a subshell, a thread of its own; here everything is done in the main thread.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from mlee_jupyter.session.overview.watching import followers

from .code_fingerprints import Fingerprints, fingerprint
from .running import AtWork

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from mlee_jupyter.domain import Evidence, Finding, NotebookFacts
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
        self._making = threading.RLock()  # one snapshot at a time, the newest last
        self._watched: Session | None = None  # whose looks are passed on
        self._looked: tuple[Evidence, Sequence[Finding], int] | None = None  # a look of our own
        self._sent: dict[str, Any] = {}  # the last snapshot without its time
        self._sent_at = -MOST_SECONDS_BETWEEN
        self._spent = 0.0  # CPU seconds of the last one
        self._pause = SECONDS_BETWEEN
        self._due: asyncio.TimerHandle | None = None
        self._path: tuple[str, str | None] | None = None  # the notebook's path and the server's root, as the page says
        self._viewed: str | None = None  # the experiment a page showed last, where none is open in this kernel
        self._idle: timedelta | None = None
        self._text: NotebookFacts | None = None
        self._of_text: dict[str, Finding] = {}  # by rule: what only the notebook's text shows
        self._behind: object = None
        self._fingerprints = Fingerprints()
        self._running = AtWork(self._runs)
        try:
            self._loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None
        get_comm_manager().register_target(TARGET, self._opened)
        shell.events.register("post_run_cell", self._after_cell)
        # tells pages that are open already; a page that opens later finds it by its target's name
        self._beacon = create_comm(target_name=TARGET, data={"version": 1, "kind": "here"})
        self._beacon.on_msg(lambda message: self._received(self._beacon, message))
        self._beacon.on_close(lambda _: self._gone(self._beacon))
        if os.environ.get("JPY_SESSION_NAME"):
            # a notebook of a Jupyter server, so its page is open: what it says waits behind all cells that wait to be
            # run, and a long one of them should not begin unseen; a page without our extension closes the comm
            self._comms[self._beacon.comm_id] = self._beacon
        followers.append(self._follow)
        current = sys.modules.get("mlee_jupyter.session.current")
        if current is not None and (here := current.session_if_any()) is not None:
            self._follow(here)

    def close(self) -> None:
        """Take everything back that was registered."""
        from comm import get_comm_manager

        get_comm_manager().unregister_target(TARGET, self._opened)
        followers.remove(self._follow)
        self._running.follow(None)
        if self._watched is not None:
            self._watched.watching.remove(self)
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
        comm.on_close(lambda _: self._gone(comm))
        self._received(comm, message)

    def _gone(self, comm: Any) -> None:
        self._comms.pop(comm.comm_id, None)
        self._turn()

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
                self._turn()
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

    def _follow(self, here: Session) -> None:
        """A session was made: its looks are passed on from now on."""
        if self._watched is not None:
            self._watched.watching.remove(self)
        self._watched = here
        self._running.follow(here.cells)
        self._turn()

    def _turn(self) -> None:
        """Watch while there is a page, and not otherwise."""
        if self._watched is not None:
            self._watched.watching.remove(self)
            if self._comms:
                self._watched.watching.add(self)

    def wait(self) -> float:
        """Seconds until another snapshot may go out."""
        return self._sent_at + self._pause - time.monotonic()

    def show(self, evidence: Evidence, findings: Sequence[Finding]) -> None:
        """A look was taken at the open experiment, perhaps in the middle of a cell, perhaps in a thread."""
        here = self._watched
        if here is not None and self._comms:
            with self._making:
                self._send(lambda: self._made(here, evidence, findings, self._with_text(findings)))

    def _runs(self, value: dict[str, Any]) -> None:
        """A candidate has run for a moment."""
        for comm in list(self._comms.values()):
            with suppress(Exception):
                comm.send({"version": 1, "kind": "running", **value})

    def _after_cell(self, _result: object = None) -> None:
        """A cell ended; where something of ours was used in it, look after its reply is on the way."""
        here = self._watched
        if self._comms and here is not None and here.uses != here.watching.seen:
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
        here = self._watched
        if here is not None and here.uses != here.watching.seen:
            self._soon()

    def _soon(self) -> None:
        """Send a snapshot when the last one is old enough. What a page asked for came at once, and does not count."""
        if self._due is not None:
            return
        wait = self.wait() if self._watched is None else max(self.wait(), self._watched.watching.wait())
        if wait <= 0:
            self._push()
            return
        try:
            self._due = asyncio.get_running_loop().call_later(wait, self._push)
        except RuntimeError:
            self._push(hurry=True)

    def _push(self, asked: Any = None, *, hurry: bool = False) -> None:
        """Look, and send: to all pages where it says something new, else only to the one that asked."""
        self._due = None
        with self._making:
            early = asked is None and not hurry and self.wait() > 0  # another thread sent one, while this one waited
            if not early:
                self._send(self._snapshot, asked)
            looked, self._looked = self._looked, None
        if early:
            self._soon()
        if looked is not None and self._watched is not None:
            self._watched.watching.tell(*looked, shown_by=self)  # the live boards show the same

    def _send(self, make: Callable[[], dict[str, Any]], asked: Any = None) -> None:
        began = time.thread_time()
        try:
            value = make()
        except Exception as fault:
            value = {"version": 1, "kind": "fault", "text": f"{type(fault).__name__}: {fault}"[:400]}
        before, self._spent = self._spent, time.thread_time() - began
        usual = min(before, self._spent)  # the first one imports, and judges what no cell has judged yet
        self._pause = min(MOST_SECONDS_BETWEEN, max(SECONDS_BETWEEN, usual / MOST_SHARE))
        content = {**value, "now": None, "running": None}
        pages = [asked] if asked is not None else []
        if content != self._sent:
            if _ageless(content) == _ageless(self._sent):
                self._looked = None
            pages = list(self._comms.values())
            self._sent = content
            if asked is None:
                self._sent_at = time.monotonic()
        for comm in pages:
            with suppress(Exception):
                comm.send(value)

    def _snapshot(self) -> dict[str, Any]:
        from mlee_jupyter.session import current

        from .snapshot import empty

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
                self._of_text = _only_in(listed, findings)
                if name == here.current:
                    self._looked = (evidence, findings, here.uses)
                here.watching.seen = here.uses
                return self._made(here, evidence, findings, listed)
            here.watching.seen = here.uses
        return empty(datetime.now(UTC), self._notebook_findings(), notebook=notebook)

    def _made(
        self, here: Session, evidence: Evidence, findings: Sequence[Finding], listed: Sequence[Finding]
    ) -> dict[str, Any]:
        """The snapshot of a look, as old as it may be."""
        from .snapshot import snapshot

        name = evidence.experiment.name
        is_open = name == here.current
        value = snapshot(
            evidence,
            findings,
            is_open=is_open,
            idle_limit=here.settings.idle_limit,
            notebook=self._notebook(),
            codes=self._fingerprints.of(here.store, name),
            cells={
                candidate: (place.id, fingerprint(place.code))
                for (experiment, candidate), place in tuple(here.places.items())
                if experiment == evidence.experiment.id
            },
            listed=listed,
            notices=(here.store.notice,) if here.store.notice else (),
        )
        value["running"] = self._running.value() if is_open else None
        if is_open and value["status"]["state"] == "open" and here.cells.is_in_cell:
            value["status"]["used_seconds"] += max(0.0, (here.now() - evidence.now).total_seconds())
        return value

    def _with_text(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings, and what was last found in the notebook's text: it is not saved in the midst of a cell."""
        here = _only_in(findings, ())
        return tuple(one if one.rule in here else self._of_text.get(one.rule, one) for one in findings)

    def _known(self, here: Session) -> str | None:
        """The experiment that the page showed last, if the store has it."""
        if self._viewed is None or here.store.find_experiment(self._viewed) is None:
            return None
        return self._viewed

    def _notebook_findings(self) -> tuple[Any, ...]:
        from mlee_jupyter.domain import settings
        from mlee_jupyter.session.notebook_check import judge_notebook

        return () if self._text is None else judge_notebook(self._text, settings.read())


def _only_in(listed: Sequence[Finding], findings: Sequence[Finding]) -> dict[str, Finding]:
    """What was found in the one and not in the other, by rule."""
    from mlee_jupyter.domain import Outcome

    said = (Outcome.FINDING, Outcome.IGNORED)
    there = {one.rule for one in findings if one.outcome in said}
    return {one.rule: one for one in listed if one.outcome in said and one.rule not in there}


def _ageless(content: dict[str, Any]) -> Any:
    """The board without its clock."""
    board = content.get("board")
    return board and {**board, "time": None}
