"""What was handed over, waits to be written in one go, and is told when the cell ends."""

from __future__ import annotations

import atexit
from contextlib import suppress
from typing import Protocol


class Waiting(Protocol):
    """Somebody who hands over piece by piece."""

    def write(self) -> None:
        """Write what waits; nothing is printed, and nothing raises."""

    def told(self) -> list[str]:
        """Write what waits, and say in a few lines what was written since this was asked last."""


class Unwritten:
    """Those who have something that waits; each stays until it has told it."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._at_exit = False

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, one: Waiting) -> None:
        """It has something now. Without a cell's end, a script's end writes it."""
        if one not in self._waiting:
            self._waiting.append(one)
        if not self._at_exit:
            self._at_exit = True
            atexit.register(self._tell)

    def write(self) -> None:
        """Write all of it."""
        for one in tuple(self._waiting):
            one.write()

    def told(self) -> list[str]:
        """Write all of it, and what there is to say."""
        waiting, self._waiting = self._waiting, []
        return [line for one in waiting for line in one.told()]

    def _tell(self) -> None:
        with suppress(Exception):
            for line in self.told():
                print(line)
