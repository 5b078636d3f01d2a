"""What a run of the proof prints, told apart by what runs; and how its failure is noted. In the child process."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import traceback
from collections.abc import Iterator
from typing import Any

MOST_TEXT = 5_000_000  # characters kept of what one run prints


class Printed(io.TextIOBase):
    """Takes what is printed, told apart by what runs at the moment."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.parts: dict[str, list[str]] = {}
        self.commands: dict[str, str] = {}  # what commands wrote to the process's own output, by what ran
        self._now, self._written = "start", _size_of_output()
        self.silent = False
        self.kept = 0
        self.buffer = _Bytes(self)

    @property
    def now(self) -> str:
        """What runs at the moment."""
        return self._now

    @now.setter
    def now(self, what: str) -> None:
        end = _size_of_output()
        if end > self._written:
            piece = os.pread(1, min(end - self._written, MOST_TEXT), self._written).decode("utf-8", "replace")
            self.commands[self._now] = self.commands.get(self._now, "") + piece
        self._now, self._written = what, end

    def write(self, text: str) -> int:
        """Keep a piece of text, within bounds."""
        if not self.silent and self.kept < MOST_TEXT:
            self.parts.setdefault(self.now, []).append(text)
            self.kept += len(text)
        return len(text)

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def text(self) -> dict[str, str]:
        """All that was printed, by what printed it, in order."""
        return {key: "".join(parts) for key, parts in self.parts.items()}


def _size_of_output() -> int:
    """How much commands have written; they have the process's own output, which is a file here."""
    state = os.fstat(1)
    return state.st_size if stat.S_ISREG(state.st_mode) else 0


class _Bytes(io.RawIOBase):
    def __init__(self, printed: Printed) -> None:
        self.printed = printed

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.printed.write(bytes(content).decode("utf-8", "replace"))
        return len(content)


def failure(result: dict[str, Any], fault: BaseException, cell: int | None) -> None:
    """Note which cell failed with which error."""
    said = str(fault).strip().splitlines()
    result["error"] = f"{type(fault).__name__}: {said[0][:300]}" if said else type(fault).__name__
    result["failed_cell"] = cell
    result["trace"] = "".join(traceback.format_exception(type(fault), fault, fault.__traceback__))[-6_000:]


@contextlib.contextmanager
def silenced(printed: Printed) -> Iterator[None]:
    """What is printed inside is not kept."""
    before, printed.silent = printed.silent, True
    try:
        yield
    finally:
        printed.silent = before
