"""Secrets in tables: the cells of a column called so, in CSV, Markdown, HTML and in what a frame prints.

A column counts only beside one of users: a table of passwords alone is data about passwords.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .secret_parts import USERS
from .secret_words import called, named

Cell = tuple[str, int]  # its text, and where that begins
Row = list[Cell]
SEPARATORS = (",", ";", "\t", "|")
MOST_CELLS = 200  # of one line; a longer one is no table that a person wrote
_LINE = re.compile(r"[^\r\n]+")
_TAG = re.compile(r"<(/?)t([rhd])\b[^<>]{0,200}>", re.IGNORECASE)
MOST_CELL = 400  # characters of a cell of a page
_USER = re.compile(rf"\b(?:{'|'.join(sorted(USERS))})\b", re.IGNORECASE)
_SPACED = re.compile(r"\S+")


def in_tables(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each cell stands that is a secret by its column, and why."""
    if (first := _USER.search(text)) is None:
        return
    if "<t" in text or "<T" in text:
        yield from _below_headers(list(_rows_of_a_page(text)))
    lines = [(match[0], match.start()) for match in _LINE.finditer(text, text.rfind("\n", 0, first.start()) + 1)]
    if len(lines) < 2:
        return
    for mark in SEPARATORS:
        if mark in text:
            yield from _below_headers([_split(line, start, mark) for line, start in lines])
    yield from _below_headers([_printed(line, start) for line, start in lines])


def _rows_of_a_page(text: str) -> Iterator[Row]:
    """Each <tr> with the plain text of its cells, in one pass."""
    row: Row = []
    start = 0  # of the cell that is open; 0: none is
    for tag in _TAG.finditer(text):
        closes, kind = bool(tag[1]), tag[2].lower()
        if kind == "r":
            if row:
                yield row
            row, start = [], 0
        elif not closes:
            start = tag.end()
        elif start:
            inner = text[start : tag.start()] if tag.start() - start <= MOST_CELL else ""
            plain = "" if "<" in inner else inner.strip()
            row.append((plain, start + inner.find(plain)))
            start = 0
    if row:
        yield row


def _split(line: str, start: int, mark: str) -> Row:
    if not 0 < line.count(mark) < MOST_CELLS:
        return []
    cells: Row = []
    for part in line.split(mark):
        plain = part.strip(" \t\"'`")
        cells.append((plain, start + part.find(plain)))
        start += len(part) + len(mark)
    return cells


def _printed(line: str, start: int) -> Row:
    return [(match[0], start + match.start()) for match in _SPACED.finditer(line[:2_000])]


def _below_headers(rows: Sequence[Row]) -> Iterator[tuple[int, int, str]]:
    """Under each row of names that has users and secrets: the cells of rows as wide, or wider by an index."""
    secret: dict[int, str] = {}  # places from the right, since an index stands at the left
    width = 0
    for row in rows:
        if names := _names(row):
            secret, width = names, len(row)
            continue
        if secret and len(row) not in (width, width + 1):
            secret = {}
        for place, name in secret.items():
            cell, start = row[-place]
            if why := named(cell, name):
                yield start, start + len(cell), why


def _names(row: Row) -> dict[int, str]:
    words = [cell for cell, _ in row]
    if not any(word.lower() in USERS for word in words):
        return {}
    return {len(words) - place: word for place, word in enumerate(words) if called(word)}
