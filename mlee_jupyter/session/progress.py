"""What runs, and since when, on a terminal; a line for each step in a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

A_WHILE = 60.0  # seconds after which a step that still runs is said again


@contextmanager
def on_terminal() -> Iterator[Callable[[str], None]]:
    """Gives a function that is told in a few words what runs now; the line is gone at the end.

    Without a terminal, or without rich, each step is a line of its own.
    """
    try:
        if not sys.stderr.isatty():
            raise ImportError
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    except ImportError:
        said = as_lines(lambda line: print(line, file=sys.stderr))
        yield lambda doing: said(doing) if doing.startswith(("running", "proving")) else None
        return
    columns = SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda doing: shown.update(task, description=doing)


def as_lines(say: Callable[[str], object]) -> Callable[[str], None]:
    """A line for each step; how far it is ("running the original, cell 3 of 60") once a minute."""
    last, said = "", time.monotonic()

    def told(doing: str) -> None:
        nonlocal last, said
        step = doing.partition(", cell ")[0]
        if step != last or time.monotonic() - said >= A_WHILE:
            say(f"{doing if step == last else step} ...")
            last, said = step, time.monotonic()

    return told
