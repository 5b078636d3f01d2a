"""Where the nodes of a syntax tree stand in their text, in characters."""

from __future__ import annotations

import ast


class Source:
    """A cell's Python with positions in characters; ast counts in UTF-8 bytes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def offset(self, line: int, column: int) -> int:
        """Characters before a position given as ast gives it."""
        written = self.lines[line - 1]
        if not written.isascii():
            column = len(written.encode()[:column].decode(errors="ignore"))
        return self._starts[line - 1] + column

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node begins and ends; decorators belong to what they decorate."""
        line, column = node.lineno, node.col_offset  # type: ignore[attr-defined]
        decorators = getattr(node, "decorator_list", None)
        if decorators:
            line = decorators[0].lineno
            column = len(self.lines[line - 1]) - len(self.lines[line - 1].lstrip())
        return self.offset(line, column), self.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
