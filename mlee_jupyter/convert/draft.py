"""A plan in the making: the facts as rewritten so far, what still flows, and what was taken out on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .types import Dropped, Facts, Lifted, Secret, Statement

STEPS = (
    "name results",
    "drop displays",
    "drop exploration",
    "slice",
    "lift",
    "mend functions",
    "split",
    "group values",
)  # improvements, in this order


@dataclass
class Draft:
    """Handed from step to step; each step takes statements out of `flow` or rewrites `facts`."""

    name: str
    facts: Facts
    original: Facts
    flow: list[int]  # indexes of the statements that go to the package, in order
    dropped: list[Dropped] = field(default_factory=list)
    results: tuple[str, ...] = ()  # what a run gives back, as far as it was settled when exploration went
    reasons: dict[int, str] = field(default_factory=dict)  # statement taken out -> why
    gone: set[int] = field(default_factory=set)  # statements taken out, whatever the reason
    lifted: list[Lifted] = field(default_factory=list)
    constants: dict[str, Lifted] = field(default_factory=dict)  # variable that now comes from the configuration
    secrets: list[Secret] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)  # secrets' values, for the proof; never written
    notes: list[str] = field(default_factory=list)
    thin: list[int] = field(default_factory=list)  # cells with displays that go on in the thin notebook
    data_root: Path | None = None  # where absolute paths pointed, for the proof; never written
    first: list[str] = field(default_factory=list)  # code of __init__.py
    named: dict[int, tuple[str, ...]] = field(default_factory=dict)  # statement -> names given to what it shows
    shown: set[str] = field(default_factory=set)  # results that a cell ended on by their names alone
    renames: dict[str, str] = field(default_factory=dict)  # the notebook's name -> the name in the package

    def statements(self) -> list[Statement]:
        """What still flows."""
        return [self.facts.statements[i] for i in self.flow]

    def take_out(self, statement: Statement, reason: str) -> None:
        """Remove a statement from the flow and remember why."""
        self.gone.add(statement.index)
        self.reasons[statement.index] = reason
        self.flow.remove(statement.index)
        self.dropped.append(
            Dropped(cell=statement.cell, reason=reason, code=_short(statement.code), line=statement.first_line)
        )


def _short(code: str) -> str:
    first = code.strip().split("\n", 1)[0]
    return first if len(first) <= 70 else first[:67] + "..."
