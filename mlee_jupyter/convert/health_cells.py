"""A notebook read for its health: one cell that is no Python must not hide what is wrong in the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlee_jupyter.domain import CellIgnore, CellSeen
from mlee_jupyter.errors import MleeError

from . import cells as reader
from .facts import TooManyError, facts_of
from .types import Cell, Facts, Notebook

_IGNORE = re.compile(r"#\s*mlee:\s*ignore\[([^\]\n]*)\]\s*(.*)")
_EMPTY_LINE = re.compile(r"^[\s)\]}(\[{,:;]*$")
_LONGEST = 100_000  # a line longer than this is data, not code


@dataclass(frozen=True)
class Patient:
    """A notebook as far as it can be read."""

    facts: Facts
    unreadable: frozenset[int]  # numbers of cells that are no Python


def read_patient(path: Path | str) -> Patient:
    """The facts of a notebook; cells that are no Python are left out and named.

    Raises:
        MleeError: no such file, corrupt JSON, another language, Python 2.
    """
    path = Path(path)
    written = _written(path)
    unreadable: set[int] = set()
    raw_cells = list(reader._raw_cells(written, path))
    carried = reader._carried(raw_cells, path.parent, unreadable)
    found = [
        _as_text(raw, number) if number in unreadable else reader._cell(raw, number, carried.get(number))
        for number, raw in enumerate(raw_cells, start=1)
    ]
    attached = reader.attached_to(written, "the notebook's")
    notebook = Notebook(path=path, cells=tuple(found), format=_format(written), attached=attached)
    try:
        return Patient(facts_of(notebook), frozenset(unreadable))
    except TooManyError:
        raise
    except MleeError:  # a cell that nests deeper than can be followed: find it
        kept = []
        for cell in notebook.cells:
            try:
                facts_of(replace(notebook, cells=(cell,)))
                kept.append(cell)
            except MleeError:
                unreadable.add(cell.number)
                kept.append(replace(cell, python="", magics=()))
        return Patient(facts_of(replace(notebook, cells=tuple(kept))), frozenset(unreadable))


def _written(path: Path) -> Mapping[str, Any]:
    text = reader._text(path)
    written = reader._percent(path, text) if path.suffix in (".py", ".md") else reader._json(path, text)
    reader._check_language(path, written)
    return written


def _format(written: Mapping[str, Any]) -> int:
    form = written.get("nbformat", 4)
    return form if isinstance(form, int) else 4


def _as_text(raw: Mapping[str, Any], number: int) -> Cell:
    count = raw.get("execution_count", raw.get("prompt_number"))
    return Cell(
        number=number,
        kind="code",
        source=reader._joined(raw.get("source", raw.get("input", ""))),
        execution_count=count if isinstance(count, int) and not isinstance(count, bool) else None,
        attached=reader.attached_to(raw),
    )


def cells_seen(patient: Patient) -> Iterator[CellSeen]:
    """Each code cell that holds anything."""
    for cell in patient.facts.notebook.code:
        lines = [
            (number, line.rstrip())
            for number, line in enumerate((cell.python or "").split("\n"), start=1)
            if len(line) < _LONGEST and not line.lstrip().startswith("#") and not _EMPTY_LINE.match(line)
        ]
        yield CellSeen(
            number=cell.number,
            execution_count=cell.execution_count,
            lines=tuple(lines),
            length=len(cell.source.rstrip().split("\n")),
            readable=cell.number not in patient.unreadable,
            expects_error="raises-exception" in cell.tags,
        )


def ignores_in(notebook: Notebook) -> Iterator[CellIgnore]:
    """Every `# mlee: ignore[rule, rule] reason` of the code cells."""
    for cell in notebook.code:
        if "mlee:" not in cell.source:
            continue
        for number, line in enumerate(cell.source.split("\n"), start=1):
            if match := _IGNORE.search(line):
                for rule in filter(None, (r.strip() for r in match[1].split(","))):
                    yield CellIgnore(cell=cell.number, line=number, rule=rule, because=match[2].strip())
