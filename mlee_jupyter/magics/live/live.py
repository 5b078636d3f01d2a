"""`%mlee_scoreboard --live`: scoreboards that follow their experiment while candidates run.

A look that the session takes anyway, after each record, is drawn: nothing is judged twice. Sent is at most one view a
second, and less often where a view is large or slow to make; what comes too early is sent a moment later. A kernel
without a live board pays nothing, and nothing here may raise into a user's cell.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from mlee_jupyter import report
from mlee_jupyter.domain.errors import MleeError

from . import script, view

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from mlee_jupyter.domain import Evidence, Finding
    from mlee_jupyter.session.session import Session

SECONDS_BETWEEN = 1.0
SHARE = 0.1  # of a loop's time that may go into drawing it
BYTES_A_SECOND = 250_000  # a quarter of what Jupyter's server lets through
MOST_VIEWS = 64  # of one board at a time
WIDGET_MIME = "application/vnd.jupyter.widget-view+json"

_following: Following | None = None


def load(shell: InteractiveShell, here: Session, name: str | None) -> tuple[dict[str, Any], str]:
    """A live board as a mimebundle, with the plain board in it for whoever shows no widgets; and a line to say first.

    Where there are no widgets the bundle is the plain one, and the line says what is missing.

    Raises:
        MleeError: no experiment, or none of that name.
    """
    evidence = here.evidence(name)
    findings = here.findings(evidence)
    plain = report.bundle(_board(here, evidence, findings))
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return plain, "--live needs a notebook; this is the board as it stands."
    if not getattr(kernel, "_allow_stdin", True):  # executed from a file: nobody is there to look
        return plain, ""
    try:
        import anywidget  # noqa: F401
    except Exception:  # not installed, or broken in any way
        return plain, "--live needs anywidget in this kernel's environment: pip install anywidget"
    if not script.is_built():
        return plain, "--live needs its script, which npm makes; this installation was built without it."
    from .widget import LiveWidget

    global _following
    if _following is None or _following.here is not here:
        unload()
        _following = Following(shell, here)
    board = LiveBoard(LiveWidget, _following, evidence, findings)
    _following.add(board)
    mark = {"version_major": 2, "version_minor": 0, "model_id": board.widget.model_id}
    return {WIDGET_MIME: mark, **plain}, ""


def unload() -> None:
    """End every live board; what they show stays."""
    global _following
    if _following is not None:
        with suppress(Exception):
            _following.close()
    _following = None


def _board(here: Session, evidence: Evidence, findings: Sequence[Finding]) -> dict[str, Any]:
    return report.board(evidence, findings, notices=(here.store.notice,) if here.store.notice else ())


class Following:
    """The live boards of one session, and when to look."""

    def __init__(self, shell: InteractiveShell, here: Session) -> None:
        self.here = here
        self._shell = shell
        self._boards: list[LiveBoard] = []
        self._loop = asyncio.get_running_loop()  # the kernel's own, in its main thread
        self._due: asyncio.TimerHandle | None = None
        self._on = False

    def add(self, board: LiveBoard) -> None:
        """Follow with one more board; those that nobody looks at any longer are let go."""
        for left in [one for one in self._boards if not one.is_watched]:
            self._boards.remove(left)
            left.close()
        self._boards.append(board)
        if len(self._boards) == 1 and not self.here.watching:
            self.here.watching.seen = self.here.uses  # it was made of the newest look
        self.turn()

    def turn(self) -> None:
        """Listen while there is a board that somebody looks at, and not otherwise; from any thread."""
        wanted = any(board.is_watched for board in self._boards)
        if wanted == self._on:
            return
        self._on = wanted
        if wanted:
            self.here.watching.add(self)
            self._shell.events.register("post_run_cell", self._after_cell)
            self._loop.call_soon_threadsafe(self._after_cell)
        else:
            self.here.watching.remove(self)
            with suppress(ValueError):
                self._shell.events.unregister("post_run_cell", self._after_cell)

    def close(self) -> None:
        """Take everything back that was registered, and end the boards."""
        if self._due is not None:
            self._due.cancel()
        for board in self._boards:
            board.is_watched = False
        self.turn()
        for board in self._boards:
            board.close()
        self._boards.clear()

    def wait(self) -> float:
        """Seconds until every board may show another view."""
        return max((board.wait() for board in self._boards if board.is_watched), default=0.0)

    def show(self, evidence: Evidence, findings: Sequence[Finding]) -> None:
        """Draw a look at the open experiment, perhaps in the middle of a cell, perhaps in a thread."""
        for board in self._boards:
            board.show(evidence, findings)

    def _after_cell(self, _result: object = None) -> None:
        """A cell ended: what it changed without a look is shown as soon as it may."""
        with suppress(Exception):
            if self._on and self._due is None and self.here.uses != self.here.watching.seen:
                self._due = self._loop.call_later(max(0.0, self.here.watching.wait()), self._catch_up)

    def _catch_up(self) -> None:
        self._due = None
        with suppress(Exception):
            if self._on and self.here.uses != self.here.watching.seen:
                self.here.show()


class LiveBoard:
    """One live board in the page.

    Args:
        make: the widget's class.
        following: whose board it is.
        evidence: its experiment as it stands.
        findings: every rule's answer.
    """

    def __init__(self, make: Any, following: Following, evidence: Evidence, findings: Sequence[Finding]) -> None:
        self.is_watched = True
        self._following = following
        self._experiment = evidence.experiment.id
        self._views: set[str] = set()
        self._lock = threading.Lock()
        self._next_at = 0.0  # when the next view may go out, by the monotonic clock
        self._shown: tuple[Evidence, Sequence[Finding]] = (evidence, findings)
        self._names: Mapping[str, str] = {}
        self.widget = make(view=self._drawn(evidence, findings))
        self.widget.me = self.widget.model_id
        self.widget.on_msg(self._received)

    def close(self) -> None:
        """No further view goes out; the page keeps the last one."""
        self.is_watched = False
        self.widget.close()

    def wait(self) -> float:
        """Seconds until another view may go out."""
        return self._next_at - time.monotonic()

    def show(self, evidence: Evidence, findings: Sequence[Finding]) -> None:
        """Send the newest view, where it is of this board's experiment."""
        if self.is_watched and evidence.experiment.id == self._experiment:
            with self._lock:
                self.widget.view = self._drawn(evidence, findings)

    def _drawn(self, evidence: Evidence, findings: Sequence[Finding]) -> str:
        began = time.monotonic()
        board = _board(self._following.here, evidence, findings)
        self._names = {view.key(name): name for name in view.candidates(board)}
        self._shown = (evidence, findings)
        text = view.as_text(view.view(board, self._why))
        took, size = time.monotonic() - began, len(text.encode("utf-8", "replace"))
        self._next_at = began + max(SECONDS_BETWEEN, took / SHARE, size / BYTES_A_SECOND)
        return text

    # -- from the page ----------------------------------------------------------------------------

    def _received(self, _: object, said: object, __: object) -> None:
        """What a view says: that it is there, that it is gone, or that it asks why. Never raises."""
        with suppress(Exception):
            if not isinstance(said, dict):
                return
            kind, viewer = said.get("kind"), str(said.get("view"))[:64]
            if kind == "why":
                name = self._names.get(str(said.get("key")))
                text = "This row is not on the newest board." if name is None else self._why(name)
                self.widget.send({"kind": "why", "view": viewer, "key": said.get("key"), "text": text})
            elif kind == "here" and len(self._views) < MOST_VIEWS:
                self._views.add(viewer)
                self.is_watched = True
            elif kind == "gone":
                self._views.discard(viewer)
                self.is_watched = bool(self._views)
            if kind in ("here", "gone"):
                self._following.turn()

    def _why(self, name: str) -> str:
        """The text of `--why` for one row of what is shown; it fits the board, whatever ran meanwhile."""
        evidence, findings = self._shown
        try:
            return str(report.explanation(evidence, name, findings))
        except MleeError as fault:
            return str(fault)
