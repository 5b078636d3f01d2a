"""Ends a run at its limit or by hand, whatever its code does about it, with the kernel alive."""

from .limit import over_lines, stop_of
from .stop import Stop

__all__ = ["Stop", "over_lines", "stop_of"]
