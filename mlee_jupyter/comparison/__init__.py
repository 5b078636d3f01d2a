"""The door that needs no experiment: `compare`, and the `Comparison` it returns."""

from __future__ import annotations

from .comparing import compare
from .result import Comparison

__all__ = ["Comparison", "compare"]
