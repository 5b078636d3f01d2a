"""The patterns of all sentences, those that say most first."""

from __future__ import annotations

from .board import Pattern
from .of_board import OF_BOARD
from .of_findings import OF_FINDINGS
from .of_why import OF_WHY

PATTERNS: list[Pattern] = [*OF_FINDINGS, *OF_WHY, *OF_BOARD]
