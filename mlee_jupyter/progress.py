"""What runs, and since when, on a terminal; nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def on_terminal() -> Iterator[Callable[[str], None]]:
    """Gives a function that is told in a few words what runs now; the line is gone at the end.

    Without rich each of them is a line of its own.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    except ImportError:
        yield as_lines(lambda line: print(line, file=sys.stderr))
        return
    columns = SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda doing: shown.update(task, description=doing)


def as_lines(say: Callable[[str], object]) -> Callable[[str], None]:
    """A line for each step; how far it is ("running the original, cell 3 of 60") is left out."""
    last = ""

    def told(doing: str) -> None:
        nonlocal last
        step = doing.partition(", cell ")[0]
        if step != last:
            say(f"{step} ...")
            last = step

    return told
