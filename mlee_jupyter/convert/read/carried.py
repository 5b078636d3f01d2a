"""A cell's Python while its magics are carried over, and what is known of the notebook around it."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mlee_jupyter.convert.types import Magic

from .expansion import ShellLine


@dataclass(frozen=True, kw_only=True)
class CellReading:
    """What is known of the whole notebook while its magics are read."""

    folder: Path | None = None  # where %run looks for scripts
    words: frozenset[str] = frozenset()  # every word of its code
    shadowed: frozenset[str] = frozenset()  # names bound above: a variable named `ls` is no magic


@dataclass
class Carried:
    """A cell's Python after its magics were carried over; marks of `lines` stand in it until they are decided."""

    python: str
    magics: list[Magic] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    lines: list[ShellLine] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    candidate: str | None = None
    hard_limit: float | None = None
    forgets: list[int] = field(default_factory=list)  # lines of %xdel: every other name of the object goes as well
    reading: CellReading = CellReading()

    def later(
        self, text: str, build: Callable[[Callable[[str], str]], str], *, shell: bool = False, line: int = 1
    ) -> str:
        """Python that is decided when it is known what the line's `$x` and `{x}` mean; at once where it has none."""
        one = ShellLine(text=text, build=build, shell=shell, line=line)
        if not one.open and not (shell and "$" in text):
            return one.left()
        self.lines.append(one)
        return one.mark(len(self.lines) - 1)


def parses(source: str) -> bool:
    """Whether a text is Python 3 (top-level await counts: it is refused elsewhere, with its own words)."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


def words_of(text: str) -> list[str]:
    """The words of a line as a shell has them; as blanks have them where its quotes are not closed."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()
