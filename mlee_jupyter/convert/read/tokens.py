"""What the syntax tree of a statement leaves out: its comments, and where the lines within its strings begin."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

FAULTS = (tokenize.TokenError, IndentationError)


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    return tokenize.generate_tokens(io.StringIO(text).readline)


def comments_in(text: str) -> list[str]:
    """The comments of a statement's text, in order."""
    return [token.string for token in _tokens(text) if token.type == tokenize.COMMENT] if "#" in text else []


def without_comments(text: str) -> str:
    """The text of a call's arguments without their comments; as it is where it cannot be read."""
    lines = text.split("\n")
    try:
        for token in _tokens(f"({text}\n)"):
            if token.type == tokenize.COMMENT:
                row, column = token.start[0] - 1, token.start[1] - (1 if token.start[0] == 1 else 0)
                lines[row] = lines[row][:column]
    except FAULTS:
        return text
    return "\n".join(lines)


def lines_inside_strings(text: str) -> set[int]:
    """The lines that begin inside a string, counted from 1."""
    if not any(mark in text for mark in ('"""', "'''", "\\\n")):
        return set()
    found: set[int] = set()
    begun: list[int] = []  # lines on which an f-string begins that has not ended
    try:
        for token in _tokens(text):
            kind = tokenize.tok_name[token.type]
            if kind == "STRING":
                found |= set(range(token.start[0] + 1, token.end[0] + 1))
            elif kind == "FSTRING_START":
                begun.append(token.start[0])
            elif kind == "FSTRING_END" and begun:
                found |= set(range(begun.pop() + 1, token.end[0] + 1))
    except FAULTS:
        return _by_tree(text)
    return found


def _by_tree(text: str) -> set[int]:
    """At least these lines: parts of a string that stand on several lines without being inside count as well."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:
        return set()
    return {
        line
        for node in nodes
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }
