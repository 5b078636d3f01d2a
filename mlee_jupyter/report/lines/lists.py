"""The experiments of a store, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mlee_jupyter.domain.text.names import columns, cut, label, pad
from mlee_jupyter.report.board.contents import time_text

_HEADS = ("experiment", "state", "time", "candidates", "results", "since", "chosen")
_RIGHT = {3, 4}


@dataclass(frozen=True, kw_only=True)
class ExperimentRow:
    """One experiment in a list; what is not known stays None."""

    name: str
    state: str  # open, paused, decided, closed
    used: timedelta | None = None
    box: timedelta | None = None
    candidates: int = 0
    results: int = 0
    opened_at: datetime | None = None
    chosen: str | None = None


def experiments_text(rows: Sequence[ExperimentRow], *, width: int = 100) -> str:
    """For `%mlee_experiment list`: one line an experiment."""
    if not rows:
        return "No experiment yet. Start one: %mlee_experiment start NAME --budget 6h"
    table = [_HEADS, *(_line(row) for row in rows)]
    sizes = [max(columns(line[i]) for line in table) for i in range(len(_HEADS))]
    return "\n".join(
        cut("  ".join(pad(cell, sizes[i], right=i in _RIGHT) for i, cell in enumerate(line)).rstrip(), width)
        for line in table
    )


def _line(row: ExperimentRow) -> tuple[str, ...]:
    return (
        cut(label(row.name), 32),
        row.state,
        "" if row.used is None else time_text(row.used, row.box),
        str(row.candidates),
        str(row.results),
        "" if row.opened_at is None else f"{row.opened_at.astimezone():%d %b %Y}",
        "" if row.chosen is None else cut(label(row.chosen), 24),
    )
