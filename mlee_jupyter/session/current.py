"""This process's session: made when it is first needed, tied to the kernel's cells, and ended."""

from __future__ import annotations

import atexit
import os
import uuid
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from mlee_jupyter.domain import settings
from mlee_jupyter.domain.errors import MleeError, StoreError

from .cell_place import place_of
from .cell_timer import CellClock, Flusher
from .door_lines import news_lines
from .faults import faults_said
from .overview.watching import followers

if TYPE_CHECKING:
    from mlee_jupyter.domain import NotebookFacts

    from .session import Session

_session: Session | None = None
_flusher: Flusher | None = None
_owner: int | None = None  # pid: a forked worker makes its own


def session() -> Session:
    """The session of this process, made when it is first needed."""
    global _session, _owner
    if _session is None or _owner != os.getpid():
        _session, _owner = _make_session(), os.getpid()
        for follow in tuple(followers):
            _quietly(partial(follow, _session))
    return _session


def session_if_any() -> Session | None:
    """The session of this process; None where nothing of it was needed yet."""
    return _session if _owner == os.getpid() else None


def store_exists() -> bool:
    """Whether there is a store to look into; none is made for the question."""
    try:
        place = settings.read().store_location
    except StoreError:
        return False
    return "://" in place or os.path.exists(place)


def forget_session() -> None:
    """End this process's session; the next call makes a new one (another folder, another store)."""
    global _session, _flusher
    if _flusher is not None:
        _flusher.stop()
    if _session is not None:
        with suppress(MleeError):
            _session.flush()
        _unhook(_session.cells)
        _session.store.close()
    _session = _flusher = None


def _make_session() -> Session:
    from mlee_jupyter.store import open_store, store_in_memory

    from .session import Session

    global _flusher
    found = settings.read()
    shell = _shell()
    cells = CellClock(uuid.uuid4().hex, found.idle_limit.total_seconds())
    try:
        store = open_store(found.store_location, when_needed=True)
    except StoreError as fault:
        store = store_in_memory(fault)
    made = Session(
        store,
        found,
        names=shell.user_ns if shell is not None else None,
        cells=cells,
        notebook=notebook(shell),
        read_text=_text_of,
        read_run=_text_of_run,
    )
    if shell is not None:
        shell.events.register("pre_run_cell", cells.pre_run_cell)
        shell.events.register("post_run_cell", cells.post_run_cell)
        cells.on_limit = lambda: _say_news(made)
        cells.on_begin = made.loop.begin
        cells.on_end = lambda: _say_what_waited(made)
        cells.sent = lambda: _sent_at(shell)
        cells.place = lambda: place_of(shell)
        _flusher = Flusher(lambda: _quietly(made.flush))
        atexit.register(lambda: _quietly(made.flush))
    return made


def _text_of(path: str) -> NotebookFacts | None:
    """Reading notebooks is imported when one is read."""
    from .notebook_text import text_of

    return text_of(path)


def _text_of_run(code: str, features: str | None) -> NotebookFacts | None:
    """The same of a candidate's cell."""
    from .notebook_text import text_of_run

    return text_of_run(code, features)


def _unhook(cells: CellClock) -> None:
    shell = _shell()
    if shell is not None:
        for event, callback in (("pre_run_cell", cells.pre_run_cell), ("post_run_cell", cells.post_run_cell)):
            with suppress(ValueError):
                shell.events.unregister(event, callback)


def _shell() -> Any:
    """The running IPython, if there is one; IPython is not imported for the question."""
    import sys

    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _sent_at(shell: Any) -> float | None:
    """When the front end sent the running cell, in seconds since 1970 by its own clock; None outside of a kernel."""
    asked = getattr(shell, "get_parent", None)
    header: dict[str, Any] = asked().get("header", {}) if asked is not None else {}
    sent: Any = header.get("date")
    return float(sent.timestamp()) if hasattr(sent, "timestamp") else None


def notebook(shell: Any) -> str | None:
    """The notebook's path as the front end tells it: JupyterLab by environment, VS Code by a variable."""
    named = os.environ.get("JPY_SESSION_NAME")
    if named is None and shell is not None:
        named = shell.user_ns.get("__vsc_ipynb_file__")
    return named if isinstance(named, str) and named.endswith(".ipynb") else None


def _quietly(work: Any) -> None:
    """Run what must never disturb a kernel: a full disk costs ticks of the clock, nothing else."""
    with suppress(Exception):
        work()


def _say_what_waited(of: Session) -> None:
    """What a loop in the cell that ended has recorded and nobody was told."""
    if not of.loop.waiting and not of.unwritten:
        return
    from mlee_jupyter import report

    with faults_said():
        for line in of.unwritten.told():
            print(line)
        folded = report.folded_line(of.loop.told(of.loop.now()))
        for line in (*([folded] if folded else []), *news_lines(of)):
            print(line)


def _say_news(of: Session) -> None:
    with faults_said():
        for line in news_lines(of):
            print(line)


def check(name: str | None = None) -> tuple[Any, ...]:
    """Every rule's answer on the open experiment, or on another one in the store.

    Args:
        name: the experiment; None: the open one.

    Returns:
        A `Finding` for each rule, with its `outcome`, `message` and `remedy`.

    Raises:
        MleeError: no experiment is open, or none has that name.
    """
    here = session()
    return here.findings(here.evidence(name))


def known_candidates() -> Mapping[str, Any]:
    """The open experiment's candidates by name; empty when none is open."""
    if _session is None or _session.current is None:
        return {}
    return {c.name: c for c in _session.records().candidates}
