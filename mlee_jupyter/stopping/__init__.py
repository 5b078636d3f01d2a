"""Ends a run at its limit or by hand, whatever its code does about it, with the kernel alive."""

from .laid import lay_into, take_back
from .limit import over_lines, stop_of
from .stop import Stop
from .unbroken import unbroken

__all__ = ["Stop", "lay_into", "over_lines", "stop_of", "take_back", "unbroken"]
