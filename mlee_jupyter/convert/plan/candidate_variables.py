"""Which variables stand for a candidate, and what a candidate's cell gives back."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import replace

from mlee_jupyter.convert.read.facts import facts_of
from mlee_jupyter.convert.read.positions import Source
from mlee_jupyter.convert.types import Cell, Facts
from mlee_jupyter.domain.errors import MleeError

_TAG = "mlee:candidate:"


def with_results(facts: Facts, keep: str | None) -> Facts:
    """Facts in which the last value of each candidate's cell has a name: knn_predictions.

    A candidate's cell ends in an expression that the experiment recorded; a package needs a name for it.
    """
    if not any(c.candidate for c in facts.notebook.cells):
        return facts
    cells = tuple(_named(cell, facts) if cell.candidate else cell for cell in facts.notebook.cells)
    return facts_of(replace(facts.notebook, cells=cells), facts)


def _named(cell: Cell, facts: Facts) -> Cell:
    body = ast.parse(cell.python).body
    if not body or not isinstance(body[-1], ast.Expr) or isinstance(body[-1].value, ast.Name):
        return cell
    start, _ = Source(cell.python).span(body[-1])
    name = f"{identifier(cell.candidate or '')}_predictions"
    return replace(cell, python=f"{cell.python[:start]}{name} = {cell.python[start:]}")


def identifier(name: str) -> str:
    """A candidate's name as a Python name: "most frequent" gives most_frequent."""
    plain = re.sub(r"\W+", "_", name).strip("_").lower()
    return f"candidate_{plain}" if not plain or plain[0].isdigit() else plain


def wanted(facts: Facts, keep: str | None, keep_variables: tuple[str, ...] | None) -> tuple[str, ...]:
    """The variables that are to be kept; empty: everything.

    Raises:
        MleeError: no cell and no variable goes by the candidate's name.
    """
    found = list(keep_variables or ())
    if keep is None:
        return tuple(dict.fromkeys(found))
    cells = [c for c in facts.notebook.cells if c.candidate == keep]
    for cell in cells[-1:]:
        statements = facts.of_cell(cell.number)
        if statements:
            last = statements[-1]
            node = last.node
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Name):
                found.append(node.value.id)
            else:
                found += sorted(last.binds)
    if not cells:
        tagged = [c for c in facts.notebook.code if f"{_TAG}{keep}" in c.tags]
        found += [n for c in tagged for s in facts.of_cell(c.number) for n in sorted(s.defines) if not s.imports]
        plain = identifier(keep)
        if not tagged:
            found += [
                n for n in facts.bound if n.lower() == plain or re.search(rf"(^|_){re.escape(plain)}(_|$)", n.lower())
            ]
    if not found:
        names = sorted({c.candidate for c in facts.notebook.cells if c.candidate})
        known = f"Candidates: {', '.join(names)}." if names else "Name variables with --keep-variables."
        raise MleeError(f"No candidate {keep!r} in {facts.notebook.path.name}.", known)
    return tuple(dict.fromkeys(found))


def others(facts: Facts, keep: str | None, needed: Collection[int]) -> tuple[int, ...]:
    """Cells of other candidates of which nothing is kept: training them again proves nothing.

    Args:
        facts: the whole notebook.
        keep: the candidate that is kept.
        needed: numbers of the cells of which something is kept or shown.
    """
    found = []
    for cell in facts.notebook.code:
        names = [t.removeprefix(_TAG) for t in cell.tags if t.startswith(_TAG)] + [cell.candidate or ""]
        if cell.number not in needed and any(names) and keep not in names:
            found.append(cell.number)
    return tuple(found)
