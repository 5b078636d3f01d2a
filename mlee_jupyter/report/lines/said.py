"""Text for people that shows itself: a notebook prints it as it reads, without quotes."""

from __future__ import annotations


class Said(str):
    """A text; its `repr` is the text itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)
