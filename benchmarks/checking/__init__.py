"""Holds every number in the sentences of a board against arithmetic of its own; it shares no code with the engine."""

from __future__ import annotations

from .board import NUMBER, Board, Reading, planted

__all__ = ["NUMBER", "Board", "Reading", "planted"]
