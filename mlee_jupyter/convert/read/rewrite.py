"""Text edits at exact spans: what is not touched keeps its comments and its formatting to the letter.

Every improvement is a rewrite of cells that keeps the number of statements, so that plans made before and after
speak of the same statement by the same index.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mlee_jupyter.convert.types import Facts, Statement

from .facts import facts_of
from .positions import Source
from .tokens import lines_inside_strings


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Characters start to end of a cell's Python become another text."""

    start: int
    end: int
    text: str


class Editor:
    """Collects edits of one notebook, statement by statement."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._sources: dict[int, Source] = {}
        self._edits: dict[int, list[Edit]] = {}
        self._needs: dict[int, set[str]] = {}

    def source(self, cell: int) -> Source:
        """The text of a cell with its positions."""
        if cell not in self._sources:
            self._sources[cell] = Source(self.facts.notebook.cell(cell).python)
        return self._sources[cell]

    def replace(self, statement: Statement, node: ast.AST, text: str) -> None:
        """Put a text in a node's place."""
        start, end = self.source(statement.cell).span(node)
        self.at(statement, start, end, text)

    def insert(self, statement: Statement, position: int, text: str) -> None:
        """Put a text before a character of the cell."""
        self.at(statement, position, position, text)

    def at(self, statement: Statement, start: int, end: int, text: str) -> None:
        """Put a text in the place of characters of the cell."""
        self._edits.setdefault(statement.cell, []).append(Edit(start, end, text))

    def need(self, statement: Statement, module: str) -> None:
        """A module that a new text calls by name."""
        self._needs.setdefault(statement.cell, set()).add(module)

    def __bool__(self) -> bool:
        return bool(self._edits)

    def done(self) -> Facts:
        """The facts of the rewritten notebook; statements keep their indexes."""
        if not self._edits:
            return self.facts
        cells = [
            replace(
                cell,
                python=applied(cell.python, self._edits[cell.number]),
                needs=tuple(sorted({*cell.needs, *self._needs.get(cell.number, ())})),
            )
            if cell.number in self._edits
            else cell
            for cell in self.facts.notebook.cells
        ]
        facts = facts_of(replace(self.facts.notebook, cells=tuple(cells)), self.facts)
        assert len(facts.statements) == len(self.facts.statements), "a rewrite keeps statements"
        return facts


def applied(text: str, edits: Iterable[Edit]) -> str:
    """A text after its edits; an edit inside another one is left out, the outer wins."""
    parts: list[str] = []
    position = 0
    for edit in sorted(set(edits), key=lambda e: (e.start, -e.end)):
        if edit.start < position:
            continue
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*parts, text[position:]])


def out_of_reach(node: ast.AST) -> set[int]:
    """The ids of nodes whose positions cannot be trusted: inside f-strings, before Python 3.12."""
    if sys.version_info >= (3, 12):
        return set()
    return {id(inner) for outer in ast.walk(node) if isinstance(outer, ast.JoinedStr) for inner in ast.walk(outer)}


def renamed(facts: Facts, names: Mapping[str, str], statements: Iterable[Statement]) -> Facts:
    """The facts with notebook-level names written differently everywhere in some statements."""
    editor = Editor(facts)
    for statement in statements:
        for mention in statement.mentions:
            if mention.name in names and isinstance(mention.node, ast.Name):
                editor.replace(statement, mention.node, names[mention.name])
    return editor.done()


def indented(text: str, by: str = "    ") -> str:
    """A block one level deeper; lines inside strings stay where they are, or their text would change."""
    inside = lines_inside_strings(text)
    return "\n".join(
        by + line if line.strip() and number not in inside else line
        for number, line in enumerate(text.split("\n"), start=1)
    )
