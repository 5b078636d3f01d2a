"""What a notebook hands over to be judged: its declared test rows, its candidates' cells, the variables they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mlee_jupyter.convert.types import Cell

_FEATURES = re.compile(r"--features[ =]+(\w+)")
_HANDED = re.compile(r"--(?:pred|scores)[ =]+(\w+)")
_MAGIC = re.compile(r"^\s*%{1,2}mlee_(?:experiment|candidate)\b.*$", re.MULTILINE)
_CALL = re.compile(r"\bfeatures\s*=\s*(\w+)")  # mlee.start(..., features=X_test)
_START = re.compile(r"\bstart\(")


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    """What mlee is told in a notebook's text."""

    features: frozenset[str] = frozenset()  # names of test rows
    endings: frozenset[int] = frozenset()  # cells whose last value is judged
    named: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # cell -> variables that are judged


def handed_over(cells: Iterable[Cell]) -> HandedOver:
    """Read from the cells as they stand; nothing is run."""
    features: set[str] = set()
    endings: set[int] = set()
    named: dict[int, tuple[str, ...]] = {}
    for cell in cells:
        if cell.kind != "code" or ("mlee" not in cell.source and "features" not in cell.source):
            continue
        lines = _MAGIC.findall(cell.source)
        features.update(name for line in lines for name in _FEATURES.findall(line))
        if _START.search(cell.source):
            features.update(_CALL.findall(cell.source))
        variables = tuple(name for line in lines for name in _HANDED.findall(line))
        if variables:
            named[cell.number] = variables
        elif cell.source.lstrip().startswith("%%mlee_candidate"):
            endings.add(cell.number)
    return HandedOver(features=frozenset(features), endings=frozenset(endings), named=named)
